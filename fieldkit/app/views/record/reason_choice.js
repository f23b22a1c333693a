/** Why a position is missing or was placed by hand: the usual reasons, or one's own words. */
import { say } from "../../words.js";
import { choice, textField } from "../controls.js";
import { fill, h } from "../dom.js";

const NO_POSITION = ["indoors", "denied", "device", "later", "online"];
const PIN = ["indoors", "device", "drift", "later"];

/** "No position, because …": a legal state. `onsay(text)` gets the words that are recorded. */
export function noPosition(reason, onsay) {
  return reasonChoice({ reason, onsay, names: NO_POSITION, legend: say("position.none-because"), field: "site.no_fix_reason" });
}

/** Why it was placed by hand: recorded with the position, for nobody measured it. */
export function pinReason(reason, onsay) {
  return reasonChoice({ reason, onsay, names: PIN, legend: say("position.pin-reason"), field: "site.fix.basis" });
}

function reasonChoice({ reason, onsay, names, legend, field }) {
  const usual = names.map((name) => say(`position.reason-${name}`));
  const other = h("div");
  const typed = (text) => onsay(text.trim());
  const own = (value) => textField({ label: say("position.reason-label"), value, field, maxlength: 400, onchange: typed });
  fill(other, own(usual.includes(reason) ? "" : reason));
  const onchange = (words) => {
    onsay(words);
    fill(other, own(""));
  };
  const options = usual.map((words) => ({ value: words, label: words }));
  return [choice({ legend, options, value: reason, field, layout: "wide", onchange }), other];
}
