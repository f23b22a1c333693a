/** Withdrawing a record: a reason, and a second tap. */
import "../../words/queue.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h, newId } from "../dom.js";

const MOST_CHARS = 1000;

/** Return the form; `cancel` closes it, a withdrawal goes to the queue. */
export function withdrawal(context, record, cancel) {
  const id = newId("reason");
  const reason = h("textarea", { id, rows: "3", maxlength: String(MOST_CHARS), required: true });
  const fault = h("p", { class: "note bad", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await context.outbox.withdraw(record.id, reason.value.trim());
      context.announce(say("record.withdrawn"));
      context.refresh();
      context.navigate("queue");
    } catch (error) {
      fill(fault, sayEither(asProblem(error)));
    }
  };
  return h("form", { class: "card", onsubmit: submit }, h("p", {}, say("record.withdraw-about")),
    h("label", { for: id }, say("record.withdraw-reason")), reason, fault,
    h("button", { type: "submit", class: "button danger" }, say("record.withdraw")), button(say("record.cancel"), cancel));
}
