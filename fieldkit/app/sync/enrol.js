/**
 * Enrolment: a one-time code becomes a device certificate and short-lived tokens; the
 * device's clock plays no part (sync/enrol.py).
 */

import { isObject } from "./canonical_json.js";
import { list, text, wholeNumber } from "./document.js";
import { openDocument, signDocument } from "./jws.js";
import { protocolProblem } from "./problems.js";
import { sha256OfText } from "./sha256.js";

export const PROOF_TYP = "gi-enrol-proof+jws";
export const CERTIFICATE_TYP = "gi-device-cert+jws";
export const TOKEN_PROOF_TYP = "gi-token-proof+jws";

const QR_PREFIX = "gi1";
const DEVICE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * What the server says of a device; the signature was verified.
 *
 * @typedef {object} Certificate
 * @property {string} device_id
 * @property {string} unit_code
 * @property {string} unit_name
 * @property {{name: string, certificate_no: string}[]} officers
 * @property {object} jwk
 * @property {string} issued_at
 * @property {number} epoch
 * @property {string} compact
 */

/** Return a code as it was meant: case, hyphens, blanks, O for 0, I and L for 1 aside. */
export function meantCode(code) {
  return code
    .toUpperCase()
    .replace(/[- ]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

/** Return SHA-256 of the code as it was meant. @param {string} code @returns {Promise<string>} */
export function codeHash(code) {
  return sha256OfText(meantCode(code));
}

/**
 * Return what the QR code of an invitation holds: {url, code, thumbprint}; throws
 * "malformed-document" if it is another QR code.
 *
 * @param {string} content
 */
export function readQrText(content) {
  const words = content.split(/\s+/).filter(Boolean);
  if (words.length !== 4 || words[0] !== QR_PREFIX) {
    throw protocolProblem("malformed-document", "not an enrolment code");
  }
  const [, url, code, thumbprint] = words;
  return { url, code, thumbprint };
}

/**
 * Return the device's proof that it holds the key it enrols, for this server.
 *
 * @param {import("./keys.js").SigningKey} key
 * @param {string} code
 * @param {string} serverThumbprint
 * @returns {Promise<string>}
 */
export async function makeProof(key, code, serverThumbprint) {
  const document = {
    v: 1,
    code_sha256: await codeHash(code),
    jkt: key.thumbprint,
    aud: serverThumbprint,
  };
  return signDocument(document, PROOF_TYP, key);
}

/**
 * Return a certificate after checking that the server signed it; rejects "malformed",
 * "bad-signature", "malformed-document" if it is not one by this server.
 *
 * @param {string} compact
 * @param {import("./keys.js").VerifyingKey} serverKey
 * @returns {Promise<Certificate>}
 */
export async function openCertificate(compact, serverKey) {
  const document = await openDocument(compact, CERTIFICATE_TYP, serverKey);
  const certificate = {
    device_id: text(document, "device_id"),
    unit_code: text(document, "unit_code"),
    unit_name: text(document, "unit_name"),
    officers: list(document, "officers"),
    jwk: document.jwk,
    issued_at: text(document, "issued_at"),
    epoch: wholeNumber(document, "epoch"),
    compact,
  };
  if (!isObject(certificate.jwk) || !DEVICE_ID.test(certificate.device_id)) {
    throw protocolProblem("malformed-document", "not a certificate");
  }
  return certificate;
}

/**
 * Return the device's signature over the server's challenge.
 *
 * @param {import("./keys.js").SigningKey} key
 * @param {string} challenge
 * @param {string} deviceId
 * @returns {Promise<string>}
 */
export function makeTokenProof(key, challenge, deviceId) {
  return signDocument({ v: 1, challenge, device_id: deviceId }, TOKEN_PROOF_TYP, key);
}
