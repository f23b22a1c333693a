/** Whether what was said can be sealed, and in words why not (fieldkit/acceptance.py). */

import { Problem } from "../problem.js";

/**
 * Pass if this input can become a record; throws "input-refused", which names the first
 * fault's field and every fault's reason (`details.faults`).
 *
 * @param {import("../schemas/validation.js").Validation} validation
 * @param {unknown} given
 */
export function requireAcceptable(validation, given) {
  refuse(validation.explainInput(given));
}

/**
 * Pass if what is about to be sealed is what a server accepts; throws as above.
 *
 * @param {import("../schemas/validation.js").Validation} validation
 * @param {object} payload
 * @param {object | null} given what the inspector said, null for a withdrawal
 */
export function requireAccepted(validation, payload, given) {
  if (validation.accepts(payload)) return;
  // The inspector's own words first: they name what was typed.
  if (given !== null) refuse(validation.explainInput(given));
  refuse(validation.explain(payload));
}

function refuse(faults) {
  if (faults.length === 0) return;
  const words = {
    zh: faults.map(({ field, zh }) => `${field || "-"}：${zh}`).join("；"),
    en: faults.map(({ field, en }) => `${field || "-"}: ${en}`).join("; "),
  };
  throw new Problem("input-refused", words, { field: faults[0].field, details: { faults } });
}
