/**
 * The bundle for a USB stick: what waits here, for the server's eyes only (fieldkit/bundle.py).
 */

import { cut } from "./batch.js";
import { bundleWriter } from "./bundle.js";
import { instantText } from "./clock.js";
import { partCount, partRange } from "./parts.js";
import { openRecord } from "./record.js";
import { sha256Hex } from "./sha256.js";
import { ZipWriter } from "./zip.js";

/**
 * A bundle that is whole; nothing in the store changed by it. Once the file was handed
 * over, `store.markExported(ids, at)` says so.
 *
 * @typedef {object} Bundled
 * @property {Blob} blob
 * @property {string} file_name
 * @property {number} records
 * @property {number} photos
 * @property {string[]} missing photographs that are gone from here, by hash
 * @property {string[]} ids of the records in it
 */

/**
 * Return what waits for one identity, encrypted to its server: every record without a
 * receipt, refused ones too, and every photograph without one; with `everything` also
 * what was delivered (for a server that lost it).
 *
 * @param {import("./store_port.js").SyncStore} store
 * @param {import("./identity.js").DeviceIdentity} identity
 * @param {Date} now
 * @param {{everything?: boolean, onProgress?: (stage: "records" | "photos", done: number, total: number) => void}} [about]
 * @returns {Promise<Bundled>}
 */
export async function makeBundle(store, identity, now, { everything = false, onProgress = () => {} } = {}) {
  const { device_id, certificate, server_jwk } = identity;
  const [writer, archive] = [await bundleWriter(server_jwk), new ZipWriter()];
  const { records, blobs } = await contentsOf(store, device_id, everything);
  const record_entries = await writeRecords(archive, writer, records, onProgress);
  const present = await writePhotos(archive, writer, store, blobs, onProgress);
  const created_at = instantText(now);
  const counts = { record_count: records.length, record_entries };
  await archive.add(...(await writer.manifest({ device_id, certificate, created_at, ...counts, blobs: present })));
  const held = new Set(present.map((blob) => blob.sha256));
  return {
    blob: archive.blob(),
    file_name: fileName(device_id, created_at),
    records: records.length,
    photos: present.length,
    missing: blobs.filter((blob) => !held.has(blob.sha256)).map((blob) => blob.sha256),
    ids: records.map((record) => record.id),
  };
}

async function contentsOf(store, deviceId, everything) {
  const own = (await store.records()).filter((record) => record.device_id === deviceId);
  const arrived = new Set(everything ? [] : await store.blobsDelivered());
  const named = new Map();
  for (const { compact } of own) {
    const { payload } = await openRecord(compact);
    for (const { sha256, bytes, media_type } of payload?.blobs ?? []) {
      if (!arrived.has(sha256)) named.set(sha256, { sha256, bytes, media_type });
    }
  }
  const records = own.filter((record) => everything || record.state !== "delivered");
  return { records, blobs: [...named.values()] };
}

async function writeRecords(archive, writer, records, onProgress) {
  let [entries, done] = [0, 0];
  for (const batch of cut(records)) {
    const compacts = batch.map((record) => record.compact);
    await archive.add(...(await writer.records(entries, compacts)));
    [entries, done] = [entries + 1, done + batch.length];
    onProgress("records", done, records.length);
  }
  return entries;
}

/** Write what is there unaltered, and return it. */
async function writePhotos(archive, writer, store, blobs, onProgress) {
  const present = [];
  for (const [place, blob] of blobs.entries()) {
    const content = await store.readBlob(blob.sha256);
    const isWhole = content !== null && content.size === blob.bytes && (await sha256Hex(content)) === blob.sha256;
    if (isWhole) {
      await writePhoto(archive, writer, blob, content);
      present.push(blob);
    }
    onProgress("photos", place + 1, blobs.length);
  }
  return present;
}

async function writePhoto(archive, writer, { sha256, bytes }, content) {
  for (let number = 0; number < partCount(bytes); number += 1) {
    const part = await content.slice(...partRange(number, bytes)).arrayBuffer();
    await archive.add(...(await writer.blobPart(sha256, number, new Uint8Array(part))));
  }
}

function fileName(deviceId, createdAt) {
  return `fieldkit-${deviceId}-${createdAt.slice(0, 19).replace(/[-:]/g, "")}.gibundle`;
}
