/**
 * Which of a receiver's readings stands for the place: the best one, or the mean of many.
 *
 * A reading is a fix as the record writes it. A better one is taken while one types; one
 * that lies elsewhere is not, once the receiver has settled: the inspector has walked
 * away from what the record is about. Pure.
 */

/** From so many readings on their mean is taken. */
export const LEAST_AVERAGED = 5;
/** A receiver may still jump for so long after it was started. */
export const SETTLING_MS = 120_000;

const METRES_PER_DEGREE = 111_320;
const MOST_HELD = 60;

/** Return the distance of two near positions in metres, good to a few parts in a thousand. */
export function metresApart(one, other) {
  const middle = ((one.lat_deg + other.lat_deg) / 2) * (Math.PI / 180);
  const east = (one.lon_deg - other.lon_deg) * Math.cos(middle);
  return Math.hypot(east, one.lat_deg - other.lat_deg) * METRES_PER_DEGREE;
}

/** The best fix so far. */
export class BestFix {
  #near = [];
  #startedAtMs;

  /** @param {number} startedAtMs when the receiver was started */
  constructor(startedAtMs) {
    this.#startedAtMs = startedAtMs;
    /** The fix to record, null before the first reading; a mean says so by `averaged_from`. */
    this.fix = null;
  }

  /**
   * Take note of a reading.
   *
   * @param {object} reading with `radius95_m` above 0, or null: one of unknown accuracy stands
   *   only until a better one comes
   * @param {number} atMs
   * @returns {{is_taken: boolean, away_m: number|null}} `away_m` where the reading says that
   *   the inspector is elsewhere now; the fix then stays
   */
  add(reading, atMs) {
    if (this.fix === null || !this.fix.radius95_m) return this.#begin(reading);
    if (!reading.radius95_m) return { is_taken: false, away_m: null };
    const apart_m = metresApart(this.fix, reading);
    const isNear = apart_m <= this.fix.radius95_m + reading.radius95_m;
    const isBetter = reading.radius95_m < this.fix.radius95_m;
    if (!isNear) {
      const isSettling = atMs - this.#startedAtMs < SETTLING_MS;
      return isSettling && isBetter ? this.#begin(reading) : { is_taken: false, away_m: apart_m };
    }
    this.#near.push(reading);
    if (this.#near.length > MOST_HELD) this.#near.shift();
    return this.#improve(reading, isBetter);
  }

  #begin(reading) {
    this.#near = [reading];
    this.fix = reading;
    return { is_taken: true, away_m: null };
  }

  #improve(reading, isBetter) {
    const mean = averaged(this.#near);
    if (mean) {
      this.fix = mean;
    } else if (isBetter) {
      this.fix = reading;
    }
    return { is_taken: Boolean(mean) || isBetter, away_m: null };
  }
}

/**
 * Return the mean of readings weighted by 1/radius², of those that hold it within their
 * own radius; null if they are fewer than `LEAST_AVERAGED`.
 *
 * Its radius is that of the best reading: readings that follow each other share most of
 * their error, so more of them make the place steadier and not provably more accurate.
 *
 * @returns {object | null} a fix with `averaged_from`, how many they were
 */
export function averaged(readings) {
  if (readings.length < LEAST_AVERAGED) return null;
  const best_m = Math.min(...readings.map(({ radius95_m }) => radius95_m));
  const alike = readings.filter(({ radius95_m }) => radius95_m <= 2 * best_m);
  const held = alike.filter((reading) => metresApart(reading, meanOf(alike)) <= reading.radius95_m);
  if (held.length < LEAST_AVERAGED) return null;
  return { ...held[held.length - 1], ...meanOf(held), radius95_m: best_m, averaged_from: held.length };
}

function meanOf(readings) {
  let weights = 0;
  let lon = 0;
  let lat = 0;
  // About the first reading, so that no digits are lost in large sums.
  const [{ lon_deg: lon0, lat_deg: lat0 }] = readings;
  for (const { lon_deg, lat_deg, radius95_m } of readings) {
    const weight = 1 / radius95_m ** 2;
    weights += weight;
    lon += weight * (lon_deg - lon0);
    lat += weight * (lat_deg - lat0);
  }
  return { lon_deg: rounded(lon0 + lon / weights), lat_deg: rounded(lat0 + lat / weights) };
}

// A hundredth of a millimetre: what is more is noise of the arithmetic.
function rounded(degrees) {
  return Math.round(degrees * 1e10) / 1e10;
}
