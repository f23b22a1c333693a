/** The credit code in what a licence's QR code says: an address, lines of text, or itself. */
import { isCreditCode } from "../schemas/uscc.js";

const CANDIDATE = /[0-9A-HJ-NPQRTUWXY]{18}/g;

/** Return the first credit code whose check digit agrees, null if there is none. */
export function creditCodeIn(text) {
  const upper = text.toUpperCase();
  for (const run of upper.match(/[0-9A-Z]{18,}/g) ?? []) {
    const found = run.length === 18 ? [run] : run.match(CANDIDATE) ?? [];
    const code = found.find(isCreditCode);
    if (code) return code;
  }
  return null;
}
