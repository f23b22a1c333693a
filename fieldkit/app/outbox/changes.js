/** News among the windows of one browser: something may have changed. */

const CHANNEL = "gi-field-changes";
const STEPS_MS = 1_000;

/** Tells its listeners, and those of every other window, once per turn. */
export class Changes {
  #listeners = new Set();
  #channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  #isDue = false;
  #steps = null;

  constructor() {
    if (this.#channel) this.#channel.onmessage = () => this.#tell();
  }

  /** Something was changed here. */
  note() {
    if (this.#isDue) return;
    this.#isDue = true;
    Promise.resolve().then(() => {
      this.#isDue = false;
      if (this.#channel) this.#channel.postMessage(null);
      this.#tell();
    });
  }

  /** One step of many was done here: told once a second for all of them. */
  noteStep() {
    this.#steps ??= setTimeout(() => {
      this.#steps = null;
      this.note();
    }, STEPS_MS);
  }

  /** @param {() => void} listener @returns {() => void} its undoing */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell() {
    for (const listener of [...this.#listeners]) listener();
  }
}
