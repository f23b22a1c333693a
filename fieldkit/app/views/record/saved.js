/** After saving: the number, what the origin check says, and what next. */
import "../../words/record.js";
import { advise } from "../../capture/advice.js";
import { actedOn } from "../../sync/clock.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { h, icon } from "../dom.js";
import { adviceLines } from "./advice_part.js";

/** Show that record `id` is sealed and durable on this device. */
export async function show(context, { id }) {
  const [record, reference] = await Promise.all([context.outbox.show(id), context.reference()]);
  const number = record.record_no ?? record.id;
  const element = h("div", { class: "saved" },
    h("section", { class: "card seal" }, icon("check"), h("h1", {}, say("saved.title")),
      h("p", { class: "number figures" }, h("span", { class: "soft small" }, say("saved.number")), number),
      h("p", { class: "soft" }, say("saved.unsent"))),
    h("section", { class: "card advice" }, h("h2", {}, say("advice.title")), advice(record, reference)),
    h("div", { class: "next" },
      way("new", "saved.another", "primary big"), way("queue", "saved.queue", "big"),
      way(`record/${id}/amend`, "saved.amend"), way(`record/${id}/finalise`, "saved.finalise"), way(`record/${id}`, "saved.view")));
  return { element, title: say("saved.title"), said: `${say("saved.title")} ${number}` };
}

function advice({ body, clock }, reference) {
  try {
    return adviceLines(advise(body, actedOn({ body, clock }), reference));
  } catch (error) {
    return h("p", { class: "soft" }, say("advice.unavailable", { why: sayEither(asProblem(error)) }));
  }
}

function way(path, words, kind = "") {
  return h("a", { class: `button wide ${kind}`, href: `/field/${path}` }, say(words));
}
