/** Which county a position is in, and whether that can be told: `geo/counties.py`. */
import { Problem } from "../problem.js";
import { Cover } from "./cover.js";
import { isGround, toWgs84 } from "./datum.js";
import { CountyBorders } from "./neighbours.js";

const COUNTY_TOLERANCE_M = 700.0;

/**
 * @typedef {{code: string | null, name: string | null, is_ambiguous: boolean,
 *   kind: "member" | "other" | "none"}} CountyHit as `fieldkit … --json` writes it
 */

/** Counties as one map; a shared border belongs to the smaller code. */
export class CountyMap {
  #cover = null;
  #borders = null;
  #byCode;

  /**
   * @param {object} document FeatureCollection of the reference: `tolerance_m`, and per
   *   feature `adcode`, `name`, `is_member`; polygons on the ground datum
   * @throws {Problem} counties-document
   */
  constructor(document) {
    const features = document.features ?? [];
    this.counties = features.map((feature, n) => county(feature, n)).sort(byCode);
    if (this.counties.length === 0) throw refused("features");
    this.toleranceM = document.tolerance_m ?? COUNTY_TOLERANCE_M;
    this.#byCode = new Map(this.counties.map((held) => [held.code, held]));
    if (this.#byCode.size !== this.counties.length) throw refused("adcode");
  }

  /** Every county's code, in order. */
  get codes() {
    return [...this.#byCode.keys()];
  }

  /** Return `{code, name, geometry, isMember}` of a code, or null. */
  get(code) {
    return this.#byCode.get(code) ?? null;
  }

  /**
   * Return the county that covers a fix.
   *
   * Ambiguous if any other county is within the band (radius plus tolerance plus the
   * error of a conversion), if the radius is unknown, or if the conversion that the fix
   * needs is switched off (then there is no county).
   *
   * @returns {CountyHit}
   */
  locate(fix, { convert = true } = {}) {
    if (!convert && !isGround(fix.datum)) return this.#hit(-1, true);
    const ground = toWgs84(fix.lonDeg, fix.latDeg, fix.datum);
    const place = this.#covers().placeOf(ground.lonDeg, ground.latDeg);
    if (fix.radius95M === null) return this.#hit(place, true);
    const bandM = fix.radius95M + this.toleranceM + ground.errorM;
    const isAmbiguous = this.#bordersOf().isOtherNear(place, ground.lonDeg, ground.latDeg, bandM);
    return this.#hit(place, isAmbiguous);
  }

  /**
   * Tell whether a fix is in one of these counties, or within the band of one; true where
   * that cannot be told (no radius, no conversion). A code that is not held is nowhere.
   */
  mayBeIn(fix, codes, { convert = true } = {}) {
    if (fix.radius95M === null || (!convert && !isGround(fix.datum))) return true;
    const { lonDeg, latDeg, errorM } = toWgs84(fix.lonDeg, fix.latDeg, fix.datum);
    const own = this.#covers().placeOf(lonDeg, latDeg);
    const bandM = fix.radius95M + this.toleranceM + errorM;
    const places = this.counties.flatMap(({ code }, place) => (codes.includes(code) ? [place] : []));
    return places.some((place) => place === own || this.#bordersOf().isNear(place, lonDeg, latDeg, bandM));
  }

  #covers() {
    this.#cover ??= new Cover(this.counties.map(({ geometry }) => geometry));
    return this.#cover;
  }

  #bordersOf() {
    this.#borders ??= new CountyBorders(this.counties.map(({ geometry }) => geometry));
    return this.#borders;
  }

  #hit(place, isAmbiguous) {
    if (place < 0) return { code: null, name: null, is_ambiguous: isAmbiguous, kind: "none" };
    const { code, name, isMember } = this.counties[place];
    return { code, name, is_ambiguous: isAmbiguous, kind: isMember ? "member" : "other" };
  }
}

function county(feature, place) {
  const terms = feature.properties ?? {};
  const isPolygon = ["Polygon", "MultiPolygon"].includes(feature.geometry?.type);
  if (!terms.adcode || !terms.name || !isPolygon) throw refused(`features[${place}]`);
  const { adcode, name, is_member: isMember } = terms;
  return { code: String(adcode), name, geometry: feature.geometry, isMember: Boolean(isMember) };
}

function byCode(one, other) {
  if (one.code === other.code) return 0;
  return one.code < other.code ? -1 : 1;
}

function refused(field) {
  const words = {
    zh: `县界文件有误：${field}。请重新同步参考资料。`,
    en: `The county document is faulty: ${field}. Sync the reference again.`,
  };
  return new Problem("counties-document", words, { field: "counties" });
}
