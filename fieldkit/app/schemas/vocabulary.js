/** The closed lists of words of protocol v1, with their names in zh and en. */

/** Return the words of one list, `premises_type` for example, as `[{value, zh, en}]`. */
export function labels(vocabulary, name) {
  return vocabulary.entries[name];
}

/** Return the `{zh, en}` of one word of a list, the word itself if it is not in it. */
export function label(vocabulary, name, value) {
  const { zh, en } = labels(vocabulary, name).find((entry) => entry.value === value) ?? { zh: value, en: value };
  return { zh, en };
}
