/** The state of a record: one word, one symbol, one tone, so that colour never stands alone. */
import "../words/queue.js";
import "../words/states.js";
import { say } from "../words.js";
import { h } from "./dom.js";

/** States that need somebody to do something. */
export const TROUBLES = ["refused", "quarantined", "conflict", "fork", "parked"];

const SYMBOLS = {
  draft: "✎",
  sealed: "●",
  sending: "↑",
  delivered: "✓",
  refused: "✕",
  parked: "…",
  quarantined: "!",
  conflict: "≠",
  fork: "⑂",
};
const TONES = { draft: "plain", sealed: "wait", sending: "wait", delivered: "good" };

/**
 * Return the one state that a person should know: the newest word of the server where
 * it is trouble, else where the record is.
 *
 * @param {{state: string, status: string | null}} row of `list()` or `show()`
 * @param {boolean} [isSyncing]
 */
export function shownState({ state, status }, isSyncing = false) {
  if (state === "sealed") return isSyncing ? "sending" : "sealed";
  return state === "delivered" && TROUBLES.includes(status) ? status : state;
}

/** Return the symbol of a state. */
export function symbolOf(name) {
  return SYMBOLS[name] ?? "?";
}

/** Return the tone of a state: "plain", "wait", "good" or "bad". */
export function toneOf(name) {
  return TONES[name] ?? "bad";
}

/** Return a state as symbol and words. */
export function stateBadge(name) {
  return h("span", { class: `badge ${toneOf(name)}`, dataset: { state: name } },
    h("span", { class: "symbol", "aria-hidden": "true" }, symbolOf(name)), h("span", {}, say(`state.${name}`)));
}

/** Return the badge of a record that waits and was handed over in a file, else null. */
export function exportedBadge({ is_exported: isExported }) {
  return isExported ? h("span", { class: "badge exported" }, say("queue.is-exported")) : null;
}

/** Return what to do about a state, null where there is nothing to do. */
export function remedy(name, { is_exported: isExported = false } = {}) {
  if (name === "sealed" && isExported) return say("do.sealed-exported");
  return name === "sealed" || TROUBLES.includes(name) ? say(`do.${name}`) : null;
}
