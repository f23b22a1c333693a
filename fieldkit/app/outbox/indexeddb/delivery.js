/** What the server said of each record, kept beside it, within the caller's transaction. */

import { protocolProblem } from "../../sync/problems.js";
import { answered, isDelivering, isLapsed, told } from "../../sync/stored_record.js";
import { asked, cursors } from "./database.js";
import { dueWith, forgetReceipts } from "./photos.js";
import { indexed } from "./rows.js";

export const DELIVERY_TABLES = ["record", "receipt", "photo", "fact"];

/** Return the row of the record with this id and hash, undefined where there is none. */
export async function rowOf({ record }, id, hash) {
  if (typeof id !== "string") return undefined;
  const row = await asked(record.index("id").get(id));
  return row && (hash === undefined || row.hash === hash) ? row : undefined;
}

/** Keep the answer to one item and return the record's state after it. */
export async function keepAnswer(tables, row, item, receipt) {
  const after = answered(row, item, receipt);
  await asked(tables.record.put(indexed(after)));
  if (isDelivering(row, item, receipt)) {
    const [epoch, newest_position] = receipt.order;
    const { receipt_id, issued_at, compact } = receipt;
    tables.receipt.put({ epoch, newest_position, receipt_id, issued_at, compact });
    await dueWith(tables, after);
  }
  return after.state;
}

/** Keep a batch's answers; those of unknown records are passed over. */
export async function keepAnswers(tables, answers) {
  for (const [item, receipt] of answers) {
    const row = await rowOf(tables, item.id, item.hash);
    if (row) await keepAnswer(tables, row, item, receipt);
  }
}

/** Offer a refused record again; rejects "unknown-record" if there is none. */
export async function requeueRow(tables, id) {
  const row = await rowOf(tables, id);
  if (!row) throw protocolProblem("unknown-record", id);
  if (row.state === "refused") tables.record.put(indexed({ ...row, state: "sealed" }));
}

/** Return the newest receipt that delivered something here, compact, or null. */
export async function newestReceipt({ receipt }) {
  for await (const { value } of cursors(receipt, { direction: "prev" })) return value.compact;
  return null;
}

/** Note the server's epoch; offer again what another one delivered. Returns how many. */
export async function reopenRows(tables, epoch) {
  const known = await asked(tables.fact.get("epoch"));
  if (known && known.value === epoch) return 0;
  tables.fact.put({ name: "epoch", value: epoch });
  tables.fact.put({ name: "status_cursor", value: 0 });
  let lapsed = 0;
  for await (const { value } of cursors(tables.record)) {
    if (!isLapsed(value, epoch)) continue;
    await asked(tables.record.put(indexed({ ...value, state: "sealed" })));
    lapsed += 1;
  }
  await forgetReceipts(tables);
  return lapsed;
}

/** Keep what became of records, and how far the feed was read; it never goes back. */
export async function keepStatuses(tables, events, cursor) {
  for (const event of events) {
    const row = await rowOf(tables, event.id, event.hash);
    if (row) await asked(tables.record.put(indexed(told(row, event))));
  }
  const held = await asked(tables.fact.get("status_cursor"));
  tables.fact.put({ name: "status_cursor", value: Math.max(held ? held.value : 0, cursor) });
}

/** Note that records and photographs were handed over in a file. */
export async function noteExported(tables, ids, hashes, at) {
  for (const id of ids) {
    const row = await rowOf(tables, id);
    if (row) await asked(tables.record.put(indexed({ ...row, exported_at: at })));
  }
  for (const sha256 of hashes) {
    const row = await asked(tables.photo.get(sha256));
    if (!row) continue;
    const { unexported: _waits, ...rest } = row;
    tables.photo.put({ ...rest, exported_at: at });
  }
}
