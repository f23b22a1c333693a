/** The record form: five inputs and save; all else in parts that are closed until wanted. */
import "../../words/record.js";
import { isVisit } from "../../capture/checks.js";
import { asProblem } from "../../problem.js";
import { language, say } from "../../words.js";
import { button, fill, h } from "../dom.js";
import { advicePart } from "./advice_part.js";
import { amendmentPart, showClashes } from "./amendment_part.js";
import { discarding } from "./discarding.js";
import { saveWhenHidden } from "./draft_keeper.js";
import { findingsPart } from "./findings_part.js";
import { goodsPart } from "./goods_part.js";
import { moreParts } from "./more_parts.js";
import { openForm } from "./opening.js";
import { photosPart } from "./photos_part.js";
import { positionPart } from "./position_part.js";
import { premisesPart } from "./premises_part.js";
import { followFaults, saveForm } from "./saving.js";
import { strandedDraft } from "./stranded.js";

/** Show the form of a new record, of draft `number`, or of record `id` to amend. */
export async function show(context, wanted) {
  try {
    return screenOf(await openForm(context, wanted));
  } catch (problem) {
    if (problem.code !== "record-withdrawn" || wanted.number === undefined) throw problem;
    return strandedDraft(context, Number(wanted.number), problem);
  }
}

function screenOf(form) {
  const isEmptyVisit = isVisit(form.answers);
  const live = [positionPart(form), photosPart(form), advicePart(form)];
  const [position, photos, advice] = live.map(({ element }) => element);
  const title = titleOf(form, isEmptyVisit);
  const middle = isEmptyVisit ? [] : [findingsPart(form), goodsPart(form)];
  const element = h("form", { class: "record-form", novalidate: true, onsubmit: (event) => event.preventDefault() },
    h("h1", {}, title), amendmentPart(form), position, premisesPart(form), middle, photos, advice,
    h("h2", { class: "part-title" }, say("form.more")), moreParts(form), discarding(form));
  showClashes(form, element);
  followFaults(form, element);
  const stopSaving = saveWhenHidden(form.keeper);
  const close = () => {
    live.forEach((part) => part.close());
    stopSaving();
    form.keeper.end();
  };
  return { element, title, bar: saveBar(form, element), leave: () => left(form), close };
}

/** The screen is left once all that was said, drawn or taken is kept. */
async function left(form) {
  await form.settled();
  await form.keeper.flush();
}

function titleOf({ answers }, isEmptyVisit) {
  const isFinal = answers.amendment_kind === "finalise";
  if (answers.amends) return say(isFinal ? "form.finalise" : "form.amend", { number: answers.amends.record_no ?? "" });
  return say(isEmptyVisit ? "form.visit" : "form.new");
}

/** In the place of the navigation: the way back, whether the draft is kept, and save. */
function saveBar(form, element) {
  const kept = h("span", { class: "kept soft small" }, form.savedAt ? keptWords(new Date(form.savedAt)) : say("form.not-kept"));
  const { context, keeper } = form;
  keeper.onSaved = (number) => {
    fill(kept, keptWords(new Date()));
    if (location.pathname !== `/field/draft/${number}`) context.rename(`draft/${number}`);
  };
  const save = button(say("form.save"), () => run(), { kind: "primary big", icon: "check" });
  async function run() {
    if (save.getAttribute("aria-disabled") === "true") return;
    save.setAttribute("aria-disabled", "true");
    fill(save.lastChild, say("form.saving"));
    const saved = await saveForm(form, element).catch((error) => context.tell(asProblem(error)));
    if (saved) context.navigate(`record/${saved.id}/saved`, { replace: true });
    else {
      save.removeAttribute("aria-disabled");
      fill(save.lastChild, say("form.save"));
    }
  }
  return h("section", { class: "savebar", "aria-label": say("form.bar") }, h("a", { class: "button", href: "/field/", "aria-label": say("form.leave") }, say("nav.back")), kept, save);
}

/** When the draft was kept; the day too, where that is not today. */
function keptWords(at) {
  const isToday = at.toDateString() === new Date().toDateString();
  const style = { timeStyle: "short", ...(isToday ? {} : { dateStyle: "short" }) };
  return say("form.kept", { time: at.toLocaleString(language(), style) });
}
