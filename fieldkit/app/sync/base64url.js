/** Base64url without padding (RFC 7515, section 2). */

import { protocolProblem } from "./problems.js";

const ALPHABET = /^[A-Za-z0-9_-]*$/;
const CHUNK = 0x8000;

/** @param {Uint8Array} data @returns {string} */
export function encode(data) {
  let binary = "";
  for (let start = 0; start < data.length; start += CHUNK) {
    binary += String.fromCharCode(...data.subarray(start, start + CHUNK));
  }
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * Return the bytes of unpadded base64url.
 *
 * Throws "malformed" on padding, white space, the standard alphabet's + and /,
 * or an impossible length.
 *
 * @param {string} segment @returns {Uint8Array}
 */
export function decode(segment) {
  if (!ALPHABET.test(segment) || segment.length % 4 === 1) {
    throw protocolProblem("malformed", "not base64url");
  }
  const binary = atob(segment.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
