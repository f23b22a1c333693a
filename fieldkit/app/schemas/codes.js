/** The violation codes, and how they are found while typing: `schemas/codes.py`. */
import { Problem } from "../problem.js";
import { basesInForce, isInForce } from "./laws.js";

export const NO_FINDING = "NV-000";

/** The codes of one version, in the order in which they are listed. */
export class CodeList {
  #byCode;

  /** @param {{version: string, entries: Array<object>}} document the reference's codes */
  constructor(document) {
    this.version = document.version;
    this.#byCode = new Map(document.entries.map((entry) => [entry.code, entry]));
  }

  /** Every entry as listed: `{code, zh, en, origin_rule, needs, counts_as_act, …}`. */
  get entries() {
    return [...this.#byCode.values()];
  }

  /** Tell whether the list has a code. */
  has(code) {
    return this.#byCode.has(code);
  }

  /**
   * Return the entry of a code.
   *
   * @throws {Problem} code-unknown
   */
  get(code) {
    const found = this.#byCode.get(code);
    if (found) return found;
    const words = {
      zh: `代码表中没有 ${code}，请从列表中选择。`,
      en: `No code ${code} in the list; choose one that is listed.`,
    };
    throw new Problem("code-unknown", words, { field: "violations.code" });
  }

  /**
   * Return the entries that a word finds; all of them for an empty text.
   *
   * The word may be part of the code, of the Chinese or English name, or of the name's
   * pinyin initials. Codes that begin with it come first, then names, then the rest;
   * within each, those in `recent` (newest first), then the order of the list.
   *
   * @param {string} text
   * @param {string[]} [recent] codes lately used, the last one first
   */
  search(text, recent = []) {
    const wanted = text.trim().toLowerCase();
    const places = new Map(recent.map((code, place) => [code, place]));
    const used = (entry) => places.get(entry.code) ?? recent.length;
    return this.entries
      .map((entry) => ({ entry, rank: rankOf(entry, wanted) }))
      .filter(({ rank }) => rank !== null)
      .sort((one, other) => one.rank - other.rank || used(one.entry) - used(other.entry))
      .map(({ entry }) => entry);
  }

  /**
   * Return the one entry that a typed text means: its code, its number ("101"), its
   * initials, or words that find only this one; null if none or several.
   */
  meant(text) {
    const wanted = text.trim().toUpperCase();
    const found = this.search(text);
    const exact = found.filter(({ code, pinyin_initials: initials }) =>
      [code, code.slice(-3), initials.toUpperCase()].includes(wanted),
    );
    const chosen = exact.length > 0 ? exact : found;
    return chosen.length === 1 ? chosen[0] : null;
  }

  /** Return the provisions proposed for an act of a day ("2023-12-02"); maybe none. */
  basesOn(code, actedOn) {
    return basesInForce(this.get(code).bases, actedOn);
  }

  /** Tell whether a code could be chosen for an act of a day. */
  isValidOn(code, actedOn) {
    const { valid_from: first, valid_to: last } = this.get(code);
    return isInForce(actedOn, first, last);
  }
}

function rankOf(entry, wanted) {
  const code = entry.code.toLowerCase();
  if (code.startsWith(wanted)) return 0;
  if (entry.zh.toLowerCase().includes(wanted) || entry.en.toLowerCase().includes(wanted)) return 1;
  if (entry.pinyin_initials.startsWith(wanted)) return 2;
  if (entry.pinyin_initials.includes(wanted) || code.includes(wanted)) return 3;
  return null;
}
