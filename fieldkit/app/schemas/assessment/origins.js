/**
 * The origin check of a record's lots: the port of `schemas/assessment/origins.py`.
 *
 * What is tested: in an orchard the site's fix; elsewhere each evidenced origin. A lot
 * without fruit has no origin to test.
 */
import { requireFix } from "../../geo/fix.js";
import { checkAdminShare, checkMembership } from "../../geo/membership.js";
import { NOT_APPLICABLE, UNDETERMINED, checkOrigin } from "../../geo/origin.js";
import { FORMULA_VERSION } from "../../geo/plane.js";

/** `origin_index` of a verdict that rests on no evidenced origin. */
export const NO_ORIGIN = -1;

const NO_FIGURES = { distanceM: null, bandM: null, datumPath: "" };
const NOTHING_TO_TEST = { verdict: UNDETERMINED, ...NO_FIGURES };
const NO_FRUIT = { verdict: NOT_APPLICABLE, ...NO_FIGURES };

/**
 * Tell whether a lot holds fruit: its kind says so, or else its unit (stickers are
 * counted in 枚; a box may hold fruit).
 */
export function isFruit(lot) {
  if ("kind" in lot) return lot.kind === "fruit";
  return lot.quantity?.unit !== "sticker";
}

/**
 * Return the verdicts on every origin of every lot against every right concerned, in
 * the shape of `fieldkit … --json`.
 *
 * @param {object} body an accepted body
 * @param {string} actedOn the day that chooses each area's version, "2023-12-02"
 * @param {object} known from `knownFrom`
 */
export function lotVerdicts(body, actedOn, known) {
  const verdicts = [];
  for (const lot of body.goods) {
    for (const right of lot.rights) {
      const area = known.areas.at(right, actedOn);
      for (const [index, origin] of originsOf(body.site, lot)) {
        verdicts.push(verdictOn(lot, index, right, area, tested(area, index, origin, known)));
      }
    }
  }
  return verdicts;
}

/**
 * Return a fix as the checks take it. One that the receiver calls a mock has an unknown
 * radius, whatever it says: it is kept and shown, and decides nothing.
 */
export function checkedFix(fix, field) {
  const known = requireFix(fix, field);
  return fix.is_mock ? { ...known, radius95M: null } : known;
}

/** Return [[index, origin]] to test; null as the origin of a lot without fruit. */
function originsOf(site, lot) {
  if (!isFruit(lot)) return [[NO_ORIGIN, null]];
  if (site.premises_type === "orchard") return [[NO_ORIGIN, site]];
  const origins = lot.evidenced_origins ?? [];
  return origins.length > 0 ? [...origins.entries()] : [[NO_ORIGIN, {}]];
}

function tested(area, index, origin, known) {
  if (origin === null) return { basis: "none", answer: NO_FRUIT };
  if (area === null) return { basis: "none", answer: NOTHING_TO_TEST };
  if (origin.fix) {
    const isSite = index === NO_ORIGIN;
    const fix = checkedFix(origin.fix, isSite ? "site.fix" : `evidenced_origins.${index}.fix`);
    const answer = checkOrigin(area, fix, { convert: known.convertDatum });
    return { basis: isSite ? "site-fix" : "origin-fix", answer };
  }
  if ("admin_code" in origin && index !== NO_ORIGIN) {
    return { basis: "admin-code", answer: byCode(area, origin.admin_code, known) };
  }
  return { basis: "none", answer: NOTHING_TO_TEST };
}

function byCode(area, adminCode, known) {
  if (area.memberCodes.length > 0) return checkMembership(area, adminCode);
  const county = known.counties.get(adminCode);
  return county === null ? NOTHING_TO_TEST : checkAdminShare(area, county.geometry);
}

function verdictOn(lot, index, right, area, { basis, answer }) {
  return {
    lot_id: lot.id,
    origin_index: index,
    right,
    area_version: area?.version ?? "",
    area_sha256: area?.sha256 ?? "",
    verdict: answer.verdict,
    distance_m: answer.distanceM,
    band_m: answer.bandM,
    datum_path: answer.datumPath,
    basis,
    formula_version: FORMULA_VERSION,
  };
}
