/** What becomes of each item of a push, said to the device item by item (sync/outcome.py). */

import { isObject } from "./canonical_json.js";

export const OUTCOMES = Object.freeze([
  "stored",
  "replayed",
  "parked",
  "quarantined",
  "conflict",
  "fork",
  "refused",
  "retry",
]);
const STANDINGS = ["stored", "parked", "quarantined", "conflict", "fork"];

/**
 * The outcome of one item, in the order of the request.
 *
 * @typedef {object} ItemOutcome
 * @property {string | null} id null only where the item could not be read at all
 * @property {string | null} hash
 * @property {string} outcome one of OUTCOMES
 * @property {string | null} code
 * @property {string | null} field
 * @property {{zh: string, en: string} | null} reason
 * @property {number | null} position
 * @property {string | null} received_at
 * @property {string | null} receipt_id
 * @property {string | null} standing how the record stands now
 */

/** Tell whether the server holds the record for ever after this answer. */
export function keepsBytes(outcome) {
  return outcome !== "refused" && outcome !== "retry";
}

/**
 * Return the outcome of an item of a reply, unknown members left out; null if it is none.
 *
 * @param {unknown} item
 * @returns {ItemOutcome | null}
 */
export function readItem(item) {
  if (!isObject(item) || !("id" in item) || !("hash" in item)) return null;
  const { id, hash, outcome, standing = null } = item;
  const isKnown = OUTCOMES.includes(outcome) && (standing === null || STANDINGS.includes(standing));
  const reason = readReason(item.reason);
  if (!isKnown || reason === undefined) return null;
  const { code = null, field = null, position = null, received_at = null, receipt_id = null } = item;
  return { id, hash, outcome, code, field, reason, position, received_at, receipt_id, standing };
}

/** Return {zh, en}, null where there is no reason, undefined where it is unreadable. */
export function readReason(reason) {
  if (reason === null || reason === undefined) return null;
  const { zh, en } = reason;
  return typeof zh === "string" && typeof en === "string" ? { zh, en } : undefined;
}
