/**
 * The USB bundle's entries: what a store holds, encrypted to the server's public key
 * (sync/bundle.py). Each entry is a JWE bound to its name by `gi_entry`.
 */

import { canonicalJson } from "./canonical_json.js";
import { importRecipient } from "./jwe.js";

const BUNDLE_VERSION = 1;
const MANIFEST_NAME = "bundle.jwe";

/** @typedef {[name: string, data: Uint8Array]} Entry */

/** Encrypts entries to one server key; made by `bundleWriter`. */
export class BundleWriter {
  #recipient;

  constructor(recipient) {
    this.#recipient = recipient;
  }

  /**
   * The entry that says what is in the bundle.
   *
   * @param {object} contents {device_id, certificate, created_at, record_count,
   *   record_entries, blobs: [{sha256, bytes, media_type}]}
   * @returns {Promise<Entry>}
   */
  manifest(contents) {
    return this.#entry(MANIFEST_NAME, canonicalJson({ v: BUNDLE_VERSION, ...contents }));
  }

  /** The entry with one batch of sealed records. @param {number} number @param {string[]} compacts @returns {Promise<Entry>} */
  records(number, compacts) {
    return this.#entry(`records/${numbered(number)}.jwe`, new TextEncoder().encode(compacts.join("\n")));
  }

  /** The entry with one part of a photograph. @param {string} sha256 @param {number} number @param {Uint8Array} data @returns {Promise<Entry>} */
  blobPart(sha256, number, data) {
    return this.#entry(`blobs/${sha256}/${numbered(number)}.jwe`, data);
  }

  async #entry(name, data) {
    const token = await this.#recipient.encrypt({ gi_entry: name }, data);
    return [name, new TextEncoder().encode(token)];
  }
}

/** @param {object} serverJwk on P-256, else "unsupported-key" @returns {Promise<BundleWriter>} */
export async function bundleWriter(serverJwk) {
  return new BundleWriter(await importRecipient(serverJwk));
}

function numbered(number) {
  return String(number).padStart(6, "0");
}
