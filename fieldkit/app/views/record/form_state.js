/** What the parts of one form share: the answers, the reference, and who is told of a change. */
import { actedOnOrToday } from "../../sync/clock.js";
import { CodeList } from "../../schemas/codes.js";
import { inLanguage } from "../terms.js";

/** One form being filled in. */
export class FormState {
  #listeners = new Set();
  #keeping = new Set();
  /** How many photographs or signatures could not be kept; each was told. */
  lost = 0;

  /**
   * @param {{context: object, answers: object, reference: object, settings: object,
   *   identity: object, status: object, keeper: object}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.codes = new CodeList(this.reference.codes);
  }

  /**
   * The answers changed: keep them, tell the parts. `what` names the part that changed.
   *
   * A position alone begins no draft: it came by itself, and nobody has said anything.
   */
  changed(what = "") {
    if (what !== "position" || this.keeper.isBegun) this.keeper.touch();
    for (const listener of this.#listeners) listener(what);
  }

  /** A photograph or signature is being kept; saving and leaving wait. Returns the promise. */
  keeping(promise) {
    this.#keeping.add(promise);
    const end = () => this.#keeping.delete(promise);
    promise.then(end, end);
    return promise;
  }

  /** Nothing is being kept any more. */
  async settled() {
    while (this.#keeping.size > 0) await Promise.allSettled([...this.#keeping]);
  }

  /** Who took a photograph, as its evidence says. */
  get captors() {
    return this.officers.map(({ name }) => name).join("、").slice(0, 100);
  }

  /** Be told of every change, until the form is closed. */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** Return the words of a list as options, the last used first. */
  options(list, first = null) {
    const entries = this.reference.vocabulary.entries[list].map((entry) => ({ value: entry.value, label: inLanguage(entry) }));
    return entries.sort((one, other) => (other.value === first) - (one.value === first));
  }

  /** Return the same with "not said" before them. */
  optionsOrNone(list) {
    return [{ value: "", label: "—" }, ...this.options(list)];
  }

  /** The day of the act, by which law and area are chosen; today while its time is unsaid. */
  get actedOn() {
    const { answers, status } = this;
    const site = { fix: answers.position.fix };
    const { observed_at, kept } = answers;
    const said = { body: { observed_at, observed_offset_ms: kept.observed_offset_ms, site }, clock: { offset_ms: status.clock_offset_ms } };
    return actedOnOrToday(said, new Date());
  }
}
