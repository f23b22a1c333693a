/** Why a position was placed by hand: it is recorded with it, for nobody measured it. */
import { say } from "../../words.js";
import { choice, textField } from "../controls.js";
import { fill, h } from "../dom.js";

const REASONS = ["indoors", "device", "drift", "later"];

/** Return the choice of a reason; `onsay(text)` is called with the words that are recorded. */
export function pinReason(reason, onsay) {
  const usual = REASONS.map((name) => say(`position.reason-${name}`));
  const other = h("div");
  const text = (value) => textField({ label: say("position.reason-label"), value, field: "site.fix.basis", maxlength: 400, onchange: (typed) => onsay(typed.trim()) });
  fill(other, text(usual.includes(reason) ? "" : reason));
  const tiles = choice({
    legend: say("position.pin-reason"),
    options: usual.map((words) => ({ value: words, label: words })),
    value: reason,
    field: "site.fix.basis",
    layout: "wide",
    onchange: (words) => {
      onsay(words);
      fill(other, text(""));
    },
  });
  return [tiles, other];
}
