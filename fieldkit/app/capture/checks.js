/**
 * What the form asks for before a record is saved, beyond what its schema demands: the
 * inputs that make a finding of use. Pure.
 */
import { NO_FINDING } from "../schemas/codes.js";
import { isCreditCode } from "../schemas/uscc.js";

const WORDS = {
  "premises-unsaid": ["请选择场所类型", "Choose the kind of premises"],
  "position-unsaid": ["还没有位置：稍等，或在地图上标注，或写明没有位置的原因", "No position yet: wait, place a pin, or say why there is none"],
  "pin-reason-unsaid": ["请说明为什么手工标注位置", "Say why the position was placed by hand"],
  "code-unsaid": ["请选择违法行为；没有问题请走“走访无问题”", "Choose what was found; if nothing, use “Visited, nothing found”"],
  "claim-unsaid": ["请选择货物上的标示；没有就选“无标识”", "Choose what the goods claim; “None” if nothing"],
  "claim-none-among-others": ["“无标识”不能与其他标示并选", "“None” cannot stand beside another claim"],
  "time-unsaid": ["请填写检查开始的时间", "Say when the inspection began"],
  "uscc-check-digit": ["统一社会信用代码的校验位不符，请核对执照", "The check digit of the credit code does not agree; compare it with the licence"],
  "amendment-reason-unsaid": ["请写明原因", "Say why it is amended"],
};

/**
 * Return what is missing or wrong, in the order of the form.
 *
 * @param {object} answers see `answers.js`
 * @returns {Array<{field: string, code: string, zh: string, en: string}>}
 */
export function missingAnswers(answers) {
  return [...place(answers), ...finding(answers), ...answers.lots.flatMap(lot), ...time(answers), ...party(answers), ...reason(answers)];
}

/** Tell whether a fault's code is one of `missingAnswers`. */
export function isAsked(code) {
  return code in WORDS;
}

function place({ site, position, amends }) {
  const missing = [];
  const hasReason = position.no_fix_reason.trim() !== "";
  if (position.fix === null && !hasReason) missing.push(fault("site.fix", "position-unsaid"));
  const isPin = position.fix?.source === "manual";
  // A version sealed elsewhere may have none, and is amended all the same.
  if (isPin && !amends && !position.fix.basis) missing.push(fault("site.fix.basis", "pin-reason-unsaid"));
  if (!site.premises_type) missing.push(fault("site.premises_type", "premises-unsaid"));
  return missing;
}

function finding({ violations }) {
  return violations.length === 0 ? [fault("violations", "code-unsaid")] : [];
}

function lot({ claims = [], uscc_on_mark: mark = "" }, place) {
  const faults = [];
  if (claims.length === 0) faults.push(fault(`goods[${place}].claims`, "claim-unsaid"));
  if (claims.length > 1 && claims.includes("none")) faults.push(fault(`goods[${place}].claims`, "claim-none-among-others"));
  if (mark.trim() && !isCode(mark)) faults.push(fault(`goods[${place}].uscc_on_mark`, "uscc-check-digit"));
  return faults;
}

function time({ observed_at: at }) {
  return at ? [] : [fault("observed_at", "time-unsaid")];
}

function party({ party: { uscc = "" } }) {
  return uscc.trim() && !isCode(uscc) ? [fault("party.uscc", "uscc-check-digit")] : [];
}

function reason({ amends, amendment_kind: kind, amendment_reason = "" }) {
  return amends && kind !== "finalise" && !amendment_reason.trim() ? [fault("amendment.reason", "amendment-reason-unsaid")] : [];
}

/** Tell whether a visit found nothing: that one code and no goods. */
export function isVisit({ violations, lots }) {
  return violations.length === 1 && violations[0].code === NO_FINDING && lots.length === 0;
}

/** Tell whether a text, blanks and small letters aside, is a credit code. */
export function isCode(text) {
  return isCreditCode(text.replace(/\s/g, "").toUpperCase());
}

function fault(field, code) {
  const [zh, en] = WORDS[code];
  return { field, code, zh, en };
}
