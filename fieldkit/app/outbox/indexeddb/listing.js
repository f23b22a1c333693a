/** Finding records and counting them; a page touches its own rows and no others. */

import { soughtText, summaryOf } from "../summary.js";
import { asked, cursors } from "./database.js";

export const STATES = Object.freeze(["sealed", "delivered", "refused"]);

const LOWEST = -Infinity;
const BATCH = 500;

/**
 * Return one page of records, newest first, and how many there are.
 *
 * @param {Record<string, IDBObjectStore>} tables
 * @param {{state?: string | null, query?: string, offset: number, limit: number}} page
 *   `state` is a state or a status; a query, in lower case, is sought in every summary
 */
export async function pageOf(tables, { state = null, query = "", offset, limit }) {
  if (query) return searched(tables, state, query, offset, limit);
  const [source, range] = sourceOf(tables, state);
  const total = await asked(source.count(range));
  const rows = [];
  if (limit <= 0 || offset >= total) return { rows, total };
  for await (const { value } of cursors(source, { range, direction: "prev", skip: offset })) {
    rows.push(value);
    if (rows.length >= limit) break;
  }
  return { rows, total };
}

/** Return every record in one state, or all, in the order of sealing, the oldest `limit`. */
export async function rowsIn(tables, state = null, limit = undefined) {
  const [source, range] = sourceOf(tables, state);
  return asked(source.getAll(range, limit));
}

/** Return the rows with their signed bytes. */
export async function withCompact({ sealed }, rows) {
  const compacts = await Promise.all(rows.map((row) => asked(sealed.get(row.position))));
  return rows.map((row, place) => ({ ...row, compact: compacts[place] }));
}

/** Return how many records are in each state. */
export async function countStates({ record }) {
  const counted = await Promise.all(STATES.map((state) => asked(record.index("state").count(keyed(state)))));
  return Object.fromEntries(STATES.map((state, place) => [state, counted[place]]));
}

/** Return how many records have each newest status, reading one row for each status. */
export async function countStatuses({ record }) {
  const index = record.index("status");
  const counted = {};
  let cursor = await asked(index.openKeyCursor());
  while (cursor) {
    const [status] = cursor.key;
    counted[status] = await asked(index.count(keyed(status)));
    cursor = await asked(index.openKeyCursor(IDBKeyRange.lowerBound([status, []])));
  }
  return counted;
}

/** Return when the oldest record without a receipt was sealed, null if all have one. */
export async function oldestUnsentAt({ record }) {
  const found = [];
  for (const state of ["sealed", "refused"]) {
    const row = await asked(record.index("state").get(keyed(state)));
    if (row) found.push(row);
  }
  found.sort((one, other) => one.position - other.position);
  return found.length > 0 ? found[0].sealed_at : null;
}

/** The records in a state, or all: their table or index, and the range after a position. */
function sourceOf({ record }, state, after = LOWEST) {
  if (state === null) return [record, IDBKeyRange.lowerBound(after, true)];
  return [record.index(STATES.includes(state) ? "state" : "status"), keyed(state, after)];
}

/** Every key [name, position] after a position: an array sorts after every number. */
function keyed(name, after = LOWEST) {
  return IDBKeyRange.bound([name, after], [name, []], true);
}

/** Every row is read, many at once: one by one takes several times as long. */
async function searched(tables, state, sought, offset, limit) {
  const found = [];
  let rows;
  let after = LOWEST;
  do {
    const [source, range] = sourceOf(tables, state, after);
    rows = await asked(source.getAll(range, BATCH));
    found.push(...rows.filter((row) => isFound(row, sought)));
    after = rows.length > 0 ? rows[rows.length - 1].position : after;
  } while (rows.length === BATCH);
  const newest = found.reverse();
  return { rows: newest.slice(offset, offset + limit), total: newest.length };
}

function isFound({ record_no, id, summary }, sought) {
  return soughtText(summary ?? summaryOf(null), [record_no, id]).includes(sought);
}
