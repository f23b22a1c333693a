/** Numbers as people type them, exact: money in yuan, shares in per cent. */

const YUAN = /^(0|[1-9]\d{0,10})(?:\.(\d{1,2}))?$/;
const PERCENT = /^(\d{1,3})(?:\.(\d{1,2}))?$/;

/** Return integer fen of yuan as typed ("32,570" or "12.5"); what is no money, as it is. */
export function fenOfYuan(typed) {
  const found = YUAN.exec(typed.replace(/[\s,，元]/g, ""));
  if (!found) return typed;
  return Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
}

/** Return yuan as text of integer fen: 3257000 → "32570", 1250 → "12.50". */
export function yuanOfFen(fen) {
  const part = fen % 100;
  const whole = (fen - part) / 100;
  return part === 0 ? String(whole) : `${whole}.${String(part).padStart(2, "0")}`;
}

/** Return a share above 0 and at most 1 of per cent as typed ("30" or "12.5 %"); else as it is. */
export function shareOfPercent(typed) {
  const text = typed.replace(/[\s%％]/g, "");
  if (!PERCENT.test(text)) return typed;
  return Number(`${text}e-2`);
}

/** Return a share as per cent in text: 0.3 → "30". */
export function percentOfShare(share) {
  return String(Number((share * 100).toFixed(2)));
}
