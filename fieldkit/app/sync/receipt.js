/**
 * Receipts: the server's signed word that it has custody of what it was sent. A device
 * believes nothing else (sync/receipt.py).
 */

import { list, text, wholeNumber } from "./document.js";
import { openDocument } from "./jws.js";
import { OUTCOMES } from "./outcome.js";
import { protocolProblem } from "./problems.js";

export const RECEIPT_TYP = "gi-receipt+jws";
export const BLOB_RECEIPT_TYP = "gi-blob-receipt+jws";

/**
 * @typedef {object} ReceiptItem
 * @property {string} id
 * @property {string} hash
 * @property {number} position
 * @property {string} received_at
 * @property {string} outcome
 */

/** A receipt whose signature was verified. */
export class Receipt {
  #held;

  /** @param {object} members as the document has them, and `compact` */
  constructor({ receipt_id, device_id, epoch, issued_at, items, compact }) {
    Object.assign(this, { receipt_id, device_id, epoch, issued_at, compact });
    /** @type {ReceiptItem[]} */
    this.items = items;
    this.#held = new Set(items.map((item) => `${item.id} ${item.hash}`));
  }

  /** Tell whether this receipt attests custody of exactly these bytes. */
  covers(id, hash) {
    return this.#held.has(`${id} ${hash}`);
  }

  /** What makes one receipt newer than another: [epoch, highest position]. */
  get order() {
    return [this.epoch, this.items.reduce((most, item) => Math.max(most, item.position), 0)];
  }
}

/** Tell whether `one` is at least as new as `other`: orders as `Receipt.order` gives them. */
export function isAtLeastAsNew(one, other) {
  return one[0] === other[0] ? one[1] >= other[1] : one[0] > other[0];
}

/**
 * @typedef {object} BlobReceipt a verified receipt for one photograph
 * @property {string} device_id
 * @property {number} epoch
 * @property {string} sha256
 * @property {number} bytes
 * @property {string} received_at
 * @property {string} compact
 */

/**
 * Return a receipt after checking that the server signed it.
 *
 * Rejects "malformed", "bad-signature", "malformed-document" if it is not a receipt by
 * this server; "wrong-audience" if `deviceId` is given and it is another device's.
 *
 * @param {string} compact
 * @param {import("./keys.js").VerifyingKey} serverKey
 * @param {string | null} [deviceId]
 * @returns {Promise<Receipt>}
 */
export async function openReceipt(compact, serverKey, deviceId = null) {
  const document = await openDocument(compact, RECEIPT_TYP, serverKey);
  const receipt = new Receipt({
    receipt_id: text(document, "receipt_id"),
    device_id: text(document, "device_id"),
    epoch: wholeNumber(document, "epoch"),
    issued_at: text(document, "issued_at"),
    items: list(document, "items").map(readReceiptItem),
    compact,
  });
  requireDevice(receipt.device_id, deviceId);
  return receipt;
}

/**
 * Return a photograph's receipt; rejects as `openReceipt` does.
 *
 * @param {string} compact
 * @param {import("./keys.js").VerifyingKey} serverKey
 * @param {string | null} [deviceId]
 * @returns {Promise<BlobReceipt>}
 */
export async function openBlobReceipt(compact, serverKey, deviceId = null) {
  const document = await openDocument(compact, BLOB_RECEIPT_TYP, serverKey);
  const receipt = {
    device_id: text(document, "device_id"),
    epoch: wholeNumber(document, "epoch"),
    sha256: text(document, "sha256"),
    bytes: wholeNumber(document, "bytes"),
    received_at: text(document, "received_at"),
    compact,
  };
  requireDevice(receipt.device_id, deviceId);
  return receipt;
}

function readReceiptItem(item) {
  const outcome = text(item, "outcome");
  if (!OUTCOMES.includes(outcome)) throw protocolProblem("malformed-document", `outcome ${outcome}`);
  return {
    id: text(item, "id"),
    hash: text(item, "hash"),
    position: wholeNumber(item, "position"),
    received_at: text(item, "received_at"),
    outcome,
  };
}

function requireDevice(named, expected) {
  if (expected !== null && named !== expected) {
    throw protocolProblem("wrong-audience", `for ${named}, not for ${expected}`);
  }
}
