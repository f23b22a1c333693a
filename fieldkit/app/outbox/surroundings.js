/** What the browser tells of the machine: its clocks, its link, its room. */

import { NEEDED_BYTES as PHOTO_ROOM_BYTES } from "../device/photo.js";
import { outboxProblem } from "./problems.js";

const TRY_EVERY_MS = 60_000;
const PROBE = "room-probe";
const LENGTHEN = "createWritable"; // asked for by name: Safari has had it since 26
export const RESERVE_BYTES = 1024 * 1024;
const SYNC_LOCK = "gi-fieldkit-sync";
const bootId = crypto.randomUUID();

/** Return one look at both clocks. @returns {import("../sync/device_clock.js").ClockReading} */
export function readClock() {
  return { now: new Date(), boot_id: bootId, uptime_ms: Math.round(performance.now()) };
}

/** What a sync takes from this browser. @returns {import("../sync/runner/run.js").Surroundings} */
export function theBrowser() {
  return { fetch: (...words) => fetch(...words), clock: readClock, hasLink };
}

/** Tell whether there may be a link: no only where the browser knows that there is none. */
export function hasLink() {
  return navigator.onLine !== false;
}

/** Tell whether the link is Wi-Fi or a cable: null where the browser does not say. */
export function isOnWifi() {
  const type = navigator.connection && navigator.connection.type;
  if (!type || type === "unknown" || type === "other") return null;
  return type === "wifi" || type === "ethernet";
}

/**
 * Return how much of the browser's storage is used; null where it does not say. `is_short`:
 * a photograph does not fit on the disk, as tried now or, unless `isRoomTried`, less than a minute ago.
 *
 * @param {{isRoomTried: boolean}} how
 * @returns {Promise<{usage_bytes: number | null, quota_bytes: number | null, is_persisted: boolean, is_short: boolean}>}
 */
export async function storageFigures({ isRoomTried }) {
  const { storage } = navigator;
  if (!storage || !storage.estimate) return { usage_bytes: null, quota_bytes: null, is_persisted: false, is_short: false };
  const persisted = storage.persisted ? storage.persisted() : false;
  const [{ usage = null, quota = null }, is_persisted, isPhotoFitting] = await Promise.all([storage.estimate(), persisted, fitsAPhoto(isRoomTried)]);
  return { usage_bytes: usage, quota_bytes: quota, is_persisted, is_short: !isPhotoFitting };
}

let fittedAt = -Infinity;

/** A photograph fits on the disk, or did less than a minute ago: to try it is to write. */
async function fitsAPhoto(isTried) {
  if (!isTried && performance.now() - fittedAt < TRY_EVERY_MS) return true;
  const isFitting = await canLengthen(PHOTO_ROOM_BYTES);
  if (isFitting) fittedAt = performance.now();
  return isFitting;
}

/** Pass if this much fits, as far as the browser tells; rejects "disk-full" before anything is taken. */
export async function requireRoom(neededBytes) {
  if (!(await hasRoom(neededBytes + RESERVE_BYTES))) throw outboxProblem("disk-full");
}

/** Tell whether so much more fits, as far as the browser says. */
async function hasRoom(neededBytes) {
  const { storage } = navigator;
  if (!storage || !storage.estimate) return true;
  const { usage = 0, quota = Infinity } = await storage.estimate();
  return quota - usage >= neededBytes && canLengthen(neededBytes);
}

/**
 * Tell whether a file may become so long; true where that cannot be asked.
 *
 * Chromium tells every page the same quota, however little room the disk has; a file that
 * grows is held to the room there is. It is given up at once, and nothing is written.
 */
async function canLengthen(neededBytes) {
  try {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle(PROBE, { create: true });
    if (!(LENGTHEN in file)) return true;
    const stream = await file[LENGTHEN]();
    await stream.truncate(neededBytes);
    await stream.abort();
    return true;
  } catch (error) {
    return error.name !== "QuotaExceededError";
  }
}

/** Ask the browser never to clear this by itself; what it answers stops nothing. */
export async function askToPersist() {
  const { storage } = navigator;
  if (storage && storage.persist && !(await storage.persisted())) await storage.persist();
}

/** Tell whether a sync runs in any window; null where the browser cannot tell. */
export async function isSyncHeld() {
  if (!navigator.locks || !navigator.locks.query) return null;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === SYNC_LOCK);
}
