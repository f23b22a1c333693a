/** The season rule of a year: from when, and how sweet, the fruit may be picked. */

/**
 * Return the rule of the season that a day belongs to, null if none is known.
 *
 * Days from January to June belong to the season that began in the year before.
 *
 * @param {{entries: Array<{right: string, year: number}>}} seasons
 * @param {string} right
 * @param {string} on "2023-12-02"
 */
export function seasonRule(seasons, right, on) {
  const [year, month] = on.split("-").map(Number);
  const season = month >= 7 ? year : year - 1;
  return seasons.entries.find((rule) => rule.right === right && rule.year === season) ?? null;
}
