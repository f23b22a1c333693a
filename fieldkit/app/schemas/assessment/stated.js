/** Comparison of two administrative divisions by their codes (GB/T 2260). */
import { PROVINCES } from "../../geo/membership.js";

export const AGREES = "agrees";
export const DIFFERS = "differs";
export const UNKNOWN = "unknown";

const PROVINCE = 2;
const COUNTY = 6;

/**
 * Tell whether what was declared and what is evidenced are one place.
 *
 * AGREES if the evidenced division is the declared one or lies in it; UNKNOWN if it is
 * larger, if either is unknown, or if two counties of one province are not both among
 * the codes known to be in use (counties were renumbered: 360721 became 360704).
 *
 * @param {string | null} declared code of 2 to 12 digits
 * @param {string | null} evidenced
 * @param {string[]} current county codes in use
 */
export function compareDivisions(declared, evidenced, current) {
  if (declared === null || evidenced === null) return UNKNOWN;
  const stated = significant(declared);
  const found = significant(evidenced);
  if (found.startsWith(stated)) return AGREES;
  if (stated.startsWith(found)) return UNKNOWN;
  const provinces = [stated, found].map((code) => code.slice(0, PROVINCE));
  if (!provinces.every((code) => PROVINCES.includes(code))) return UNKNOWN;
  if (provinces[0] !== provinces[1]) return DIFFERS;
  const counties = [stated.slice(0, COUNTY), found.slice(0, COUNTY)];
  const areKnown = counties.every((code) => current.some((county) => county.startsWith(code)));
  return areKnown ? DIFFERS : UNKNOWN;
}

function significant(code) {
  const length = [2, 4, 6, 9].find((digits) => /^0*$/.test(code.slice(digits)));
  return length === undefined ? code : code.slice(0, length);
}
