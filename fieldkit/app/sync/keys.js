/**
 * Keys that sign and verify, by WebCrypto: P-256 (ES256), and Ed25519 (EdDSA) to verify.
 */

import { decode, encode } from "./base64url.js";
import { protocolProblem } from "./problems.js";

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const SIGN_ES256 = { name: "ECDSA", hash: "SHA-256" };
const ED25519_PRIME = 2n ** 255n - 19n;
const ORDER_8_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
// Of the points of order 1, 2, 4 and 8 (two values): RFC 8032, section 8.9.
const SMALL_ORDER_Y = [1n, ED25519_PRIME - 1n, 0n, ORDER_8_Y, ED25519_PRIME - ORDER_8_Y];

/** A public key that tells whether it signed something; made by `importVerifyingKey`. */
export class VerifyingKey {
  #key;

  /** @param {CryptoKey} key @param {object} jwk its public members @param {string} thumbprint */
  constructor(key, jwk, thumbprint) {
    this.#key = key;
    this.jwk = jwk;
    this.thumbprint = thumbprint;
    this.alg = jwk.kty === "EC" ? "ES256" : "EdDSA";
  }

  /**
   * Tell whether this key signed `jws`, under this key's own algorithm.
   *
   * @param {import("./jws.js").Jws} jws
   */
  async verify({ header, signature, signing_input }) {
    if (header.alg !== this.alg || signature.length !== 64) return false;
    const algorithm = this.alg === "ES256" ? SIGN_ES256 : { name: "Ed25519" };
    return crypto.subtle.verify(algorithm, this.#key, signature, asciiBytes(signing_input));
  }
}

/** A private key that signs ES256; the key itself never leaves WebCrypto. */
export class SigningKey {
  /**
   * @param {{privateKey: CryptoKey, jwk: object, thumbprint: string}} parts
   *   may be kept in IndexedDB as they are
   */
  constructor({ privateKey, jwk, thumbprint }) {
    this.parts = { privateKey, jwk, thumbprint };
    this.jwk = jwk;
    this.thumbprint = thumbprint;
    this.alg = "ES256";
  }

  /** Return a new key that no script can read out; rejects "insecure-context". @returns {Promise<SigningKey>} */
  static async generate() {
    requireSecureContext();
    const pair = await crypto.subtle.generateKey(P256, false, ["sign"]);
    const jwk = publicMembers(await crypto.subtle.exportKey("jwk", pair.publicKey));
    return new SigningKey({ privateKey: pair.privateKey, jwk, thumbprint: await thumbprint(jwk) });
  }

  /** Return the 64 bytes r || s. @param {string} signingInput ASCII @returns {Promise<Uint8Array>} */
  async sign(signingInput) {
    const data = asciiBytes(signingInput);
    return new Uint8Array(await crypto.subtle.sign(SIGN_ES256, this.parts.privateKey, data));
  }
}

/**
 * Return the key of a public JWK (RFC 7517; private parts are ignored).
 *
 * Rejects "unsupported-key" if it is neither P-256 nor Ed25519, no point on its
 * curve or an Ed25519 point of small order; "ed25519-unsupported" where the browser
 * has no Ed25519; "insecure-context" where it has no WebCrypto, on a page without TLS.
 *
 * @param {object} jwk
 * @returns {Promise<VerifyingKey>}
 */
export async function importVerifyingKey(jwk) {
  requireSecureContext();
  const members = publicMembers(jwk);
  const algorithm = members.kty === "EC" ? P256 : { name: "Ed25519" };
  try {
    const key = await crypto.subtle.importKey("jwk", members, algorithm, true, ["verify"]);
    return new VerifyingKey(key, members, await thumbprint(members));
  } catch (error) {
    const isUnknown = error.name === "NotSupportedError" && members.kty === "OKP";
    throw protocolProblem(isUnknown ? "ed25519-unsupported" : "unsupported-key", error.message, error);
  }
}

/**
 * Return the thumbprint (RFC 7638, SHA-256, base64url) of a key's public members.
 *
 * @param {object} jwk
 */
export async function thumbprint(jwk) {
  const members = publicMembers(jwk);
  const text = JSON.stringify(Object.fromEntries(Object.entries(members).sort()));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return encode(new Uint8Array(digest));
}

function requireSecureContext() {
  if (!crypto.subtle) throw protocolProblem("insecure-context");
}

function publicMembers(jwk) {
  const { kty, crv, x, y } = jwk ?? {};
  if (kty === "EC" && crv === "P-256" && isCoordinate(x) && isCoordinate(y)) return { kty, crv, x, y };
  if (kty === "OKP" && crv === "Ed25519" && isCoordinate(x) && !isSmallOrder(x)) return { kty, crv, x };
  throw protocolProblem("unsupported-key", "neither P-256 nor Ed25519");
}

function isCoordinate(text) {
  return typeof text === "string" && /^[A-Za-z0-9_-]{43}$/.test(text) && decode(text).length === 32;
}

/** Tell the Ed25519 points under which one signature fits many texts. */
function isSmallOrder(x) {
  const littleEndian = decode(x).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return SMALL_ORDER_Y.includes((littleEndian & (2n ** 255n - 1n)) % ED25519_PRIME);
}

function asciiBytes(text) {
  return new TextEncoder().encode(text);
}
