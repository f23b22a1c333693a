/**
 * Sine and cosine of half-turns, the same to the last bit as `geo/angles.py`.
 *
 * Library sines differ between C, numpy and JavaScript in the last digit, so these are
 * polynomials of additions and multiplications only, in the same order as there.
 */

// Taylor, highest power first: (-1)**k * pi**(2k+1) / (2k+1)!
const SINE = [
  -3.137792963448228e-19,
  2.9567015428549106e-17,
  -2.432561179993389e-15,
  1.7302192458361107e-13,
  -1.0518471716932065e-11,
  5.392664662608129e-10,
  -2.2948428997269873e-8,
  7.952054001475513e-7,
  -2.1915353447830217e-5,
  0.00046630280576761255,
  -0.0073704309457143504,
  0.08214588661112823,
  -0.5992645293207921,
  2.5501640398773455,
  -5.16771278004997,
  3.141592653589793,
];
// (-1)**k * pi**(2k) / (2k)!
const COSINE = [
  -7.700707130601354e-11,
  3.604730797462501e-9,
  -1.3878952462213771e-7,
  4.303069587032947e-6,
  -0.0001046381049248457,
  0.0019295743094039231,
  -0.02580689139001406,
  0.2353306303588932,
  -1.3352627688545895,
  4.0587121264167685,
  -4.934802200544679,
  1.0,
];

/** Sine of `halfTurns` times π, within 2e-15, for any finite argument. */
export function sinHalfTurns(halfTurns) {
  const reduced = halfTurns - 2.0 * Math.floor(halfTurns * 0.5 + 0.5);
  const last = SINE.length - 1;
  const square = reduced * reduced;
  let total = SINE[0] * square;
  for (let n = 1; n < last; n += 1) total = (total + SINE[n]) * square;
  return (total + SINE[last]) * reduced;
}

/** Cosine of a latitude in degrees, within 2e-16, for -90 to 90. */
export function cosOfLatitude(latDeg) {
  const halfTurns = latDeg / 180.0;
  const last = COSINE.length - 1;
  const square = halfTurns * halfTurns;
  let total = COSINE[0] * square;
  for (let n = 1; n < last; n += 1) total = (total + COSINE[n]) * square;
  return total + COSINE[last];
}
