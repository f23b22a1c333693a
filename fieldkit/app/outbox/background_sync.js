/**
 * Background sync, where a browser has it: the system wakes `background.js` when the link is
 * back, though the app is closed. Where there is none the other occasions serve.
 */

/** What the system is asked to wake the worker for. */
export const TAG = "gi-outbox";

const WORKER = new URL("../background.js", import.meta.url);
const SCOPE = new URL("../background/", import.meta.url);
const NOT_NOW = new Set(["NotAllowedError", "InvalidStateError", "InvalidAccessError"]);

/** The worker is there for the next time; null where there can be none, or no link to fetch it. */
export async function prepareBackgroundSync() {
  if (!navigator.serviceWorker || !("SyncManager" in self)) return null;
  try {
    return await navigator.serviceWorker.register(WORKER, { type: "module", scope: SCOPE });
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

/** Ask the system to wake the worker once there is a link. */
export async function askForBackgroundSync() {
  const registration = await prepareBackgroundSync();
  if (registration === null || !registration.active) return;
  try {
    await registration.sync.register(TAG);
  } catch (error) {
    if (!NOT_NOW.has(error.name)) throw error;
  }
}
