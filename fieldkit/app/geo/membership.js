/** Whether an administrative origin belongs to a protected origin: `geo/membership.py`. */
import { Problem } from "../problem.js";
import { INSIDE, OUTSIDE, UNDETERMINED } from "./origin.js";
import { farthestIn, farthestOut } from "./share.js";

const ADMIN_CODE_PATH = "admin-code";
const ADMIN_SHARE_PATH = "admin-share";
const UNIT_TOLERANCE_M = 700.0;
// Province, prefecture, county, township, village: digits of GB/T 2260 and 10114.
const LEVELS = [2, 4, 6, 9, 12];
/** GB/T 2260. What begins otherwise names no place that is known: 100000 is China. */
export const PROVINCES =
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split(" ");

/**
 * Tell by its code whether an administrative unit belongs to a protected origin.
 *
 * Inside if the unit is a member or lies in one; undetermined if it contains a member,
 * is in no known province, or if the area has no member codes; outside otherwise. No
 * distance and no band.
 *
 * @param {import("./area.js").Area} area
 * @param {string} adminCode 2, 4, 6, 9 or 12 digits; trailing zeros name a whole unit
 * @returns {import("./origin.js").OriginCheck}
 * @throws {Problem} admin-code-malformed
 */
export function checkMembership(area, adminCode) {
  const unit = wholeUnit(adminCode);
  const members = area.memberCodes.map(wholeUnit);
  let verdict = OUTSIDE;
  if (members.some((member) => unit.startsWith(member))) verdict = INSIDE;
  else if (members.length === 0 || !PROVINCES.includes(unit.slice(0, 2)) || members.some((member) => member.startsWith(unit))) verdict = UNDETERMINED;
  return { verdict, distanceM: null, bandM: null, datumPath: ADMIN_CODE_PATH };
}

/**
 * Tell by its polygons how much of an administrative unit is in an area that has no
 * member codes. `bandM` is the sum of both tolerances, to both sides of the border.
 *
 * @param {import("./area.js").Area} area
 * @param {{type: string, coordinates: Array}} unitGeometry
 * @returns {import("./origin.js").OriginCheck}
 */
export function checkAdminShare(area, unitGeometry) {
  const bandM = area.toleranceM + UNIT_TOLERANCE_M;
  const isSurelyIn = farthestIn(area.geometry, unitGeometry, bandM);
  const isSurelyOut = farthestOut(area.geometry, unitGeometry, bandM);
  let verdict = UNDETERMINED;
  if (isSurelyIn && !isSurelyOut) verdict = INSIDE;
  if (isSurelyOut && !isSurelyIn) verdict = OUTSIDE;
  return { verdict, distanceM: null, bandM, datumPath: ADMIN_SHARE_PATH };
}

/** Return a code without the zeros that stand for "the whole of it". */
function wholeUnit(adminCode) {
  let unit = /^[0-9]+$/.test(adminCode) && LEVELS.includes(adminCode.length) ? adminCode : "";
  for (let level = LEVELS.length - 1; level > 0; level -= 1) {
    const whole = LEVELS[level - 1];
    if (unit.length === LEVELS[level] && /^0+$/.test(unit.slice(whole))) unit = unit.slice(0, whole);
  }
  if (unit && unit !== "00") return unit;
  const text = String(adminCode).slice(0, 20);
  const words = {
    zh: `“${text}”不是行政区划代码（2、4、6、9 或 12 位数字）。`,
    en: `"${text}" is not a code of 2, 4, 6, 9 or 12 digits.`,
  };
  throw new Problem("admin-code-malformed", words, { field: "admin_code" });
}
