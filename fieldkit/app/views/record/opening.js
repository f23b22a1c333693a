/** From an address to a form: a new record, a draft gone on with, or a version to amend. */
import { answersOfBody, newAnswers, shanghaiInstant, upgraded } from "../../capture/answers.js";
import { foundAgain } from "../../capture/held_photos.js";
import { standingOn } from "../../capture/rebasing.js";
import { NO_FINDING } from "../../schemas/codes.js";
import { Problem, asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { DraftKeeper } from "./draft_keeper.js";
import { FormState } from "./form_state.js";

const ITEMS = ["goods", "violations", "evidence"];

/**
 * Return the state of the form that an address asks for.
 *
 * @param {object} context
 * @param {{number?: string, id?: string, isVisit?: boolean, kind?: string}} wanted
 * @throws {Problem} "not-enrolled", "draft-gone", "draft-from-later", "record-withdrawn"
 */
export async function openForm(context, wanted) {
  const { outbox } = context;
  const identity = await outbox.identity();
  if (identity === null) throw notEnrolled();
  const [reference, settings, status] = await Promise.all([context.reference(), outbox.settings(), outbox.status({ isRoomTried: true })]);
  const begun = await begin(outbox, wanted, settings);
  const { amends } = begun.answers;
  const target = amends ? await targetOf(outbox, amends.id) : null;
  const answers = target ? standingOn(begun.answers, target.bodies.get(amends.id), target) : begun.answers;
  const unfinished = wanted.id === undefined ? null : await draftOn(outbox, target);
  const keeper = keeperOf(context, answers, begun.number);
  const officers = answers.officers ?? identity.officers;
  const isIdUsed = (id) => target?.ids.has(id) ?? false;
  const form = new FormState({ context, reference, settings, status, identity, officers, keeper, target, unfinished, isIdUsed, answers, savedAt: begun.savedAt ?? null });
  takeFound(form, begun.photos ?? []);
  return form;
}

/** A photograph that was kept just before an interruption is evidence again. */
function takeFound(form, photos) {
  const { isIdUsed, answers } = form;
  const found = foundAgain(answers.evidence, photos, { isIdUsed, method: say("photo.method-found"), captured_by: form.captors, at: shanghaiInstant(Date.now()) });
  form.found = found.length;
  if (found.length === 0) return;
  answers.evidence.push(...found);
  form.changed("evidence");
}

async function begin(outbox, { number, id, isVisit, kind }, settings) {
  if (number !== undefined) return draftOf(outbox, Number(number));
  if (id !== undefined) return { answers: await answersToAmend(outbox, id, kind), number: null };
  const answers = newAnswers(Date.now());
  if (isVisit) {
    answers.lots = [];
    answers.violations = [{ id: "v1", code: NO_FINDING }];
    answers.site.premises_type = settings.last_premises_type;
  }
  return { answers, number: null };
}

async function draftOf(outbox, number) {
  const draft = (await outbox.drafts()).find((one) => one.number === number);
  if (draft) return { answers: upgraded(draft.answers), number, photos: draft.photos, savedAt: draft.saved_at };
  const words = { zh: "这份草稿已不在：可能已封存或删除。请看队列。", en: "This draft is gone: sealed or deleted. See the queue." };
  throw new Problem("draft-gone", words);
}

async function answersToAmend(outbox, id, kind) {
  const { newest, isFinal } = await targetOf(outbox, id);
  const answers = answersOfBody(newest.body, { id: newest.id, record_no: newest.record_no, is_final: isFinal });
  return { ...answers, amendment_kind: isFinal ? "addendum" : kind ?? "correction", amendment_reason: "" };
}

/** The amendment of this record that was begun last and is not sealed, null if there is none. */
async function draftOn(outbox, { bodies }) {
  const begun = (await outbox.drafts()).filter(({ answers }) => bodies.has(answers.amends?.id));
  return begun[begun.length - 1] ?? null;
}

/** The newest version of a record, each one's body, every id that any ever gave, and whether it is final. */
async function targetOf(outbox, id) {
  const { versions } = await outbox.show(id);
  const shown = await Promise.all(versions.map((version) => outbox.show(version.id)));
  const newest = shown[shown.length - 1];
  if (newest.kind === "withdrawal") {
    throw new Problem("record-withdrawn", { zh: "该记录已撤回，不能再更正。", en: "This record was withdrawn; it cannot be amended." });
  }
  const ids = new Set(shown.flatMap(({ body }) => ITEMS.flatMap((part) => (body[part] ?? []).map((item) => item.id))));
  const bodies = new Map(shown.map((version) => [version.id, version.body]));
  return { newest, bodies, ids, isFinal: shown.some(({ body }) => body.amendment?.kind === "finalise") };
}

function keeperOf(context, answers, number) {
  return new DraftKeeper(context.outbox, answers, number, {
    onSaved: () => {},
    onProblem: (error) => context.tell(asProblem(error)),
  });
}

function notEnrolled() {
  const words = { zh: "本机尚未登记，不能封存记录。请先在“设置”中登记设备。", en: "This device is not enrolled and cannot seal records. Enrol it first, under Settings." };
  return new Problem("not-enrolled", words);
}
