/** Statutes, and the provisions that a code rests on at the day of the act. */

/**
 * Return the provisions that apply to an act of a day.
 *
 * The law of the day of the act decides, not that of the day of the decision.
 *
 * @param {Array<{law: string, articles: string, in_force_from?: string | null,
 *   in_force_to?: string | null}>} bases rows of a code
 * @param {string} on the day, "2023-12-02"
 */
export function basesInForce(bases, on) {
  return bases.filter((basis) => isInForce(on, basis.in_force_from, basis.in_force_to));
}

/** Tell whether a day lies in a period; both ends belong to it, null is open. */
export function isInForce(on, first, last) {
  return (!first || first <= on) && (!last || on <= last);
}

/** Return a statute's `{zh, en}` name by its key, the key itself if it is not listed. */
export function lawName(laws, key) {
  const { zh, en } = laws.entries.find(({ law }) => law === key) ?? { zh: key, en: key };
  return { zh, en };
}
