/** What verdicts on origin say about a violation, by the rule of its code. */
import { INSIDE, NOT_APPLICABLE, OUTSIDE, UNDETERMINED } from "../../geo/origin.js";
import { checkedFix, isFruit } from "./origins.js";
import { AGREES, DIFFERS, UNKNOWN, compareDivisions } from "./stated.js";

const SHARE_TOLERANCE = 1e-9;

/**
 * Return the verdicts that each lot's parts have, over all rights: Map of lot id to Set.
 *
 * Shares that add up to less than 1 leave a rest of unknown origin, so "undetermined"
 * is among them. Fruit of no protected name has none: there is nothing to test it against.
 */
export function verdictsByLot(body, lots) {
  const found = new Map(body.goods.map((lot) => [lot.id, new Set()]));
  for (const lot of lots) found.get(lot.lot_id).add(lot.verdict);
  for (const lot of body.goods) {
    if (!isFruit(lot)) found.get(lot.id).add(NOT_APPLICABLE);
    else if (lot.rights.length > 0 && hasUnknownRest(body.site, lot)) found.get(lot.id).add(UNDETERMINED);
  }
  return found;
}

/** Return one verdict for a lot: its worst part, seen from the protected name. */
export function combinedVerdict(verdicts) {
  return [OUTSIDE, UNDETERMINED, INSIDE].find((verdict) => verdicts.has(verdict)) ?? NOT_APPLICABLE;
}

/**
 * Return what the origins of the lots concerned say about one violation; one that names
 * no lot concerns every lot.
 *
 * @throws {Problem} code-unknown
 */
export function violationSupport(violation, body, byLot, known) {
  const code = known.codes.get(violation.code);
  const named = violation.goods?.length ? violation.goods : [...byLot.keys()];
  return {
    violation_id: violation.id,
    code: code.code,
    support: RULES[code.origin_rule](named, body, byLot, known),
    counts_as_act: code.counts_as_act && violation.state !== "not_established",
    primary: Boolean(violation.primary),
  };
}

const RULES = {
  out: (named, _body, byLot) => sideOf(named, byLot, OUTSIDE, INSIDE),
  in: (named, _body, byLot) => sideOf(named, byLot, INSIDE, OUTSIDE),
  stated: statedSupport,
  none: () => "not_applicable",
  manual: () => "open",
};

/** Any part on the supporting side supports; all on the other contradicts. */
function sideOf(named, byLot, supporting, contradicting) {
  const isOnly = (parts, verdict) => parts.size === 1 && parts.has(verdict);
  const ofFruit = named.map((lot) => byLot.get(lot)).filter((parts) => !isOnly(parts, NOT_APPLICABLE));
  if (named.length > 0 && ofFruit.length === 0) return "not_applicable";
  if (ofFruit.some((parts) => parts.has(supporting))) return "supports";
  const isContradicted = ofFruit.length > 0 && ofFruit.every((parts) => isOnly(parts, contradicting));
  return isContradicted ? "contradicts" : "open";
}

function statedSupport(named, body, _byLot, known) {
  const lots = body.goods.filter((lot) => named.includes(lot.id));
  const ofFruit = lots.filter((lot) => isFruit(lot));
  if (lots.length > 0 && ofFruit.length === 0) return "not_applicable";
  const found = new Set(ofFruit.flatMap((lot) => agreements(lot, body.site, known)));
  if (found.has(DIFFERS)) return "supports";
  return found.size === 1 && found.has(AGREES) ? "contradicts" : "open";
}

function agreements(lot, site, known) {
  const declared = division(lot.declared_origin ?? {}, known);
  const isOrchard = site.premises_type === "orchard";
  const origins = isOrchard ? [{ fix: site.fix }] : (lot.evidenced_origins ?? []);
  const compared = (origins.length > 0 ? origins : [{}]).map((origin) =>
    compareDivisions(declared, division(origin, known), known.counties.codes),
  );
  return hasUnknownRest(site, lot) ? [...compared, UNKNOWN] : compared;
}

/** Return the division of an origin; null if its position leaves it in doubt. */
function division(origin, known) {
  if (!origin.fix) return origin.admin_code ?? null;
  const hit = known.counties.locate(checkedFix(origin.fix, "fix"), { convert: known.convertDatum });
  return hit.is_ambiguous ? null : hit.code;
}

function hasUnknownRest(site, lot) {
  if (site.premises_type === "orchard" || !isFruit(lot)) return false;
  const shares = (lot.evidenced_origins ?? []).map((origin) => origin.share ?? null);
  if (shares.length === 0 || shares.includes(null)) return false;
  return shares.reduce((total, share) => total + share, 0) < 1.0 - SHARE_TOLERANCE;
}
