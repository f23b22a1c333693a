/** Back-off: how long to wait before the next attempt (sync/backoff.py). */

const FIRST_DELAY_S = 2;
const LONGEST_DELAY_S = 300;
const LONGEST_RETRY_AFTER_S = 3600;

/**
 * Return the seconds to wait after failed attempt number `attempt` (from 0).
 *
 * Doubles from 2 s up to 300 s; the upper half is drawn by `randomUnit` (0 to 1), so
 * that devices that failed together do not return together. Retry-After is a lower
 * bound, honoured up to an hour.
 *
 * @param {number} attempt
 * @param {number} randomUnit
 * @param {number | null} [retryAfterS]
 */
export function delayS(attempt, randomUnit, retryAfterS = null) {
  const ceiling = Math.min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** Math.min(Math.max(attempt, 0), 16));
  const delay = ceiling * (0.5 + 0.5 * randomUnit);
  if (retryAfterS === null) return delay;
  const floor = Math.min(Math.max(retryAfterS, 0), LONGEST_RETRY_AFTER_S);
  return Math.max(delay, floor + FIRST_DELAY_S * randomUnit);
}
