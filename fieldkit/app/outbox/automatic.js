/** Syncing by itself: on opening, when the link is back, when the app comes to the front. */

const SETTLE_MS = 2_000;
const AT_MOST_EVERY_MS = 30_000;
const LOOK_EVERY_MS = 5 * 60_000;
const STALE_AFTER_MS = 15 * 60_000;
const TAG = "gi-outbox";

/** Begins a sync when one may help; a failed one waits for the next occasion. */
export class Automatic {
  #beganAt = -Infinity;
  #soon = null;

  /** @param {import("./tablet.js").IndexedDbOutbox} outbox */
  constructor(outbox) {
    this.outbox = outbox;
  }

  /** Watch for occasions from now on; returns the end of it. */
  start() {
    const now = () => this.#occasion({ isUrgent: true });
    const visible = () => document.visibilityState === "visible" && this.#occasion();
    const told = (event) => event.data && event.data.type === "sync" && now();
    const worker = navigator.serviceWorker;
    addEventListener("online", now);
    document.addEventListener("visibilitychange", visible);
    if (worker) worker.addEventListener("message", told);
    const timer = setInterval(visible, LOOK_EVERY_MS);
    this.#occasion();
    return () => {
      removeEventListener("online", now);
      document.removeEventListener("visibilitychange", visible);
      if (worker) worker.removeEventListener("message", told);
      clearInterval(timer);
      clearTimeout(this.#soon);
    };
  }

  /** Something was sealed: soon, so that a second record goes with it. */
  soon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#occasion({ isUrgent: true }), SETTLE_MS);
    askForBackgroundSync();
  }

  async #occasion({ isUrgent = false } = {}) {
    const isTooSoon = !isUrgent && performance.now() - this.#beganAt < AT_MOST_EVERY_MS;
    if (isTooSoon || navigator.onLine === false) return;
    this.#beganAt = performance.now();
    try {
      if (await this.#isWorthIt()) await this.outbox.sync();
    } catch (problem) {
      if (!problem.zh) throw problem; // in words: the queue shows how it stands
    }
  }

  async #isWorthIt() {
    const { device_id, unsent, photos_due, last_contact_at } = await this.outbox.status();
    if (device_id === null) return false;
    const age_ms = last_contact_at === null ? Infinity : Date.now() - Date.parse(last_contact_at);
    return unsent > 0 || photos_due > 0 || age_ms > STALE_AFTER_MS || age_ms < 0;
  }
}

/** Ask the system to wake the app when the link is back, where there is such a thing. */
async function askForBackgroundSync() {
  const worker = navigator.serviceWorker;
  if (!worker || !("SyncManager" in self)) return;
  try {
    const registration = await worker.getRegistration();
    if (registration) await registration.sync.register(TAG);
  } catch (error) {
    if (error.name !== "NotAllowedError" && error.name !== "InvalidStateError" && error.name !== "InvalidAccessError") throw error;
  }
}
