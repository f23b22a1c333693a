/**
 * A device that seals, and a server's signed answers to its store, for the suites.
 */

import { instantText } from "../../../fieldkit/app/sync/clock.js";
import { signDocument } from "../../../fieldkit/app/sync/jws.js";
import { SigningKey, importVerifyingKey } from "../../../fieldkit/app/sync/keys.js";
import {
  BLOB_RECEIPT_TYP,
  RECEIPT_TYP,
  openBlobReceipt,
  openReceipt,
} from "../../../fieldkit/app/sync/receipt.js";
import { seal } from "../../../fieldkit/app/sync/record.js";
import { sha256Hex } from "../../../fieldkit/app/sync/sha256.js";

export const NOW = new Date("2023-12-03T08:00:00.000Z");
export const REASON = { zh: "内容不符合记录格式", en: "The content does not fit the record schema" };

let number = 1_000_000;
let serverKeys = null;

/** An enrolled device with its chain. */
export class Device {
  constructor(key, deviceId = "d1", head = { seq: 0, hash: null }) {
    Object.assign(this, { key, device_id: deviceId, head });
  }

  static async create(deviceId = "d1") {
    return new Device(await SigningKey.generate(), deviceId);
  }

  /** A second device with a copy of this one's store. */
  clone() {
    return new Device(this.key, this.device_id, this.head);
  }

  async sealNext(body = { unit_code: "360734" }, blobs = []) {
    number += 1;
    const sealed = await seal(this.key, {
      id: `018c0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`,
      device_id: this.device_id,
      seq: this.head.seq + 1,
      prev: this.head.hash,
      kind: "observation",
      amends: null,
      sealed_at: NOW,
      clock: { boot_id: "b1", uptime_ms: number, offset_ms: null, offset_source: null },
      body,
      blobs,
    });
    this.head = { seq: sealed.seq, hash: sealed.hash };
    return sealed;
  }
}

/** Seal the next record of a device into a store. */
export async function saved(store, device, ...blobs) {
  const sealed = await device.sealNext();
  await store.append(sealed, await store.head(device.device_id), blobs);
  return sealed;
}

export function answer({ id, hash }, outcome = "stored", code = null) {
  return {
    ...{ id, hash, outcome, code, field: null, reason: code && REASON },
    ...{ position: null, received_at: null, receipt_id: null },
    standing: outcome === "refused" ? null : "stored",
  };
}

export async function receiptFor({ id, hash, device_id }, { outcome = "stored", epoch = 1, position = 1 } = {}) {
  const { signing, verifying } = await server();
  const document = {
    ...{ v: 1, receipt_id: `r${position}`, device_id, epoch, issued_at: instantText(NOW) },
    items: [{ id, hash, position, received_at: "2023", outcome }],
  };
  return openReceipt(await signDocument(document, RECEIPT_TYP, signing), verifying);
}

export async function handOver(store, blob) {
  const { signing, verifying } = await server();
  const { sha256, bytes } = blob;
  const document = { v: 1, device_id: "d1", epoch: 1, sha256, bytes, received_at: "2023" };
  await store.recordBlobReceipt(
    await openBlobReceipt(await signDocument(document, BLOB_RECEIPT_TYP, signing), verifying),
  );
}

/** Return a photograph and its reference. */
export async function photographOf(text) {
  const blob = new Blob([text], { type: "image/jpeg" });
  const ref = { sha256: await sha256Hex(blob), bytes: blob.size, media_type: blob.type };
  return { blob, ref };
}

async function server() {
  if (serverKeys === null) {
    const signing = await SigningKey.generate();
    serverKeys = { signing, verifying: await importVerifyingKey(signing.jwk) };
  }
  return serverKeys;
}
