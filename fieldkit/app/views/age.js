/** How long ago something was, in words. */
import "../words/shell.js";
import { say } from "../words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Return the age of an instant in the largest whole unit; an instant ahead is "just now".
 *
 * @param {string} instant RFC 3339
 * @param {number} nowMs
 */
export function ageWords(instant, nowMs) {
  const ms = nowMs - Date.parse(instant);
  if (!(ms >= MINUTE_MS)) return say("age.now");
  if (ms < HOUR_MS) return say("age.minutes", { count: Math.floor(ms / MINUTE_MS) });
  if (ms < DAY_MS) return say("age.hours", { count: Math.floor(ms / HOUR_MS) });
  return say("age.days", { count: Math.floor(ms / DAY_MS) });
}
