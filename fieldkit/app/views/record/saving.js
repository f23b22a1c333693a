/** Saving: what is missing is shown where it is; else the record is sealed, once. */
import { bodyOf, changesOf } from "../../capture/answers.js";
import { isAsked, missingAnswers } from "../../capture/checks.js";
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { clearFaults, showFaults } from "../faults.js";

/**
 * Seal what the form says; resolves to what was saved, or null when something is to be put
 * right first, which is then shown at its field.
 */
export async function saveForm(form, root) {
  clearFaults(root);
  const { lost } = form;
  await form.settled();
  if (form.lost > lost) return null; // told where it was tried
  const missing = missingAnswers(form.answers);
  if (missing.length > 0) {
    tellFaults(form, root, missing);
    return null;
  }
  try {
    const saved = await sealed(form);
    form.keeper.end();
    await remember(form).catch(() => {});
    return saved;
  } catch (error) {
    await refused(form, root, asProblem(error));
    return null;
  }
}

/** A draft whose record was amended in another window is opened anew, on the newer version. */
function refused(form, root, problem) {
  if (problem.code === "amended-meanwhile") return form.context.redraw();
  return tellFaults(form, root, faultsOf(problem));
}

/** From now on what is put right is no longer shown as missing. */
export function followFaults(form, root) {
  form.onChange(() => {
    const missing = new Set(missingAnswers(form.answers).map(({ field, code }) => `${field} ${code}`));
    clearFaults(root, (path, code) => isAsked(code) && !missing.has(`${path} ${code}`));
  });
}

async function sealed(form) {
  const { answers, keeper, target } = form;
  const { outbox } = form.context;
  const draft = await keeper.named();
  if (target === null) return outbox.record(bodyOf(answers), { draft });
  const about = { kind: answers.amendment_kind, reason: answers.amendment_reason.trim() || null, draft, stands_on: target.newest.id };
  return outbox.amend(target.newest.id, changesOf(answers, target.newest.body), about);
}

/** The next record begins with what this one had. */
function remember({ context, answers }) {
  const [{ code }] = answers.violations;
  const patch = { last_premises_type: answers.site.premises_type };
  return context.outbox.saveSettings(answers.lots.length > 0 ? { ...patch, last_code: code } : patch);
}

function faultsOf(problem) {
  const faults = problem.details?.faults;
  return Array.isArray(faults) && faults.length > 0 ? faults : [problem];
}

function tellFaults(form, root, faults) {
  const homeless = showFaults(root, faults);
  if (homeless.length > 0) form.context.tell(homeless[0]);
  form.context.announce(say("form.faults", { count: faults.length }), { urgent: true });
}
