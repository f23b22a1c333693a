/**
 * Origin check: on which side of a protected origin's border a position lies. The port
 * of `geo/origin.py`: same verdict, same figures, to the last bit.
 */
import { NOWHERE } from "./cover.js";
import { isGround, toWgs84 } from "./datum.js";
import { roundedM } from "./plane.js";

export const INSIDE = "inside";
export const OUTSIDE = "outside";
export const UNDETERMINED = "undetermined";
export const NOT_APPLICABLE = "not_applicable";

/**
 * @typedef {{verdict: string, distanceM: number | null, bandM: number | null,
 *   datumPath: string}} OriginCheck metres; null where there is no such figure
 */

/**
 * Tell whether a fix lies inside a protected origin, or cannot be told.
 *
 * The border belongs to the area, holes are outside. `distanceM` is positive inside,
 * negative outside, to 0.1 m; `bandM` is radius plus tolerance plus the conversion's
 * error. Within the band, or without a radius, the verdict is undetermined.
 *
 * @param {import("./area.js").Area} area
 * @param {{lonDeg: number, latDeg: number, radius95M: number | null, datum: string}} fix
 * @param {{convert?: boolean}} [terms] false: a fix that needs a conversion has no figures
 * @returns {OriginCheck}
 */
export function checkOrigin(area, fix, { convert = true } = {}) {
  if (!convert && !isGround(fix.datum)) {
    const bandM = null;
    return { verdict: UNDETERMINED, distanceM: null, bandM, datumPath: fix.datum };
  }
  const ground = toWgs84(fix.lonDeg, fix.latDeg, fix.datum);
  const isInside = area.cover.placeOf(ground.lonDeg, ground.latDeg) !== NOWHERE;
  const toBorderM = roundedM(area.border.metresFrom(ground.lonDeg, ground.latDeg));
  const distanceM = isInside ? toBorderM : 0.0 - toBorderM;
  const datumPath = ground.path;
  if (fix.radius95M === null) return { verdict: UNDETERMINED, distanceM, bandM: null, datumPath };
  const bandM = fix.radius95M + area.toleranceM + ground.errorM;
  const side = isInside ? INSIDE : OUTSIDE;
  return { verdict: toBorderM <= bandM ? UNDETERMINED : side, distanceM, bandM, datumPath };
}
