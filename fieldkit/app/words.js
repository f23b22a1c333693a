/**
 * Words for people, in Chinese and English side by side, so that neither is forgotten.
 *
 * A room adds its table once: `addWords({"queue.title": ["待发队列", "Queue"]})`.
 */

const LANGUAGES = ["zh-CN", "en"];
const table = new Map();
let place = 0;

/** Add a room's words; a key given twice with other words is a fault. */
export function addWords(words) {
  for (const [key, pair] of Object.entries(words)) {
    const held = table.get(key);
    if (held && held.join("|") !== pair.join("|")) throw new Error(`words given twice: ${key}`);
    table.set(key, pair);
  }
}

/** Speak this language from now on; unknown ones are Chinese. */
export function setLanguage(name) {
  place = LANGUAGES.indexOf(name) === 1 ? 1 : 0;
}

/** The language spoken now: "zh-CN" or "en". */
export function language() {
  return LANGUAGES[place];
}

/**
 * Return the words of a key, `{name}` replaced by the parameter of that name.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 */
export function say(key, params = {}) {
  const pair = table.get(key);
  if (!pair) throw new Error(`no words for ${key}`);
  return pair[place].replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Return whichever side of `{zh, en}` is spoken now. */
export function sayEither({ zh, en }) {
  return place === 1 ? en : zh;
}

/** Every key and its pair, for the test that holds the tables complete. */
export function allWords() {
  return new Map(table);
}
