/**
 * What the device's clock shows, and how far it is off by the server's word
 * (fieldkit/device_clock.py).
 *
 * After a contact with the server, at least so much time has passed as a clock shows that
 * nobody can set: a wall clock that was set back is known by it. In a browser that clock
 * stands still while the device sleeps; a wall clock that ran ahead of it may have slept,
 * and keeps the offset of the contact. So it is after a restart; a wall clock that shows
 * less than at the contact was set right since.
 */

import { instant, instantText, offsetMs } from "./clock.js";

const SERVER_CLOCK = "server_clock";
const LAST_CONTACT = "last_contact_at";

/**
 * One look at both clocks; `uptime_ms` counts from what `boot_id` names (a browser has
 * no boot clock: its page's start), sleep left out.
 *
 * @typedef {{now: Date, boot_id: string, uptime_ms: number}} ClockReading
 */

/** @typedef {import("./store_port.js").SyncStore} SyncStore */

/** Keep what the server's clock showed at this reading of ours, and that it was heard. */
export async function noteServerTime(store, serverTime, reading) {
  const now = instantText(reading.now);
  const { boot_id, uptime_ms } = reading;
  const server_at = instantText(instant(serverTime));
  await store.setMetas({ [SERVER_CLOCK]: { now, boot_id, uptime_ms, server_at }, [LAST_CONTACT]: now });
}

/** When the server was last heard, by the device's clock; null before that. */
export function lastContactAt(store) {
  return store.meta(LAST_CONTACT);
}

/**
 * Return the envelope's `clock`; the offset is positive where the device is ahead, null
 * before the first contact.
 *
 * @param {SyncStore} store
 * @param {ClockReading} reading
 */
export async function sealedClock(store, { now, boot_id, uptime_ms }) {
  const note = await store.meta(SERVER_CLOCK);
  const offset_ms = note === null ? null : offsetBy(note, { now, boot_id, uptime_ms });
  return { boot_id, uptime_ms, offset_ms, offset_source: offset_ms === null ? null : "server" };
}

function offsetBy(note, reading) {
  const [shownAt, serverAt] = [instant(note.now), instant(note.server_at)];
  const awake_ms = note.boot_id === reading.boot_id ? reading.uptime_ms - note.uptime_ms : 0;
  const byUptime = offsetMs(reading.now, new Date(serverAt.getTime() + awake_ms));
  // Less than it showed then: it was set, and so set right, or at least so far back.
  const otherwise = reading.now < shownAt ? 0 : offsetMs(shownAt, serverAt);
  return Math.min(otherwise, byUptime);
}
