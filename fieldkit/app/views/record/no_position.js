/** "No position, because …": a legal state, with the usual reasons at hand. */
import { say } from "../../words.js";
import { choice, textField } from "../controls.js";
import { fill, h } from "../dom.js";

const REASONS = ["indoors", "denied", "device", "later", "online"];

/** Return the choice of a reason; `onsay(text)` is called with the words that are recorded. */
export function noPosition(reason, onsay) {
  const usual = REASONS.map((name) => say(`position.reason-${name}`));
  const other = h("div");
  const text = (value) => textField({ label: say("position.reason-label"), value, field: "site.no_fix_reason", maxlength: 400, onchange: onsay });
  fill(other, text(usual.includes(reason) ? "" : reason));
  const options = usual.map((words) => ({ value: words, label: words }));
  const tiles = choice({
    legend: say("position.none-because"),
    options,
    value: reason,
    field: "site.no_fix_reason",
    layout: "wide",
    onchange: (words) => {
      onsay(words);
      fill(other, text(""));
    },
  });
  return [tiles, other];
}
