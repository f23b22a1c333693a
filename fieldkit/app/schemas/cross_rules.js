/**
 * Rules between fields, which JSON Schema cannot say (schemas/cross_rules.py). They run on
 * bodies whose every field is accepted by itself. A rule yields {field, code}.
 */

import { instant } from "../sync/clock.js";
import { NO_FINDING } from "./codes.js";
import { missingToFinalise } from "./completeness.js";
import { isCreditCode } from "./uscc.js";

/** Shares are binary floats: 0.1 + 0.2 + 0.7 is a hair above 1. */
const SHARE_TOLERANCE = 1e-9;

/**
 * Yield what is wrong between the fields of an observation's body.
 *
 * @param {object} body
 * @returns {Generator<{field: string, code: string}>}
 */
export function* bodyFaults(body) {
  const { site, party, goods = [], violations, evidence = [] } = body;
  const evidenceIds = idsOf(evidence);
  yield* siteFaults(site);
  if (party && "uscc" in party && !isCreditCode(party.uscc)) yield fault("party.uscc", "uscc-check-digit");
  yield* repeatedIds("goods", goods);
  yield* repeatedIds("violations", violations);
  yield* repeatedIds("evidence", evidence);
  for (const [index, lot] of goods.entries()) yield* lotFaults(`goods[${index}]`, lot, evidenceIds);
  yield* violationFaults(violations, idsOf(goods), evidenceIds);
  yield* fullRecordFaults(body, evidenceIds);
}

function fault(field, code) {
  return { field, code };
}

function* siteFaults(site) {
  const hasFix = (site.fix ?? null) !== null;
  const hasReason = "no_fix_reason" in site;
  if (!hasFix && !hasReason) yield fault("site.fix", "fix-missing");
  if (hasFix && hasReason) yield fault("site.no_fix_reason", "reason-beside-fix");
}

function idsOf(items) {
  return new Set(items.filter((item) => "id" in item).map((item) => item.id));
}

function* repeatedIds(name, items) {
  const seen = new Set();
  for (const [index, item] of items.entries()) {
    if (seen.has(item.id)) yield fault(`${name}[${index}].id`, "id-repeated");
    else if ("id" in item) seen.add(item.id);
  }
}

function* lotFaults(path, lot, evidenceIds) {
  const { claims = [], uscc_on_mark, declared_origin, evidenced_origins = [] } = lot;
  if (claims.length > 1 && claims.includes("none")) yield fault(`${path}.claims`, "claim-none-among-others");
  if (uscc_on_mark !== undefined && !isCreditCode(uscc_on_mark)) yield fault(`${path}.uscc_on_mark`, "uscc-check-digit");
  if (declared_origin !== undefined) yield* originFaults(`${path}.declared_origin`, declared_origin);
  let share = 0;
  for (const [index, origin] of evidenced_origins.entries()) {
    const here = `${path}.evidenced_origins[${index}]`;
    yield* originFaults(here, origin);
    yield* referenceFaults(here, origin, evidenceIds);
    share += origin.share ?? 0;
  }
  if (share > 1 + SHARE_TOLERANCE) yield fault(`${path}.evidenced_origins`, "shares-exceed-one");
}

function* originFaults(path, origin) {
  const [hasFix, hasCode] = ["fix" in origin, "admin_code" in origin];
  if (hasFix && hasCode) yield fault(path, "origin-code-and-fix");
  if (!hasFix && !hasCode && !("text" in origin)) yield fault(path, "origin-empty");
}

function* violationFaults(violations, lotIds, evidenceIds) {
  let hasPrimary = false;
  for (const [index, violation] of violations.entries()) {
    const path = `violations[${index}]`;
    const isAmongOthers = violation.code === NO_FINDING && violations.length > 1;
    if (isAmongOthers) yield fault(`${path}.code`, "no-finding-not-alone");
    if (violation.primary && hasPrimary) yield fault(`${path}.primary`, "primary-repeated");
    hasPrimary = hasPrimary || Boolean(violation.primary);
    for (const [place, lotId] of (violation.goods ?? []).entries()) {
      if (!lotIds.has(lotId)) yield fault(`${path}.goods[${place}]`, "lot-unknown");
    }
    yield* referenceFaults(path, violation, evidenceIds);
  }
}

function* referenceFaults(path, { evidence = [] }, known) {
  for (const [place, id] of evidence.entries()) {
    if (!known.has(id)) yield fault(`${path}.evidence[${place}]`, "evidence-unknown");
  }
}

function* fullRecordFaults({ observed_at, ended_at, on_site_record = {}, amendment = {}, ...rest }, evidenceIds) {
  const isTimed = ended_at !== undefined && observed_at !== undefined;
  if (isTimed && isBefore(ended_at, observed_at)) yield fault("ended_at", "ended-before-start");
  for (const name of ["party_signature", "refusal_video"]) {
    const isUnknown = name in on_site_record && !evidenceIds.has(on_site_record[name]);
    if (isUnknown) yield fault(`on_site_record.${name}`, "evidence-unknown");
  }
  for (const [place, id] of (on_site_record.officer_signatures ?? []).entries()) {
    if (!evidenceIds.has(id)) yield fault(`on_site_record.officer_signatures[${place}]`, "evidence-unknown");
  }
  if (amendment.kind !== "finalise") return;
  const given = { ...rest, ...(ended_at === undefined ? {} : { ended_at }), on_site_record };
  for (const { path, code } of missingToFinalise(given)) yield fault(path, code);
}

/** Compare two instants to the microsecond, which `Date` does not hold. */
function isBefore(one, other) {
  const [these, those] = [instant(one).getTime(), instant(other).getTime()];
  return these === those ? microseconds(one) < microseconds(other) : these < those;
}

function microseconds(text) {
  const digits = /\.(\d+)/.exec(text)?.[1] ?? "";
  return Number(digits.padEnd(6, "0").slice(3, 6));
}
