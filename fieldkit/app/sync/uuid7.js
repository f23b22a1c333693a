/** UUIDv7 (RFC 9562, section 5.7): a record's id, in the order of drawing. */

import { hex } from "./sha256.js";

/**
 * Return a new id, lower case.
 *
 * @param {Date} now whatever the device's clock shows
 * @param {Uint8Array} [randomBytes] at least 10 fresh random bytes
 */
export function uuid7(now, randomBytes = crypto.getRandomValues(new Uint8Array(10))) {
  const random = hex(randomBytes);
  const time = Math.max(0, now.getTime()).toString(16).padStart(12, "0").slice(-12);
  const variant = "89ab"[randomBytes[2] & 3];
  const low = random.slice(8, 20);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(5, 8)}-${low}`;
}
