/** THE origin rule of a record, as `schemas/assessment` has it on device and server. */
import { isForeignCounty, unitOf } from "../units.js";
import { checkedFix, lotVerdicts } from "./origins.js";
import { combinedVerdict, verdictsByLot, violationSupport } from "./support.js";

/**
 * Return everything that is derived from one body and a day.
 *
 * @param {object} body an accepted body of an observation or an amendment
 * @param {string} actedOn the day of the act in Asia/Shanghai, "2023-12-02"
 * @param {object} known from `knownFrom`
 * @returns {{acted_on: string, county: import("../../geo/counties.js").CountyHit | null,
 *   county_unit_mismatch: boolean, lots: object[], lot_verdicts: Record<string, string>,
 *   violations: object[]}} `county` null: the record has no position
 * @throws {Problem} a position, division or code that cannot be one
 */
export function assess(body, actedOn, known) {
  const county = countyOf(body.site.fix ?? null, known);
  const lots = lotVerdicts(body, actedOn, known);
  const byLot = verdictsByLot(body, lots);
  const combined = [...byLot].map(([lot, verdicts]) => [lot, combinedVerdict(verdicts)]);
  return {
    acted_on: actedOn,
    county,
    county_unit_mismatch: county !== null && isMismatch(body, county, known),
    lots,
    lot_verdicts: Object.fromEntries(combined),
    violations: body.violations.map((violation) => violationSupport(violation, body, byLot, known)),
  };
}

/** Tell whether a position can be in none of its unit's host counties. */
function isMismatch(body, county, known) {
  if (!isForeignCounty(known.units, body.unit_code, county.code)) return false;
  if (!county.is_ambiguous) return true;
  const hosts = unitOf(known.units, body.unit_code).host_counties;
  const fix = checkedFix(body.site.fix, "site.fix");
  return !known.counties.mayBeIn(fix, hosts, { convert: known.convertDatum });
}

/** Return the county of a fix as a record writes it, null where there is no fix. */
export function countyOf(fix, known) {
  if (fix === null) return null;
  return known.counties.locate(checkedFix(fix, "site.fix"), { convert: known.convertDatum });
}
