/** Finalising: the amendment form with the list of what the law still demands. */
import { show as showForm } from "./form.js";

/** Show the form that finalises record `id`. */
export function show(context, { id }) {
  return showForm(context, { id, kind: "finalise" });
}
