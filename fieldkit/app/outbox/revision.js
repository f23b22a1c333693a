/** What may be done to an observation after it was sealed (fieldkit/revision.py). */

import { openRecord } from "../sync/record.js";
import { outboxProblem } from "./problems.js";

/**
 * Return the version that a change stands on: always the newest one held here.
 *
 * Rejects "not-found", or "withdrawn".
 *
 * @param {import("./indexeddb/store.js").IndexedDbStore} store
 * @param {string} id of any of the observation's versions
 */
export async function targetOf(store, id) {
  const record = await store.get(id);
  if (record === null) throw outboxProblem("not-found");
  const versions = await store.versions(record.root_id);
  const newest = versions[versions.length - 1];
  if (newest.kind === "withdrawal") throw outboxProblem("withdrawn");
  const payloads = await Promise.all(versions.map(async ({ compact }) => (await openRecord(compact)).payload));
  const earlier = payloads.map(({ body }) => body);
  const isFinal = earlier.some((body) => body.amendment?.kind === "finalise");
  const { root_id, record_no } = newest;
  const current = withOffset(payloads[payloads.length - 1]);
  return { amends: newest.id, root_id, record_no, current, earlier, isFinal };
}

/** The body, and how far the clock was ahead that showed the time of the visit. */
function withOffset({ body, clock }) {
  return { ...body, observed_offset_ms: body.observed_offset_ms ?? clock.offset_ms ?? 0 };
}

/** Pass if the change was made to the newest version, or (null) does not say to which; throws "amended-meanwhile". */
export function requireNewest({ amends }, standsOn) {
  if (standsOn !== null && standsOn !== amends) throw outboxProblem("amended-meanwhile");
}

/** Pass if an amendment of this kind may follow; throws "finalised". */
export function requireOpen({ isFinal }, kind) {
  if (isFinal && kind !== "addendum") throw outboxProblem("finalised");
}
