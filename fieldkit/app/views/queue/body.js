/** A record's body as a person reads it, part by part; what was left out is not shown. */
import "../../words/queue.js";
import { degreeWords } from "../../capture/degrees.js";
import { say } from "../../words.js";
import { h } from "../dom.js";
import { codeTitle, countyName, inLanguage, localTime, termsOf } from "../terms.js";

const MASKED_FROM = 4;

/**
 * Return the sections of an observation's body.
 *
 * @param {object} body as sealed
 * @param {object} reference of the outbox
 */
export function bodySections(body, reference) {
  const term = termsOf(reference);
  const several = body.goods.length > 1;
  return [
    section("record.site", siteLines(body, term)),
    section("record.violations", body.violations.flatMap((one) => violationLines(one, reference, term))),
    section("record.goods", body.goods.flatMap((lot, index) => lotLines(lot, several ? index + 1 : null, reference, term))),
    section("record.party", body.party ? partyLines(body.party, term) : []),
    section("record.measures", (body.measures ?? []).map((one) => measureLine(one, term))),
    section("record.scene", sceneLines(body.on_site_record ?? {})),
    section("record.officers", body.officers.map(({ name, certificate_no: number }) => `${name} ${masked(number)}`)),
    section("record.note", body.note ? [body.note] : []),
    h("p", { class: "soft small" }, say("record.main-points")),
  ];
}

function section(words, lines) {
  const told = lines.filter(Boolean);
  if (told.length === 0) return null;
  return h("section", { class: "card part" }, h("h2", {}, say(words)), told.map((line) => h("p", {}, line)));
}

function siteLines({ site, observed_at, ended_at, source }, term) {
  const times = [localTime(observed_at), localTime(ended_at)].filter(Boolean).join(" – ");
  return [
    [times, source && term("record_source", source)].filter(Boolean).join(" · "),
    [term("premises_type", site.premises_type), site.name].filter(Boolean).join(" · "),
    site.address,
    site.fix ? positionLine(site.fix, term) : say("record.no-position", { reason: site.no_fix_reason ?? "" }),
  ];
}

function positionLine(fix, term) {
  const radius = fix.radius95_m ? say("record.radius", { radius: Math.round(fix.radius95_m * 10) / 10 }) : say("record.radius-unknown");
  return `${inLanguage(degreeWords(fix.lon_deg, fix.lat_deg))} ${fix.datum} ${radius} · ${term("fix_source", fix.source)}`;
}

function violationLines(violation, reference, term) {
  const marks = [violation.primary && say("record.primary"), violation.state && term("violation_state", violation.state)].filter(Boolean);
  const about = violation.description ? `: ${violation.description}` : "";
  const bases = (violation.legal_basis ?? []).map(({ law, articles }) => [law, articles].filter(Boolean).join(" "));
  return [
    `${codeTitle(reference, violation.code)}${marks.length > 0 ? ` (${marks.join(" · ")})` : ""}${about}`,
    bases.length > 0 ? said("record.basis", bases.join("；")) : null,
    violation.decision_reason ? said("record.decision-reason", violation.decision_reason) : null,
  ];
}

function lotLines(lot, number, reference, term) {
  const claims = (lot.claims ?? []).map((claim) => term("claim", claim)).join("、");
  const quantity = lot.quantity ? `${lot.quantity.value} ${term("quantity_unit", lot.quantity.unit)}` : "";
  const name = lot.name ?? productName(reference, lot.product);
  return [
    [number && say("record.lot", { number }), name, claims, quantity].filter(Boolean).join(" · "),
    lot.declared_origin ? said("record.declared", originWords(lot.declared_origin, reference)) : null,
    ...(lot.evidenced_origins ?? []).map((origin) => {
      const basis = origin.basis ? ` · ${term("origin_basis", origin.basis)}` : "";
      return said("record.evidenced", `${originWords(origin, reference)}${basis}`);
    }),
  ];
}

/** A county, a position, words: whatever was said of an origin. */
function originWords({ admin_code: code, fix, text }, reference) {
  const place = code ? `${countyName(reference, code)} ${code}` : fix ? inLanguage(degreeWords(fix.lon_deg, fix.lat_deg)) : null;
  return [place, text].filter(Boolean).join(" · ");
}

function measureLine({ kind, doc_no, due_on, result }, term) {
  return [term("measure_kind", kind), doc_no, due_on, result].filter(Boolean).join(" · ");
}

function sceneLines({ scene_text, party_statement, refusal_reason, party_signature, officer_signatures = [] }) {
  const signed = [party_signature && say("record.party-signed"), officer_signatures.length > 0 && say("record.officers-signed", { count: officer_signatures.length })];
  return [
    scene_text,
    party_statement ? said("record.statement", party_statement) : null,
    refusal_reason ? said("record.refused", refusal_reason) : null,
    signed.filter(Boolean).join(" · "),
  ];
}

function said(words, text) {
  return say(words, { text });
}

function productName(reference, product) {
  const entry = (reference.products.products ?? reference.products.entries ?? []).find((one) => one.product === product);
  return entry ? entry[document.documentElement.lang === "en" ? "en" : "zh"] : product;
}

function partyLines(party, term) {
  return [[term("party_type", party.type), party.name, party.uscc].filter(Boolean).join(" · ")];
}

/** Return a number with all but its last digits covered. */
export function masked(number) {
  const text = String(number ?? "");
  return "•".repeat(Math.max(0, text.length - MASKED_FROM)) + text.slice(-MASKED_FROM);
}
