/** The enforcement units, by their code, name or initials: `schemas/units.py`. */

/** Return the unit of a code, or null. */
export function unitOf(units, code) {
  return units.entries.find((entry) => entry.unit_code === code) ?? null;
}

/**
 * Return the units whose code, name or pinyin initials begin with a text, as listed;
 * all of them for an empty text.
 */
export function searchUnits(units, text) {
  const wanted = text.trim().toLowerCase();
  return units.entries.filter((entry) =>
    [entry.unit_code, entry.name, entry.pinyin_initials].some((held) => held.toLowerCase().startsWith(wanted)),
  );
}

/** Tell whether a county code is none of the unit's host counties; unknown hosts: no. */
export function isForeignCounty(units, unitCode, countyCode) {
  const hosts = unitOf(units, unitCode)?.host_counties ?? [];
  return hosts.length > 0 && !hosts.includes(countyCode);
}
