/** A record's body as a person reads it, part by part; what was left out is not shown. */
import "../../words/queue.js";
import { say } from "../../words.js";
import { h } from "../dom.js";
import { codeTitle, countyName, termsOf } from "../terms.js";

const MASKED_FROM = 4;

/**
 * Return the sections of an observation's body.
 *
 * @param {object} body as sealed
 * @param {object} reference of the outbox
 */
export function bodySections(body, reference) {
  const term = termsOf(reference);
  return [
    section("record.site", siteLines(body.site, term)),
    section("record.violations", body.violations.map((one) => violationLine(one, reference))),
    section("record.goods", body.goods.map((lot) => lotLine(lot, reference, term))),
    section("record.party", body.party ? partyLines(body.party, term) : []),
    section("record.officers", body.officers.map(({ name, certificate_no: number }) => `${name} ${masked(number)}`)),
    section("record.note", body.note ? [body.note] : []),
  ];
}

function section(words, lines) {
  const told = lines.filter(Boolean);
  if (told.length === 0) return null;
  return h("section", { class: "card part" }, h("h2", {}, say(words)), told.map((line) => h("p", {}, line)));
}

function siteLines(site, term) {
  return [
    [term("premises_type", site.premises_type), site.name].filter(Boolean).join(" · "),
    site.address,
    site.fix ? positionLine(site.fix, term) : say("record.no-position", { reason: site.no_fix_reason ?? "" }),
  ];
}

function positionLine(fix, term) {
  const radius = fix.radius95_m ? say("record.radius", { radius: Math.round(fix.radius95_m * 10) / 10 }) : say("record.radius-unknown");
  return `${fix.lon_deg.toFixed(6)}, ${fix.lat_deg.toFixed(6)} ${fix.datum} ${radius} · ${term("fix_source", fix.source)}`;
}

function violationLine(violation, reference) {
  const primary = violation.primary ? ` (${say("record.primary")})` : "";
  const about = violation.description ? `: ${violation.description}` : "";
  return `${codeTitle(reference, violation.code)}${primary}${about}`;
}

function lotLine(lot, reference, term) {
  const claims = (lot.claims ?? []).map((claim) => term("claim", claim)).join("、");
  const quantity = lot.quantity ? `${lot.quantity.value} ${term("quantity_unit", lot.quantity.unit)}` : "";
  const origins = (lot.evidenced_origins ?? []).map((origin) => origin.text ?? countyName(reference, origin.admin_code ?? ""));
  return [lot.id, lot.name ?? productName(reference, lot.product), claims, quantity, ...origins].filter(Boolean).join(" · ");
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
