/** A sealed record: one entry of a device's chain, as a JWS (sync/record.py). */

import { canonicalJson, readObject } from "./canonical_json.js";
import { instantText } from "./clock.js";
import { compact as signed, parse, recordHash } from "./jws.js";
import { protocolProblem } from "./problems.js";

export const RECORD_TYP = "gi-record+jws";
export const RECORD_VERSION = 1;
export const MAX_RECORD_BYTES = 256 * 1024;
const KINDS = ["observation", "amendment", "withdrawal"];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * A record as sealed on the device; its bytes never change again.
 *
 * @typedef {object} Sealed
 * @property {string} compact
 * @property {string} id
 * @property {string} hash
 * @property {number} seq
 * @property {string} kind
 * @property {string} device_id
 * @property {string | null} prev
 * @property {string | null} amends
 * @property {string} sealed_at
 */

/**
 * Return the sealed record.
 *
 * Rejects "over-size" above 256 KiB in compact form, "not-json" where the body holds
 * what JSON has not.
 *
 * @param {import("./keys.js").SigningKey} key
 * @param {object} envelope
 * @param {string} envelope.id UUIDv7, lower case
 * @param {string} envelope.device_id
 * @param {number} envelope.seq 1 for the first, else one more than the head's
 * @param {string | null} envelope.prev null for the first, else the head's hash
 * @param {string} envelope.kind
 * @param {string | null} envelope.amends
 * @param {Date} envelope.sealed_at by the device's clock, whatever that shows
 * @param {object} envelope.clock {boot_id, uptime_ms, offset_ms, offset_source}
 * @param {object} envelope.body
 * @param {object[]} envelope.blobs {sha256, bytes, media_type} of each photograph
 * @returns {Promise<Sealed>}
 */
export async function seal(key, envelope) {
  const { id, device_id, seq, prev, kind, amends } = envelope;
  const payload = { v: RECORD_VERSION, ...envelope, sealed_at: instantText(envelope.sealed_at) };
  const text = await signed({ kid: device_id, typ: RECORD_TYP }, canonicalJson(payload), key);
  if (text.length > MAX_RECORD_BYTES) throw protocolProblem("over-size", `${text.length} bytes`);
  const hash = await recordHash(text.slice(0, text.lastIndexOf(".")));
  return { compact: text, id, hash, seq, kind, device_id, prev, amends, sealed_at: payload.sealed_at };
}

/**
 * Take a record apart as far as it can be read; its signature is not checked.
 *
 * `fault` is null, or {field, code} of the first envelope member that cannot be read;
 * then that member is null, and a missing id is a UUIDv8 formed from the hash. Rejects
 * "malformed" if it is no JWS at all.
 *
 * @param {string} compact
 */
export async function openRecord(compact) {
  const jws = parse(compact);
  const hash = await recordHash(jws.signing_input);
  const payload = readObject(jws.payload);
  const faulty = payload === null ? null : faultyMember(payload, jws);
  if (payload === null || faulty !== null) return filedUnderHash(compact, jws, payload, hash, faulty);
  const { id, device_id, seq, prev, kind, amends } = payload;
  return { compact, payload, id, device_id, seq, prev, kind, amends, hash, fault: null };
}

function filedUnderHash(compact, jws, payload, hash, faulty) {
  const { id = null, seq = null, prev = null, kind = null, amends = null } = payload ?? {};
  return {
    compact,
    payload,
    id: isUuid(id) ? id : idFrom(hash),
    device_id: jws.kid,
    seq: isSeq(seq) ? seq : null,
    prev: isSha256(prev) ? prev : null,
    kind: KINDS.includes(kind) ? kind : null,
    amends: isUuid(amends) && amends !== id ? amends : null,
    hash,
    fault: envelopeFault(faulty),
  };
}

/** Name the first member that breaks the chain's own rules, "" for the header. */
function faultyMember(payload, jws) {
  if (jws.header.typ !== RECORD_TYP) return "";
  if (payload.v !== RECORD_VERSION) return "v";
  if (!isUuid(payload.id)) return "id";
  if (!jws.kid || payload.device_id !== jws.kid) return "device_id";
  return faultyLink(payload) ?? faultyTarget(payload);
}

function faultyLink({ seq, prev }) {
  if (!isSeq(seq)) return "seq";
  const follows = seq === 1 ? prev === null : isSha256(prev);
  return follows ? null : "prev";
}

function faultyTarget({ id, kind, amends }) {
  if (!KINDS.includes(kind)) return "kind";
  const fits = kind === "observation" ? amends === null : isUuid(amends) && amends !== id;
  return fits ? null : "amends";
}

function isUuid(value) {
  return typeof value === "string" && UUID.test(value);
}

function isSha256(value) {
  return typeof value === "string" && SHA256.test(value);
}

function isSeq(value) {
  return Number.isSafeInteger(value) && value >= 1;
}

/** UUIDv8 (RFC 9562 section 5.8) of the hash's first 122 free bits. */
function idFrom(hash) {
  const variant = "89ab"[parseInt(hash[16], 16) & 3];
  const groups = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`];
  return [...groups, variant + hash.slice(17, 20), hash.slice(20, 32)].join("-");
}

function envelopeFault(faulty) {
  if (faulty === null) return { field: "", code: "not-json" };
  return { field: faulty, code: `envelope-${(faulty || "typ").replace(/_/g, "-")}` };
}
