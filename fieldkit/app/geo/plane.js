/**
 * Distances on the plane that touches the ellipsoid at a position; see `geo/plane.py`
 * for the formula. Same operations in the same order, so the same bits.
 */
import { cosOfLatitude } from "./angles.js";

export const FORMULA_VERSION = "origin-1";

const WGS84_SEMI_MAJOR_M = 6378137.0;
const WGS84_ECCENTRICITY_SQ = 6.69437999014e-3;
const EQUATOR_M_PER_DEGREE = (3.141592653589793 / 180.0) * WGS84_SEMI_MAJOR_M;

/** Metres per degree of longitude and of latitude at a latitude: `{east, north}`. */
export function metresPerDegree(latDeg) {
  const cosine = cosOfLatitude(latDeg);
  const flattening = 1.0 - WGS84_ECCENTRICITY_SQ * (1.0 - cosine * cosine);
  const degreeM = EQUATOR_M_PER_DEGREE / Math.sqrt(flattening);
  return {
    east: degreeM * cosine,
    north: (degreeM * (1.0 - WGS84_ECCENTRICITY_SQ)) / flattening,
  };
}

/** Round a distance as it is compared and kept: to 0.1 m, halves upward. */
export function roundedM(distanceM) {
  return Math.floor(distanceM * 10.0 + 0.5) / 10.0;
}
