/** The terms of the reference data in the language spoken now: codes, kinds, units, places. */
import { language } from "../words.js";

/**
 * Return a function that names a value of a vocabulary list, the value itself if unknown.
 *
 * @param {object} reference of the outbox
 * @returns {(list: string, value: string) => string}
 */
export function termsOf(reference) {
  const { entries } = reference.vocabulary;
  return (list, value) => {
    const entry = (entries[list] ?? []).find((one) => one.value === value);
    return entry ? inLanguage(entry) : value ?? "";
  };
}

/** Return "TM-202 …" for a violation's code. */
export function codeTitle(reference, code) {
  const entry = reference.codes.entries.find((one) => one.code === code);
  return entry ? `${code} ${inLanguage(entry)}` : code;
}

/** Return the name of a division if the county list has it. */
export function countyName(reference, code) {
  const feature = reference.counties.features.find(({ properties }) => properties.adcode === code);
  return feature ? feature.properties.name : code;
}

/** Return whichever of an entry's names is in the language spoken now. */
export function inLanguage(entry) {
  return language() === "en" ? entry.en : entry.zh;
}

/** Return an instant as this machine's clock shows it, to the minute. */
export function localTime(instant) {
  if (!instant) return "";
  const at = new Date(instant);
  return at.toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });
}
