/** A draft of an amendment whose record was withdrawn: it says so, and can be deleted. */
import { say, sayEither } from "../../words.js";
import { h } from "../dom.js";
import { discarding } from "./discarding.js";

/** Return the screen that stands in the place of the form. */
export function strandedDraft(context, number, problem) {
  const keeper = { number, flush: async () => {}, end: () => {} };
  const element = h("section", { class: "card failed" }, h("h1", {}, say("shell.failed")), h("p", {}, sayEither(problem)), discarding({ context, keeper }));
  return { element, title: say("shell.failed") };
}
