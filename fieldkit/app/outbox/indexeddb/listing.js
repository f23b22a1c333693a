/** Finding records and counting them; a page touches its own rows and no others. */

import { soughtText, summaryOf } from "../summary.js";
import { asked, cursors } from "./database.js";

export const STATES = Object.freeze(["sealed", "delivered", "refused"]);

const LOWEST = -Infinity;

/**
 * Return one page of records, newest first, and how many there are.
 *
 * @param {Record<string, IDBObjectStore>} tables
 * @param {{state?: string | null, query?: string, offset: number, limit: number}} page
 *   `state` is a state or a status; a query, in lower case, is sought in every summary
 */
export async function pageOf(tables, { state = null, query = "", offset, limit }) {
  const [source, range] = sourceOf(tables, state);
  if (query) return searched(source, range, query, offset, limit);
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

function sourceOf({ record }, state) {
  if (state === null) return [record, null];
  return [record.index(STATES.includes(state) ? "state" : "status"), keyed(state)];
}

/** Every key [name, position]: an array sorts after every number. */
function keyed(name) {
  return IDBKeyRange.bound([name, LOWEST], [name, []]);
}

async function searched(source, range, sought, offset, limit) {
  const rows = [];
  let total = 0;
  for await (const { value } of cursors(source, { range, direction: "prev" })) {
    if (!isFound(value, sought)) continue;
    if (total >= offset && rows.length < limit) rows.push(value);
    total += 1;
  }
  return { rows, total };
}

function isFound({ record_no, id, summary }, sought) {
  return soughtText(summary ?? summaryOf(null), [record_no, id]).includes(sought);
}
