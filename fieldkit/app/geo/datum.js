/**
 * Datums of positions in China, and what it costs to convert between them: the port of
 * `geo/datum.py`, with the same bits. The constants stand as published.
 */
import { cosOfLatitude, sinHalfTurns } from "./angles.js";

export const DATUMS = ["WGS84", "CGCS2000", "GCJ02", "BD09"];

const KRASOVSKY_SEMI_MAJOR_M = 6378245.0;
const KRASOVSKY_ECCENTRICITY_SQ = 0.00669342162296594323;
const PI = 3.141592653589793;
const INVERSE_STEPS = 8;

/** Whether positions of this datum need no conversion before they are checked. */
export function isGround(datum) {
  return datum === "WGS84" || datum === "CGCS2000";
}

/**
 * Return a position on the ground datum and the error that getting there adds.
 *
 * @param {number} lonDeg in degrees, in `datum`
 * @param {number} latDeg
 * @param {string} datum one of DATUMS
 * @returns {{lonDeg: number, latDeg: number, errorM: number, path: string}}
 *   WGS84 and CGCS2000 come back as they are; `path` reads "GCJ02>WGS84".
 */
export function toWgs84(lonDeg, latDeg, datum) {
  if (isGround(datum)) return { lonDeg, latDeg, errorM: 0.0, path: datum };
  const { shifted, errorM } = SHIFTS[datum];
  let lon = lonDeg;
  let lat = latDeg;
  for (let step = 0; step < INVERSE_STEPS; step += 1) {
    const [backLon, backLat] = shifted(lon, lat);
    lon -= backLon - lonDeg;
    lat -= backLat - latDeg;
  }
  return { lonDeg: lon, latDeg: lat, errorM, path: `${datum}>WGS84` };
}

/** Return `[lon, lat]` of a ground position as another datum writes it, in degrees. */
export function fromWgs84(lonDeg, latDeg, datum) {
  return isGround(datum) ? [lonDeg, latDeg] : SHIFTS[datum].shifted(lonDeg, latDeg);
}

function gcj02FromWgs84(lon, lat) {
  if (!isShifted(lon, lat)) return [lon, lat];
  const x = lon - 105.0;
  const y = lat - 35.0;
  const fast = ((20.0 * sinHalfTurns(6.0 * x) + 20.0 * sinHalfTurns(2.0 * x)) * 2.0) / 3.0;
  const root = Math.sqrt(Math.abs(x));
  let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + fast;
  north += waves(y, [20.0, 1.0], [40.0, 3.0], [160.0, 12.0], [320.0, 30.0]);
  let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + fast;
  east += waves(x, [20.0, 1.0], [40.0, 3.0], [150.0, 12.0], [300.0, 30.0]);
  const cosine = cosOfLatitude(lat);
  const flattening = 1.0 - KRASOVSKY_ECCENTRICITY_SQ * (1.0 - cosine * cosine);
  const primeVerticalM = KRASOVSKY_SEMI_MAJOR_M / Math.sqrt(flattening);
  const meridionalM = (primeVerticalM * (1.0 - KRASOVSKY_ECCENTRICITY_SQ)) / flattening;
  const lonShift = (east * 180.0) / (primeVerticalM * cosine * PI);
  const latShift = (north * 180.0) / (meridionalM * PI);
  return [lon + lonShift, lat + latShift];
}

function waves(along, [first, a], [second, b], [third, c], [fourth, d]) {
  const short = first * sinHalfTurns(along / a) + second * sinHalfTurns(along / b);
  const long = third * sinHalfTurns(along / c) + fourth * sinHalfTurns(along / d);
  return (short * 2.0) / 3.0 + (long * 2.0) / 3.0;
}

function bd09FromWgs84(lon, lat) {
  if (!isShifted(lon, lat)) return [lon, lat];
  const [x, y] = gcj02FromWgs84(lon, lat);
  // Baidu's x_pi = pi * 3000 / 180, so its angles are x * 50 / 3 half-turns.
  const plainRadius = Math.sqrt(x * x + y * y);
  const radius = plainRadius + 0.00002 * sinHalfTurns((y * 50.0) / 3.0);
  const turn = 0.000003 * sinHalfTurns((x * 50.0) / 3.0 + 0.5);
  // cos and sin of a turn this small, to the last bit, without an arctangent.
  const cosine = 1.0 - (turn * turn) / 2.0;
  const stretch = radius / plainRadius;
  return [(x * cosine - y * turn) * stretch + 0.0065, (y * cosine + x * turn) * stretch + 0.006];
}

function isShifted(lon, lat) {
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

const SHIFTS = {
  GCJ02: { shifted: gcj02FromWgs84, errorM: 30.0 },
  BD09: { shifted: bd09FromWgs84, errorM: 40.0 },
};
