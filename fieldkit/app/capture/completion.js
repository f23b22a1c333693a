/**
 * From what an inspector says to the whole body that is sealed (fieldkit/completion.py).
 *
 * Pure, and tolerant of anything: what does not fit is left as it is, for the schema to
 * name. Nothing that is handed in is changed.
 */

import { rightsOf } from "../schemas/products.js";
import { isObject } from "../sync/canonical_json.js";
import { instantText, shanghaiText } from "../sync/clock.js";

const ITEMS = { goods: "g", violations: "v", evidence: "e" };
const DEFAULT_KIND = "electronic_data";

/**
 * Return the body with what the device knows filled in where it was left out.
 *
 * @param {object} given
 * @param {{unit_code: string, officers: object[]}} identity
 * @param {Date} now
 * @param {object} [about]
 * @param {object[]} [about.earlier] the observation's bodies so far: the ids of their
 *   lots, violations and evidence are never drawn again
 * @param {{products: {product: string, rights: string[]}[]}} [about.products] the
 *   reference's document: a lot that names no right has those of its product
 */
export function completed(given, { unit_code, officers }, now, { earlier = [], products = { products: [] } } = {}) {
  const body = {
    observed_at: shanghaiText(now),
    unit_code,
    officers: officers.map((officer) => ({ ...officer })),
    goods: [],
    evidence: [],
    synthetic: false,
    ...given,
  };
  for (const [part, prefix] of Object.entries(ITEMS)) {
    if (!Array.isArray(body[part])) continue;
    const used = new Set([...earlier, body].flatMap((other) => idsOf(other[part])));
    body[part] = body[part].map((item) => withId(item, prefix, used));
  }
  if (Array.isArray(body.goods)) body.goods = body.goods.map((lot) => withRights(lot, products));
  return body;
}

/**
 * Return the whole body of a new version: a top-level part left out stays as it was, null
 * removes it (RFC 7396, at the first level only).
 *
 * @param {object} current
 * @param {object} changes
 * @param {string} kind of the amendment
 * @param {string | null} reason
 */
export function amended(current, changes, kind, reason) {
  const merged = { ...current, amendment: { kind }, ...changes };
  // A new time of the visit is one of this sealing's clock.
  if (merged.observed_at !== current.observed_at) merged.observed_offset_ms = changes.observed_offset_ms ?? null;
  const body = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  if (reason !== null && isObject(body.amendment)) body.amendment = { ...body.amendment, reason };
  return body;
}

/**
 * Return the body in which every photograph that the evidence names by its hash alone is
 * told whole: kind, file name, time, size and type.
 *
 * @param {object} body
 * @param {Map<string, {bytes: number, media_type: string, file_name: string}>} taken by hash
 * @param {Date} now
 */
export function withPhotos(body, taken, now) {
  if (!Array.isArray(body.evidence)) return body;
  const types = new Map();
  const evidence = body.evidence.map((item) => {
    const photo = isObject(item) ? taken.get(item.sha256) : undefined;
    const whole = photo === undefined ? item : sealedItem(item, photo, now);
    if (!isObject(whole) || typeof whole.media_type !== "string") return whole;
    // One file has one type, whatever its copies are called.
    if (!types.has(whole.sha256)) types.set(whole.sha256, whole.media_type);
    return { ...whole, media_type: types.get(whole.sha256) };
  });
  return { ...body, evidence };
}

/** Return each file that the evidence names, once: {sha256, bytes, media_type}. */
export function blobRefs(body) {
  const found = new Map();
  for (const item of Array.isArray(body.evidence) ? body.evidence : []) {
    if (!isObject(item) || !("sha256" in item) || found.has(item.sha256)) continue;
    const { sha256, bytes = 0, media_type = "" } = item;
    found.set(sha256, { sha256, bytes, media_type });
  }
  return [...found.values()];
}

/**
 * Return the number that is formed at sealing: unit-year-device-sequence. Unique without
 * asking anybody: the sequence is never used twice on a device, and the device's part is
 * the random end of its id.
 */
export function recordNumber(unitCode, year, deviceId, seq) {
  const device = deviceId.replace(/[^0-9A-Za-z]/g, "").slice(-6).toLowerCase();
  return `${unitCode}-${year}-${device}-${String(seq).padStart(5, "0")}`;
}

function sealedItem({ path, ...item }, photo, now) {
  return {
    kind: DEFAULT_KIND,
    file_name: photo.file_name,
    captured_at: instantText(now),
    ...item,
    bytes: photo.bytes,
    media_type: photo.media_type,
  };
}

function withId(item, prefix, used) {
  if (!isObject(item) || "id" in item) return item;
  let number = 1;
  while (used.has(`${prefix}${number}`)) number += 1;
  used.add(`${prefix}${number}`);
  return { id: `${prefix}${number}`, ...item };
}

function idsOf(items) {
  if (!Array.isArray(items)) return [];
  return items.filter((item) => isObject(item) && typeof item.id === "string").map((item) => item.id);
}

function withRights(lot, products) {
  if (!isObject(lot) || "rights" in lot) return lot;
  const isKnown = products.products.some((entry) => entry.product === lot.product);
  return isKnown ? { ...lot, rights: [...rightsOf(products, lot.product)] } : lot;
}
