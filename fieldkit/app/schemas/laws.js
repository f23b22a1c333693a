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

const DIGITS = "零一二三四五六七八九";
const PROVISION = /^(\d+)(?:-(\d+))?(?:\.(\d+))?(?:\((\d+)\))?$/;

/**
 * Return provisions as a legal document writes them, `{zh, en}`: "57(3), 60.2" is item 3
 * of Article 57 and paragraph 2 of Article 60. What is written otherwise stays as it is.
 */
export function articleWords(articles) {
  const parts = articles.split(",").map((one) => one.trim()).filter(Boolean);
  const found = parts.map((part) => ({ part, match: PROVISION.exec(part) }));
  return {
    zh: found.map(({ part, match }) => (match ? inChinese(match) : part)).join("、"),
    en: found.map(({ part, match }) => (match ? inEnglish(match) : part)).join("; "),
  };
}

function inChinese([, article, last, paragraph, item]) {
  const to = last ? `至第${numeral(last)}条` : "";
  return `第${numeral(article)}条${to}${paragraph ? `第${numeral(paragraph)}款` : ""}${item ? `第${numeral(item)}项` : ""}`;
}

function inEnglish([, article, last, paragraph, item]) {
  return `Art. ${article}${last ? `–${last}` : ""}${paragraph ? ` para. ${paragraph}` : ""}${item ? ` item ${item}` : ""}`;
}

/** 57 as 五十七; up to 999. */
function numeral(text) {
  const [hundreds, tens, ones] = text.padStart(3, "0").split("").map(Number);
  const tensOf = tens === 0 ? (hundreds && ones ? DIGITS[0] : "") : `${tens === 1 && !hundreds ? "" : DIGITS[tens]}十`;
  return `${hundreds ? `${DIGITS[hundreds]}百` : ""}${tensOf}${ones ? DIGITS[ones] : ""}`;
}

/** Return a statute's `{zh, en}` name by its key, the key itself if it is not listed. */
export function lawName(laws, key) {
  const { zh, en } = laws.entries.find(({ law }) => law === key) ?? { zh: key, en: key };
  return { zh, en };
}
