/**
 * JSON Web Encryption in compact form (RFC 7516): ECDH-ES+A256KW with A256GCM, by
 * WebCrypto, to a key on P-256.
 */

import { encode } from "./base64url.js";
import { canonicalJson } from "./canonical_json.js";
import { importVerifyingKey } from "./keys.js";
import { protocolProblem } from "./problems.js";

const ALG = "ECDH-ES+A256KW";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const TAG_BYTES = 16;

/** Encrypts to one recipient; made by `importRecipient`. */
export class Recipient {
  #key;

  /** @param {CryptoKey} key */
  constructor(key) {
    this.#key = key;
  }

  /**
   * Return the compact JWE of `data`, every call under keys of its own.
   *
   * @param {object} header what the protected header says besides alg, enc and epk
   * @param {Uint8Array} data
   * @returns {Promise<string>}
   */
  async encrypt(header, data) {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const signed = canonicalJson({ ...header, alg: ALG, enc: "A256GCM", epk: { kty, crv, x, y } });
    const shield = encode(signed);
    const content = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
    const wrapping = await this.#wrappingKey(pair.privateKey);
    const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", content, wrapping, "AES-KW"));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const gcm = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(shield), tagLength: 8 * TAG_BYTES };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm, content, data));
    const end = sealed.length - TAG_BYTES;
    return [shield, ...[wrapped, iv, sealed.subarray(0, end), sealed.subarray(end)].map(encode)].join(".");
  }

  /** RFC 7518, section 4.6.2: one round of the Concat KDF, for 256 bits. */
  async #wrappingKey(privateKey) {
    const agreement = { name: "ECDH", public: this.#key };
    const secret = new Uint8Array(await crypto.subtle.deriveBits(agreement, privateKey, 256));
    const algorithm = new TextEncoder().encode(ALG);
    const nobody = number32(0);
    const said = [number32(1), secret, number32(algorithm.length), algorithm, nobody, nobody, number32(256)];
    const bits = await crypto.subtle.digest("SHA-256", joined(said));
    return crypto.subtle.importKey("raw", bits, "AES-KW", false, ["wrapKey"]);
  }
}

/**
 * Return the recipient of a public JWK on P-256; rejects "unsupported-key" of any other.
 *
 * @param {object} jwk
 * @returns {Promise<Recipient>}
 */
export async function importRecipient(jwk) {
  const { jwk: members, alg } = await importVerifyingKey(jwk);
  if (alg !== "ES256") throw protocolProblem("unsupported-key", "a bundle needs a server key on P-256");
  return new Recipient(await crypto.subtle.importKey("jwk", members, CURVE, false, []));
}

function number32(value) {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

function joined(pieces) {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}
