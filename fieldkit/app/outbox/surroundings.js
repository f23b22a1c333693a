/** What the browser tells of the machine: its clocks, its link, its room. */

import { outboxProblem } from "./problems.js";

export const RESERVE_BYTES = 1024 * 1024;
const SYNC_LOCK = "gi-fieldkit-sync";
const bootId = crypto.randomUUID();

/** Return one look at both clocks. @returns {import("../sync/device_clock.js").ClockReading} */
export function readClock() {
  return { now: new Date(), boot_id: bootId, uptime_ms: Math.round(performance.now()) };
}

/** Tell whether the link is Wi-Fi or a cable: null where the browser does not say. */
export function isOnWifi() {
  const type = navigator.connection && navigator.connection.type;
  if (!type || type === "unknown" || type === "other") return null;
  return type === "wifi" || type === "ethernet";
}

/**
 * Return how much of the browser's storage is used; null where it does not say.
 *
 * @returns {Promise<{usage_bytes: number | null, quota_bytes: number | null, is_persisted: boolean}>}
 */
export async function storageFigures() {
  const { storage } = navigator;
  if (!storage || !storage.estimate) return { usage_bytes: null, quota_bytes: null, is_persisted: false };
  const { usage = null, quota = null } = await storage.estimate();
  const is_persisted = storage.persisted ? await storage.persisted() : false;
  return { usage_bytes: usage, quota_bytes: quota, is_persisted };
}

/** Pass if this much fits, as far as the browser tells; rejects "disk-full" before anything is taken. */
export async function requireRoom(neededBytes) {
  const { usage_bytes, quota_bytes } = await storageFigures();
  if (usage_bytes === null || quota_bytes === null) return;
  const free_bytes = quota_bytes - usage_bytes;
  const needed_bytes = neededBytes + RESERVE_BYTES;
  if (free_bytes < needed_bytes) throw outboxProblem("disk-full", { details: { free_bytes, needed_bytes } });
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
