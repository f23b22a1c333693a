/** The unified social credit code (统一社会信用代码) and its check digit: GB 32100-2015, Annex A. */

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** Tell whether a text is a credit code: 18 capital characters, the last one agreeing. */
export function isCreditCode(text) {
  if (text.length !== 18) return false;
  let weight = 1;
  let total = 0;
  for (const character of text.slice(0, 17)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return false;
    total += value * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (total % 31)) % 31] === text[17];
}
