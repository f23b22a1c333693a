/** A position with its datum and its doubt: the port of `geo/fix.py`. */
import { Problem } from "../problem.js";
import { DATUMS } from "./datum.js";

/**
 * Return a fix that can exist, as the checks take it.
 *
 * @param {{lon_deg: number, lat_deg: number, radius95_m?: number | null, datum: string}} fix
 *   as a record writes it; degrees, metres
 * @param {string} [field] where it is, for the Problem
 * @returns {{lonDeg: number, latDeg: number, radius95M: number | null, datum: string}}
 * @throws {Problem} position-not-finite, position-axis-order, position-out-of-range,
 *   radius-not-positive (0 says nothing: leave it out), datum-missing, datum-unknown
 */
export function requireFix(fix, field = "fix") {
  requirePosition(fix.lon_deg, fix.lat_deg, field);
  const radius95M = fix.radius95_m === undefined ? null : fix.radius95_m;
  requireRadius(radius95M, field);
  requireDatum(fix.datum, field);
  return { lonDeg: fix.lon_deg, latDeg: fix.lat_deg, radius95M, datum: fix.datum };
}

/** Throw a Problem unless this can be a position in degrees. */
export function requirePosition(lonDeg, latDeg, field = "fix") {
  if (!(Number.isFinite(lonDeg) && Number.isFinite(latDeg))) {
    throw refused("position-not-finite", field, "经度或纬度不是有限的数。", "Longitude or latitude is not finite.");
  }
  if (Math.abs(latDeg) > 90.0 && Math.abs(lonDeg) <= 90.0 && Math.abs(latDeg) <= 180.0) {
    const zh = `纬度 ${latDeg} 超过 90°：经纬度是否颠倒？`;
    const en = `Latitude ${latDeg} is above 90°: are the axes exchanged?`;
    throw refused("position-axis-order", field, zh, en);
  }
  if (Math.abs(latDeg) > 90.0 || Math.abs(lonDeg) > 180.0) {
    const zh = `位置 (${lonDeg}, ${latDeg}) 超出经纬度范围。`;
    const en = `Position (${lonDeg}, ${latDeg}) is out of range.`;
    throw refused("position-out-of-range", field, zh, en);
  }
}

/** Throw a Problem unless this radius is null (unknown), or finite and above 0 m. */
export function requireRadius(radius95M, field = "fix") {
  if (radius95M === null || (Number.isFinite(radius95M) && radius95M > 0.0)) return;
  throw refused(
    "radius-not-positive",
    `${field}.radius95_m`,
    "精度半径必须大于 0 米；不知道时应留空。",
    "The radius must be above 0 m; leave it out if it is unknown.",
  );
}

function requireDatum(datum, field) {
  if (DATUMS.includes(datum)) return;
  const at = `${field}.datum`;
  if (!datum) throw refused("datum-missing", at, "没有注明坐标系。", "The datum is not stated.");
  const text = String(datum).slice(0, 40);
  const zh = `不认识的坐标系“${text}”，可用 WGS84、CGCS2000、GCJ02、BD09。`;
  const en = `Unknown datum "${text}"; WGS84, CGCS2000, GCJ02 or BD09.`;
  throw refused("datum-unknown", at, zh, en);
}

function refused(code, field, zh, en) {
  return new Problem(code, { zh, en }, { field });
}
