/**
 * SHA-256 in lower-case hexadecimal.
 *
 * WebCrypto has no digest that is fed piece by piece, so a photograph is read whole
 * to be hashed: up to 64 MiB (schemas/evidence.py), which a tablet holds.
 */

/**
 * @param {Uint8Array | ArrayBuffer | Blob} data
 * @returns {Promise<string>}
 */
export async function sha256Hex(data) {
  const bytes = data instanceof Blob ? await data.arrayBuffer() : data;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** @param {string} text hashed as UTF-8 @returns {Promise<string>} */
export function sha256OfText(text) {
  return sha256Hex(new TextEncoder().encode(text));
}

/** @param {Uint8Array} bytes @returns {string} */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
