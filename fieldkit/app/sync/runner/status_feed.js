/** Reading what became of records after they were delivered (fieldkit/runner/status_feed.py). */

import { readReason } from "../outcome.js";
import { protocolBroken } from "./link_problems.js";

/** Known here by the photographs' own receipts; it is not how a record stands. */
const PHOTOS_COMPLETE = "photos-complete";

/**
 * Keep every status event since the last sync; each page is durable by itself.
 *
 * An earlier identity's feed is read from its beginning each time (the store keeps one
 * cursor, the current identity's): it is short, and says the same at every reading.
 *
 * @param {import("./exchange.js").Exchange} exchange
 */
export async function readStatusFeed(exchange) {
  const { store, report, transport, isCurrent } = exchange;
  let cursor = isCurrent ? await store.statusCursor() : 0;
  let more = true;
  while (more) {
    const after = cursor;
    const page = await exchange.call((token) => transport.status(token, after));
    const events = page.events.map(readEvent);
    cursor = Math.max(page.next, after);
    const standings = events.filter((event) => event.status !== PHOTOS_COMPLETE);
    await store.recordStatuses(standings, isCurrent ? cursor : 0);
    report.events += events.length;
    exchange.progress("status", report.events, null);
    more = page.more && cursor > after;
  }
}

function readEvent({ position, id, hash, status, code = null, reason, at }) {
  const words = readReason(reason);
  const isWhole = [id, hash, status, at].every((value) => typeof value === "string");
  if (!isWhole || !Number.isSafeInteger(position) || words === undefined) throw protocolBroken("events");
  return { position, id, hash, status, code, reason: words, at };
}
