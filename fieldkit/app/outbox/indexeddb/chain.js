/** Growing a device's chain by one sealed record, within the caller's transaction. */

import { protocolProblem } from "../../sync/problems.js";
import { isNext, newRecord } from "../../sync/stored_record.js";
import { outboxProblem } from "../problems.js";
import { asked, cursors } from "./database.js";
import { leaveDraft, namePhotos } from "./photos.js";
import { indexed } from "./rows.js";

export const CHAIN_TABLES = ["chain", "record", "sealed", "photo", "original", "thumbnail", "draft"];

/** Return the end of a device's chain. */
export async function headOf({ chain }, deviceId) {
  const { seq, hash } = (await asked(chain.get(deviceId))) ?? { seq: 0, hash: null };
  return { seq, hash };
}

/**
 * Add a record and forget the draft it was made from.
 *
 * Rejects "draft-gone" if that draft was sealed or removed meanwhile, as in another
 * window; "amended-meanwhile" if it changes a version that is not its record's newest;
 * "head-moved" if the chain's head is not the one expected, the record does not
 * follow it, or its id is taken.
 */
export async function grow(tables, sealed, expectedHead, blobs, extra) {
  const { draft = null } = extra;
  if (draft !== null && (await asked(tables.draft.getKey(draft))) === undefined) throw outboxProblem("draft-gone");
  const head = await headOf(tables, sealed.device_id);
  const taken = await asked(tables.record.index("id").getKey(sealed.id));
  if (!isNext(sealed, head, expectedHead) || taken !== undefined) {
    throw protocolProblem("head-moved", `the head is ${head.seq}`);
  }
  if (extra.root_id) await requireNewest(tables, extra.root_id, sealed.amends);
  const { compact, position: _drawn, ...row } = newRecord(sealed, 0, extra);
  const named = new Map(blobs.map((blob) => [blob.sha256, blob]));
  const kept = { ...row, photos: [...named.keys()], summary: extra.summary ?? null };
  const position = await asked(tables.record.add(indexed(kept)));
  tables.sealed.add(compact, position);
  tables.chain.put({ device_id: sealed.device_id, seq: sealed.seq, hash: sealed.hash });
  await namePhotos(tables, named.values());
  if (draft !== null) {
    tables.draft.delete(draft);
    await leaveDraft(tables, draft);
  }
}

async function requireNewest({ record }, rootId, amends) {
  for await (const { value } of cursors(record.index("root"), { range: IDBKeyRange.only(rootId), direction: "prev" })) {
    if (value.id !== amends) throw outboxProblem("amended-meanwhile");
    return;
  }
}
