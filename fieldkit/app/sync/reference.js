/** The reference manifest: which immutable documents are in force, signed (sync/reference.py). */

import { list, text, wholeNumber } from "./document.js";
import { openDocument } from "./jws.js";
import { protocolProblem } from "./problems.js";
import { sha256Hex } from "./sha256.js";

export const MANIFEST_TYP = "gi-reference+jws";

/**
 * One document of the reference, by the hash of its bytes.
 *
 * @typedef {{name: string, kind: string, version: string, sha256: string, bytes: number}} DocumentRef
 */

/**
 * A verified manifest; `serial` only ever grows.
 *
 * @typedef {{serial: number, issued_at: string, documents: DocumentRef[], compact: string}} Manifest
 */

/**
 * Return a manifest that this server signed and that is not an older one.
 *
 * Rejects "malformed", "bad-signature", "malformed-document" if it is not one by this
 * server; "stale-manifest" below `minSerial`, the one held (the same is taken).
 *
 * @param {string} compact
 * @param {import("./keys.js").VerifyingKey} serverKey
 * @param {number} [minSerial]
 * @returns {Promise<Manifest>}
 */
export async function openManifest(compact, serverKey, minSerial = 0) {
  const document = await openDocument(compact, MANIFEST_TYP, serverKey);
  const manifest = {
    serial: wholeNumber(document, "serial"),
    issued_at: text(document, "issued_at"),
    documents: list(document, "documents").map(readReference),
    compact,
  };
  if (manifest.serial < minSerial) {
    throw protocolProblem("stale-manifest", `serial ${manifest.serial}, held ${minSerial}`);
  }
  return manifest;
}

/**
 * Tell whether `data` is the document referred to, whole and unaltered.
 *
 * @param {DocumentRef} reference
 * @param {Uint8Array} data
 * @returns {Promise<boolean>}
 */
export async function isDocument(reference, data) {
  return data.length === reference.bytes && (await sha256Hex(data)) === reference.sha256;
}

function readReference(item) {
  return {
    name: text(item, "name"),
    kind: text(item, "kind"),
    version: text(item, "version"),
    sha256: text(item, "sha256"),
    bytes: wholeNumber(item, "bytes"),
  };
}
