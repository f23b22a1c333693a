/**
 * Syncing by itself: on opening, when the link is back, when the app comes to the front; and
 * by the system, where it can, once the app is away.
 */

import { hasLink } from "./surroundings.js";

const SETTLE_MS = 2_000;
const AT_MOST_EVERY_MS = 30_000;
const LOOK_EVERY_MS = 5 * 60_000;
const STALE_AFTER_MS = 15 * 60_000;

/** Begins a sync when one may help; a failed one waits for the next occasion. */
export class Automatic {
  #beganAt = -Infinity;
  #soon = null;

  /**
   * @param {object} outbox of a tablet or a laptop
   * @param {{prepare: () => Promise<void>, ask: () => Promise<void>}} system wakes a worker
   *   once there is a link; on a laptop it is the program that stays
   */
  constructor(outbox, system = { prepare: async () => {}, ask: async () => {} }) {
    this.outbox = outbox;
    this.system = system;
  }

  /** Watch for occasions from now on; returns the end of it. */
  start() {
    const now = () => this.#occasion({ isUrgent: true });
    const look = () => document.visibilityState === "visible" && this.#occasion();
    const turned = () => (document.visibilityState === "hidden" ? this.#leave() : this.#occasion());
    addEventListener("online", now);
    document.addEventListener("visibilitychange", turned);
    const timer = setInterval(look, LOOK_EVERY_MS);
    this.#occasion();
    return () => {
      removeEventListener("online", now);
      document.removeEventListener("visibilitychange", turned);
      clearInterval(timer);
      clearTimeout(this.#soon);
    };
  }

  /** Something was sealed: soon, so that a second record goes with it; after a sync that runs. */
  soon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#occasion({ isUrgent: true }), SETTLE_MS);
  }

  async #occasion({ isUrgent = false } = {}) {
    const isTooSoon = !isUrgent && performance.now() - this.#beganAt < AT_MOST_EVERY_MS;
    if (isTooSoon) return;
    this.#beganAt = performance.now();
    await this.#ifWorthIt(() => this.#send(isUrgent), isUrgent);
  }

  async #send(isUrgent) {
    if (!hasLink()) return this.system.ask();
    const { stopped, is_joined } = await this.outbox.sync();
    if (stopped) return this.system.ask();
    // It may have been past its records when this one was sealed.
    if (is_joined && isUrgent) this.soon();
    return this.system.prepare();
  }

  /** The app goes to the back, and may be ended there. */
  #leave() {
    return this.#ifWorthIt(() => this.system.ask());
  }

  async #ifWorthIt(work, isUrgent = false) {
    try {
      if (await this.#isWorthIt()) await work();
    } catch (problem) {
      if (!problem.zh) throw problem; // in words: the queue shows how it stands
      if (problem.code === "sync-running" && isUrgent) this.soon();
    }
  }

  async #isWorthIt() {
    const { device_id, unsent, photos_due, last_contact_at } = await this.outbox.status();
    if (device_id === null) return false;
    const age_ms = last_contact_at === null ? Infinity : Date.now() - Date.parse(last_contact_at);
    return unsent > 0 || photos_due > 0 || age_ms > STALE_AFTER_MS || age_ms < 0;
  }
}
