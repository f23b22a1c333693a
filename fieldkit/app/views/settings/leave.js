/** Signing out: refused while anything would be lost, and only on a second tap. */
import "../../words/settings.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h } from "../dom.js";

/** Return the card with the way out of enrolment. */
export function leaveCard(context) {
  const told = h("div", { class: "action-result" });
  const ask = () => fill(told, button(say("settings.leave-confirm"), leave, { kind: "danger" }), button(say("settings.cancel"), () => fill(told)));
  async function leave() {
    try {
      await context.outbox.signOut();
      await context.refresh();
      context.announce(say("settings.left"));
      context.navigate("");
    } catch (error) {
      fill(told, h("p", { class: "note bad", role: "alert" }, sayEither(asProblem(error))));
    }
  }
  return h("section", { class: "card" }, h("h2", {}, say("settings.leave")), h("p", { class: "soft small" }, say("settings.leave-about")),
    button(say("settings.leave"), ask, { kind: "danger" }), told);
}
