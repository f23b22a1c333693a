/** JSON Web Signatures in compact form: ES256 and EdDSA, nothing else (sync/jws.py). */

import { decode, encode } from "./base64url.js";
import { canonicalJson, readObject } from "./canonical_json.js";
import { protocolProblem } from "./problems.js";
import { sha256OfText } from "./sha256.js";

const ALGORITHMS = ["ES256", "EdDSA"];

/**
 * A compact JWS taken apart; its signature is not checked yet.
 *
 * @typedef {object} Jws
 * @property {Record<string, any>} header
 * @property {string} kid the key's name in the header, or ""
 * @property {Uint8Array} payload
 * @property {string} signing_input
 * @property {Uint8Array} signature
 */

/**
 * Take a compact JWS apart. Throws "malformed" unless the header is a JSON object with
 * `alg` ES256 or EdDSA and without `crit` (RFC 7515 section 4.1.11).
 *
 * @param {string} compact
 * @returns {Jws}
 */
export function parse(compact) {
  const first = typeof compact === "string" ? compact.indexOf(".") : -1;
  const last = first === -1 ? -1 : compact.lastIndexOf(".");
  if (first === last) throw protocolProblem("malformed", "not three parts");
  const header = readHeader(compact.slice(0, first));
  return {
    header,
    kid: typeof header.kid === "string" ? header.kid : "",
    payload: decode(compact.slice(first + 1, last)),
    signing_input: compact.slice(0, last),
    signature: decode(compact.slice(last + 1)),
  };
}

/**
 * Return the signed text; `alg` is set from the key.
 *
 * @param {object} header
 * @param {Uint8Array} payload
 * @param {import("./keys.js").SigningKey} key
 * @returns {Promise<string>}
 */
export async function compact(header, payload, key) {
  const signed = canonicalJson({ ...header, alg: key.alg });
  const signingInput = `${encode(signed)}.${encode(payload)}`;
  return `${signingInput}.${encode(await key.sign(signingInput))}`;
}

/**
 * SHA-256 of `header.payload` in hexadecimal: the identity of what was signed. ES256
 * signatures are malleable, so the signature is not part of it.
 *
 * @param {string} signingInput
 * @returns {Promise<string>}
 */
export function recordHash(signingInput) {
  return sha256OfText(signingInput);
}

/**
 * Return `document` signed under `typ`, with the key's thumbprint as kid.
 *
 * @param {object} document
 * @param {string} typ
 * @param {import("./keys.js").SigningKey} key
 * @returns {Promise<string>}
 */
export function signDocument(document, typ, key) {
  return compact({ kid: key.thumbprint, typ }, canonicalJson(document), key);
}

/**
 * Return the document that `key` signed under `typ`.
 *
 * Rejects "malformed" if it is no JWS, "bad-signature" if `key` did not sign it,
 * "malformed-document" if its typ is another one or its payload no JSON object.
 *
 * @param {string} text
 * @param {string} typ
 * @param {import("./keys.js").VerifyingKey} key
 * @returns {Promise<Record<string, any>>}
 */
export async function openDocument(text, typ, key) {
  const jws = parse(text);
  if (!(await key.verify(jws))) throw protocolProblem("bad-signature", `not by ${key.thumbprint}`);
  if (jws.header.typ !== typ) throw protocolProblem("malformed-document", `typ is not ${typ}`);
  const document = readObject(jws.payload);
  if (document === null) throw protocolProblem("malformed-document", "no JSON object");
  return document;
}

function readHeader(segment) {
  const header = readObject(decode(segment));
  if (header === null) throw protocolProblem("malformed", "the header is not a JSON object");
  if (!ALGORITHMS.includes(header.alg)) throw protocolProblem("malformed", "alg is neither ES256 nor EdDSA");
  if ("crit" in header) throw protocolProblem("malformed", "crit is not understood");
  return header;
}
