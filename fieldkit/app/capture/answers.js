/**
 * What the form holds while it is filled in, and the body that it makes.
 *
 * Answers are plain JSON, near to the body of `fieldkit record --from`, so that they wait
 * in a draft and come back exactly. They differ from it where a person types otherwise than
 * the record writes (yuan, per cent, codes with blanks) and where nothing was said yet. Pure.
 */
import { Problem } from "../problem.js";
import { fenOfYuan, shareOfPercent, yuanOfFen, percentOfShare } from "./typed_numbers.js";

/** The version of answers; a draft of an earlier one is read by `upgraded`. */
export const ANSWERS_VERSION = 1;

const SHANGHAI_MS = 8 * 3600 * 1000;
const DEFAULT_PRODUCT = "gannan-navel-orange";
const MONEY = { unit_price_yuan: "unit_price_fen", value_yuan: "value_fen" };
/** Parts of a body that stand in the answers under the same name. */
const SAME = ["observed_at", "ended_at", "source", "source_note", "campaign", "party", "measures", "on_site_record", "note"];

/** Return an instant as the record writes it: "2023-12-02T10:20:00+08:00". */
export function shanghaiInstant(ms) {
  return `${new Date(ms + SHANGHAI_MS).toISOString().slice(0, 19)}+08:00`;
}

/** Return the answers of a record just begun: one lot of the usual product, all else unsaid. */
export function newAnswers(nowMs) {
  return {
    version: ANSWERS_VERSION,
    amends: null,
    observed_at: shanghaiInstant(nowMs),
    site: { premises_type: null },
    position: { fix: null, measured_fix: null, no_fix_reason: "" },
    lots: [{ id: "g1", product: DEFAULT_PRODUCT, claims: [] }],
    violations: [],
    evidence: [],
    officers: null,
    party: {},
    measures: [],
    on_site_record: {},
    note: "",
    kept: {},
  };
}

/**
 * Return the answers that make this body again; what the form does not ask is kept.
 *
 * @param {object} body as sealed
 * @param {{id: string, record_no: string|null, is_final: boolean}} amends the version it stands on
 */
export function answersOfBody(body, amends) {
  const { site, goods, violations, evidence, officers, amendment: _dropped, ...rest } = copied(body);
  const { fix = null, no_fix_reason = "", measured_fix = null, ...place } = site;
  const answers = { ...newAnswers(0), amends, site: place, officers, violations, evidence };
  answers.position = { fix, measured_fix, no_fix_reason };
  answers.lots = goods.map(lotAnswers);
  for (const name of SAME) {
    if (name in rest) answers[name] = rest[name];
    delete rest[name];
  }
  return { ...answers, kept: rest };
}

/**
 * Return a draft's answers as this version of the app reads them.
 *
 * @throws {Problem} "draft-from-later" for one that a newer app wrote
 */
export function upgraded(answers) {
  if (answers.version > ANSWERS_VERSION) {
    const words = {
      zh: "这份草稿由更新版本的程序写成。请先更新程序，草稿会保留。",
      en: "A newer version of the app wrote this draft. Update the app; the draft is kept.",
    };
    throw new Problem("draft-from-later", words);
  }
  return { ...newAnswers(Date.parse(answers.observed_at) || 0), ...copied(answers), version: ANSWERS_VERSION };
}

/**
 * Return the observation that the answers make, as `record --from` takes it: nothing that
 * was not said, no text with blanks at its ends.
 *
 * What cannot be read (money, shares) is passed on as typed, for the schema to name.
 */
export function bodyOf(answers) {
  const body = pruned({
    ...answers.kept,
    ...Object.fromEntries(SAME.map((name) => [name, answers[name]])),
    officers: answers.officers,
    party: partyBody(answers.party),
    site: answers.site,
  });
  return {
    ...body,
    site: { ...body.site, ...positionBody(answers.position) },
    goods: answers.lots.map((lot) => lotBody(lot, answers)),
    violations: pruned(violationsBody(answers)) ?? [],
    evidence: pruned(answers.evidence) ?? [],
  };
}

/**
 * Return what an amendment changes: the whole body anew, null for a part that went away.
 *
 * @param {object} answers
 * @param {object} current the body it stands on
 */
export function changesOf(answers, current) {
  const body = bodyOf(answers);
  const gone = Object.keys(current).filter((name) => !(name in body) && name !== "amendment");
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...body };
}

/** Return an id that nothing of these answers has: "g2" after "g1". */
export function nextId(items, prefix, isUsed = () => false) {
  const taken = new Set(items.map(({ id }) => id));
  let number = items.length + 1;
  while (taken.has(`${prefix}${number}`) || isUsed(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

function positionBody({ fix, measured_fix, no_fix_reason }) {
  if (fix === null) return pruned({ no_fix_reason }, { fix: null }) ?? { fix: null };
  return measured_fix === null ? { fix } : { fix, measured_fix };
}

function partyBody(party) {
  const said = pruned(party);
  if (said === undefined) return undefined;
  const uscc = said.uscc?.replace(/\s/g, "").toUpperCase();
  return { type: "unknown", ...said, ...(uscc ? { uscc } : {}) };
}

function violationsBody({ violations }) {
  const primary = violations.find((violation) => violation.primary) ?? violations[0];
  return violations.map((violation) => ({ ...violation, primary: violation === primary }));
}

function lotBody(lot, { site }) {
  const { evidenced_origins: origins = [], ...rest } = lot;
  const plain = { ...rest };
  for (const [typed, written] of Object.entries(MONEY)) {
    delete plain[typed];
    if (rest[typed]?.trim()) plain[written] = fenOfYuan(rest[typed]);
  }
  for (const name of ["quantity", "infringing_quantity", "sold_quantity", "unsold_quantity"]) {
    if (!plain[name]?.value?.trim()) delete plain[name];
  }
  if (plain.uscc_on_mark) plain.uscc_on_mark = plain.uscc_on_mark.replace(/\s/g, "").toUpperCase();
  // In an orchard the place itself is the origin.
  if (site.premises_type !== "orchard") plain.evidenced_origins = origins.map(originBody).filter(Boolean);
  const body = pruned(plain);
  return "rights" in lot ? { ...body, rights: lot.rights } : body;
}

function originBody({ share_percent, ...origin }) {
  const said = pruned(origin) ?? {};
  if (!("fix" in said || "admin_code" in said || "text" in said)) return null;
  return share_percent?.trim() ? { ...said, share: shareOfPercent(share_percent) } : said;
}

function lotAnswers(lot) {
  const answers = { ...lot };
  for (const [typed, written] of Object.entries(MONEY)) {
    if (written in answers) answers[typed] = yuanOfFen(answers[written]);
    delete answers[written];
  }
  if (lot.evidenced_origins) {
    answers.evidenced_origins = lot.evidenced_origins.map(({ share = null, ...origin }) =>
      share === null ? origin : { ...origin, share_percent: percentOfShare(share) },
    );
  }
  return answers;
}

/** Drop what says nothing: blanks, null, empty lists and objects; `also` is added as it is. */
function pruned(value, also = null) {
  if (typeof value === "string") return value.trim() || undefined;
  if (value === null || typeof value !== "object") return value ?? undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => pruned(item)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const said = Object.entries(value).map(([name, held]) => [name, pruned(held)]);
  const kept = Object.fromEntries(said.filter(([, held]) => held !== undefined));
  const whole = { ...kept, ...also };
  return Object.keys(whole).length > 0 ? whole : undefined;
}

function copied(value) {
  return JSON.parse(JSON.stringify(value));
}
