/** Deleting a draft, asked twice on the spot. */
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { button, fill, h } from "../dom.js";

/** Return the button that asks, then deletes the draft and goes home. */
export function discarding(form) {
  const element = h("div", { class: "discarding" });
  const offer = () => fill(element, button(say("form.discard"), ask, { kind: "danger", icon: "remove" }));
  const ask = () => {
    fill(element, h("p", {}, say("form.discard-sure")), h("div", { class: "actions" }, button(say("form.discard-yes"), discard, { kind: "danger" }), button(say("form.discard-no"), offer)));
    element.querySelector("button").focus();
  };
  const discard = async () => {
    const { keeper, context } = form;
    try {
      await keeper.flush();
      keeper.end();
      if (keeper.number !== null) await context.outbox.removeDraft(keeper.number);
      context.navigate("", { replace: true });
    } catch (error) {
      context.tell(asProblem(error));
    }
  };
  offer();
  return element;
}
