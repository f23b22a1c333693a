/**
 * JSON as it is signed: keys sorted by code point, no white space, UTF-8.
 *
 * Byte for byte what sync/jws.py writes for texts, whole numbers, booleans and null.
 * A float may be written otherwise (1e-7 here, 1e-07 there; 1.0 here is 1): a hash is
 * over what the device itself wrote, and nobody re-encodes it.
 */

import { protocolProblem } from "./problems.js";

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Return the document's bytes. Throws "not-json" on NaN, infinity, undefined,
 * functions and lone surrogates.
 *
 * @param {object} document
 * @returns {Uint8Array}
 */
export function canonicalJson(document) {
  return new TextEncoder().encode(written(document));
}

/**
 * Return the JSON object in `data`, or null if there is none.
 *
 * Refused besides broken JSON: numbers too large for a float, lone surrogates,
 * and nesting beyond the stack.
 *
 * @param {Uint8Array} data
 * @returns {Record<string, any> | null}
 */
export function readObject(data) {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const document = JSON.parse(decoder.decode(data));
    return isObject(document) && isStorable(document) ? document : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}

/** Tell a JSON object from everything else. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function written(value) {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object") throw protocolProblem("not-json", String(value));
  const members = Object.keys(value).sort(byCodePoint);
  return `{${members.map((key) => `${quoted(key)}:${written(value[key])}`).join(",")}}`;
}

function quoted(text) {
  if (LONE_SURROGATE.test(text)) throw protocolProblem("not-json", "a lone surrogate");
  return JSON.stringify(text);
}

/** JavaScript compares UTF-16 units, Python code points: above U+FFFF they differ. */
function byCodePoint(one, other) {
  const these = Array.from(one, (character) => character.codePointAt(0));
  const those = Array.from(other, (character) => character.codePointAt(0));
  const place = these.findIndex((point, index) => point !== those[index]);
  if (place === -1) return these.length - those.length;
  return place < those.length ? these[place] - those[place] : 1;
}

/** Tell whether JSON and a database can hold a value: no infinity, no lone surrogate. */
export function isStorable(value) {
  if (typeof value === "string") return !LONE_SURROGATE.test(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => !LONE_SURROGATE.test(key) && isStorable(inner));
}
