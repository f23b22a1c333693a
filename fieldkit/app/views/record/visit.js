/** "Visited, nothing found": the position comes, and one tap seals it. */
import { show as showForm } from "./form.js";

/** Show the form of a visit on which nothing was found (NV-000). */
export function show(context) {
  return showForm(context, { isVisit: true });
}
