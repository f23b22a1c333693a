/** What a person knows a record by: for lists and searches (fieldkit/telling/rows.py). */

import { isObject, readObject } from "../sync/canonical_json.js";
import { parse } from "../sync/jws.js";

/**
 * @typedef {{title: string | null, premises_name: string | null, codes: string[],
 *   synthetic: boolean, fix: object | null}} Summary `fix`: lon_deg, lat_deg, datum, radius95_m
 */

/** Return the summary of a sealed record's body. @param {string} compact @returns {Summary} */
export function summaryOfSealed(compact) {
  const payload = readObject(parse(compact).payload);
  return summaryOf(payload ? payload.body : null);
}

/** Return the summary of a body, or of a form's answers that are like one. @returns {Summary} */
export function summaryOf(body) {
  const { site, violations, reason, synthetic } = isObject(body) ? body : {};
  const { name, address, fix } = isObject(site) ? site : {};
  const items = Array.isArray(violations) ? violations : [];
  const codes = items.map((item) => (isObject(item) ? item.code : null)).filter((code) => typeof code === "string");
  const premises_name = said(name);
  return {
    title: premises_name ?? said(address) ?? said(reason),
    premises_name,
    codes,
    synthetic: synthetic === true,
    fix: placeOf(fix),
  };
}

/** Return the texts that a search looks through, in lower case. */
export function soughtText({ title, premises_name, codes }, knownBy = []) {
  const words = [title, premises_name, ...codes, ...knownBy];
  return words.filter(Boolean).join("\n").toLowerCase();
}

/** What a map needs of a fix, null where there is none. */
function placeOf(fix) {
  if (!isObject(fix)) return null;
  const { lon_deg, lat_deg, datum, radius95_m = null } = fix;
  return { lon_deg, lat_deg, datum, radius95_m };
}

function said(value) {
  return typeof value === "string" && value.trim() ? value : null;
}
