/** Photographs: original bytes, whom they belong to, and which are to be sent. */

import { asked, cursors } from "./database.js";
import { indexedPhoto, newPhoto } from "./rows.js";

export const PHOTO_TABLES = ["photo", "original", "thumbnail", "record"];

/** Keep a photograph's bytes for a draft; the same bytes twice are one photograph. */
export async function keepPhoto({ photo, original }, blob, facts, draft) {
  const held = await asked(photo.get(facts.sha256));
  const row = held ?? { ...newPhoto(facts), ...facts };
  const drafts = draft === null ? row.drafts : [...new Set([...row.drafts, draft])];
  photo.put({ ...row, drafts });
  original.put(blob, facts.sha256);
}

/** Note that a record names these photographs. */
export async function namePhotos({ photo }, blobs) {
  for (const blob of blobs) {
    const held = (await asked(photo.get(blob.sha256))) ?? newPhoto(blob);
    photo.put({ ...held, is_named: 1 });
  }
}

/** A draft is gone: so is each of its photographs that nothing else names. */
export async function leaveDraft(tables, draft) {
  for await (const cursor of cursors(tables.photo.index("drafts"), { range: IDBKeyRange.only(draft) })) {
    await partPhoto(tables, cursor.value, draft);
  }
}

/** Take a photograph from a draft; its bytes go if no record and no other draft names them. */
export async function partPhoto(tables, row, draft) {
  const drafts = row.drafts.filter((number) => number !== draft);
  if (drafts.length === 0 && !row.is_named) removePhoto(tables, row.sha256);
  else await asked(tables.photo.put({ ...row, drafts }));
}

/** Remove what belongs to nothing and was added before `at`; resolves to how many. */
export async function removeOrphans(tables, at) {
  let removed = 0;
  for await (const { value } of cursors(tables.photo)) {
    const belongs = value.is_named || value.drafts.length > 0;
    if (belongs || value.added_at === null || value.added_at >= at) continue;
    removePhoto(tables, value.sha256);
    removed += 1;
  }
  return removed;
}

/** A record was delivered: its photographs without a receipt are to be sent. */
export async function dueWith({ photo }, record) {
  for (const sha256 of record.photos) {
    const row = await asked(photo.get(sha256));
    photo.put(indexedPhoto(row, Math.min(row.due ?? Infinity, record.position)));
  }
}

/** Forget every photograph's receipt; due is what a delivered record still names. */
export async function forgetReceipts({ photo, record }) {
  for await (const cursor of cursors(photo.index("is_named"))) {
    const naming = await asked(record.index("photos").getAll(cursor.primaryKey));
    const delivered = naming.filter((one) => one.state === "delivered").map((one) => one.position);
    const due = delivered.length > 0 ? Math.min(...delivered) : null;
    await asked(cursor.update(indexedPhoto({ ...cursor.value, receipt: null }, due)));
  }
}

/** Note the server's receipt for a photograph. */
export async function keepReceipt({ photo }, { sha256, compact, epoch }) {
  const row = await asked(photo.get(sha256));
  if (row) photo.put(indexedPhoto({ ...row, receipt: compact, epoch }, null));
}

/** Return photographs to be sent, by the first delivered record that names each. */
export async function photosDue({ photo, record }, limit) {
  const rows = await asked(photo.index("due").getAll(null, limit));
  const pending = [];
  for (const { sha256, bytes, media_type, due } of rows) {
    const { id } = await asked(record.get(due));
    pending.push({ sha256, bytes, media_type, record_id: id });
  }
  return pending;
}

/** Return how many of these photographs are named, arrived, and gone from here. */
export async function countPhotos({ photo, original }, hashes) {
  const counted = { named: hashes.length, delivered: 0, missing: 0 };
  for (const sha256 of hashes) {
    const row = await asked(photo.get(sha256));
    if (row.receipt !== null) counted.delivered += 1;
    else if ((await asked(original.getKey(sha256))) === undefined) counted.missing += 1;
  }
  return counted;
}

/** Return the same of all photographs that any record names. */
export async function countAllPhotos({ photo, original }) {
  const [named, delivered, hashes, held] = await Promise.all([
    asked(photo.index("is_named").count()),
    asked(photo.index("delivered").count()),
    asked(photo.index("is_named").getAllKeys()),
    asked(original.getAllKeys()),
  ]);
  const present = new Set(held);
  const lacking = hashes.filter((sha256) => !present.has(sha256));
  let missing = 0;
  for (const sha256 of lacking) {
    if ((await asked(photo.get(sha256))).receipt === null) missing += 1;
  }
  return { named, delivered, missing };
}

function removePhoto({ photo, original, thumbnail }, sha256) {
  photo.delete(sha256);
  original.delete(sha256);
  thumbnail.delete(sha256);
}
