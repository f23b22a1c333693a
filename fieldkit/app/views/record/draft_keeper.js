/**
 * Keeping a draft: what was answered is in the outbox a moment after each keystroke, and
 * before the page goes away.
 */

/** The most that a crash may cost, counted from the first keystroke that is not yet kept. */
export const SAVE_AFTER_MS = 250;

/** One draft being written. Saves follow each other, so that it never becomes two. */
export class DraftKeeper {
  #timer = null;
  #isChanged = false;
  #isOver = false;
  #last = Promise.resolve();

  /**
   * @param {object} outbox
   * @param {object} answers held by reference; the form changes them
   * @param {number|null} number null until first saved
   * @param {{onSaved: (number: number) => void, onProblem: (error: Error) => void}} tell
   */
  constructor(outbox, answers, number, { onSaved, onProblem }) {
    Object.assign(this, { outbox, answers, number, onSaved, onProblem });
  }

  /** Whether there is a draft, or something said that will become one. */
  get isBegun() {
    return this.number !== null || this.#isChanged;
  }

  /** The answers changed: they are saved soon. */
  touch() {
    this.#isChanged = true;
    this.#timer ??= setTimeout(() => this.flush().catch(this.onProblem), SAVE_AFTER_MS);
  }

  /** What was answered is durable when this resolves. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#last = this.#last.catch(() => {}).then(() => this.#save());
    return this.#last;
  }

  /** Return the draft's number; it is saved once if it has none yet. */
  async named() {
    if (this.number === null) this.#isChanged = true;
    await this.flush();
    return this.number;
  }

  /** Save no more: the record is sealed, or the form is closed. */
  end() {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #save() {
    if (!this.#isChanged || this.#isOver) return;
    this.#isChanged = false;
    try {
      this.number = await this.outbox.saveDraft(this.answers, this.number);
    } catch (error) {
      this.#isChanged = true;
      throw error;
    }
    this.onSaved(this.number);
  }
}

/** Save whenever the page is hidden or left; returns how to stop. */
export function saveWhenHidden(keeper) {
  const save = () => keeper.flush().catch(() => {});
  const hidden = () => document.visibilityState === "hidden" && save();
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", save);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("pagehide", save);
  };
}
