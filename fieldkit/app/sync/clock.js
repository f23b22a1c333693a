/** Instants on the wire, the day of an act, and how far a clock is off (sync/clock.py). */

import { protocolProblem } from "./problems.js";

/** A fixed offset: Asia/Shanghai has had no summer time since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;
/** An offset beyond five minutes is shown to the inspector; nothing is refused. */
export const DRIFT_FLAGGED_MS = 5 * 60 * 1000;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Return an instant as UTC, RFC 3339, milliseconds, "Z". @param {Date} instant */
export function instantText(instant) {
  return instant.toISOString();
}

/**
 * Return the instant of RFC 3339 text, to the millisecond (rounded down); throws
 * "malformed-document" if it is none or has no offset.
 *
 * @param {string} text
 * @returns {Date}
 */
export function instant(text) {
  const found = typeof text === "string" && INSTANT.test(text) ? new Date(plain(text)) : null;
  if (found === null || Number.isNaN(found.getTime())) {
    throw protocolProblem("malformed-document", `not an instant: ${text}`);
  }
  return found;
}

/**
 * Return when the act was seen: by GNSS if it spoke, else by the device.
 *
 * The site's fix counts if its source is gnss and it says fixed_at; otherwise
 * observed_at less the offset that the device measured (positive where its clock is
 * ahead). Throws "malformed-document" where the payload was not accepted by the schema.
 *
 * @param {{body: object, clock?: {offset_ms: number | null}}} payload
 * @returns {Date}
 */
export function actedAt({ body, clock }) {
  const fix = body.site?.fix;
  if (fix?.source === "gnss" && fix.fixed_at && !fix.is_mock) return instant(fix.fixed_at);
  const observed = instant(body.observed_at);
  const corrected = new Date(observed.getTime() - (body.observed_offset_ms ?? clock?.offset_ms ?? 0));
  return Number.isNaN(corrected.getTime()) ? observed : corrected;
}

/** Return the day of the act in Asia/Shanghai, "2023-12-03": law, area and period follow it. */
export function actedOn(payload) {
  return shanghaiText(actedAt(payload)).slice(0, 10);
}

/** Return the same, the day of `now` where what was said tells none: the schema says why in words. */
export function actedOnOrToday(payload, now) {
  try {
    return actedOn(payload);
  } catch (problem) {
    if (problem.code !== "malformed-document") throw problem;
    return shanghaiText(now).slice(0, 10);
  }
}

/** Return an instant as Shanghai tells it, to the second: "2023-12-03T16:00:00+08:00". */
export function shanghaiText(at) {
  const shifted = new Date(at.getTime() + SHANGHAI_OFFSET_MS);
  return `${shifted.toISOString().slice(0, 19)}+08:00`;
}

/** Return how far the device's clock is ahead of a reference, in whole milliseconds. */
export function offsetMs(deviceAt, referenceAt) {
  return Math.round(deviceAt.getTime() - referenceAt.getTime());
}

/** Tell whether an offset is large enough to be shown. */
export function isDriftFlagged(clockOffsetMs) {
  return clockOffsetMs !== null && Math.abs(clockOffsetMs) > DRIFT_FLAGGED_MS;
}

/** Every browser reads "T", a point, three digits and a colon in the offset. */
function plain(text) {
  return text
    .replace(" ", "T")
    .replace(/[.,](\d+)/, (_, digits) => `.${digits.padEnd(3, "0").slice(0, 3)}`)
    .replace(/([+-]\d{2}):?(\d{2})$/, "$1:$2");
}
