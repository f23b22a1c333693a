/** The head of an amendment: its kind and reason, and what finalising still demands. */
import "../../words/more.js";
import { bodyOf } from "../../capture/answers.js";
import { isPermittedKind } from "../../capture/rebasing.js";
import { missingToFinalise } from "../../schemas/completeness.js";
import { say } from "../../words.js";
import { ageWords } from "../age.js";
import { placesIn, selectField, textField, uncover } from "../controls.js";
import { button, h, refill } from "../dom.js";
import { placeOf, showFaults } from "../faults.js";

const BOTH_CHANGED = {
  code: "both-changed",
  zh: "新版本也改过这一处；这里是本草稿的内容，请核对",
  en: "The newer version changed this too; this is the draft's: check it",
};

/** Return the card of an amendment, null for a record that is new. */
export function amendmentPart(form) {
  if (form.target === null) return null;
  const { answers, target } = form;
  const list = h("div", { role: "status" });
  const set = (name) => (value) => {
    answers[name] = value;
    form.changed("amendment");
  };
  const options = form.options("amendment_kind").filter(({ value }) => isPermittedKind(value, target.isFinal));
  const draw = () => refill(list, answers.amendment_kind === "finalise" ? demands(form, list) : null);
  form.onChange(draw);
  draw();
  return h("section", { class: "card" },
    unfinished(form), rebased(form),
    target.isFinal ? h("p", { class: "note" }, say("amend.final")) : null,
    selectField({ label: say("amend.kind"), options, value: answers.amendment_kind, field: "amendment.kind", onchange: set("amendment_kind") }),
    textField({ label: say("amend.why"), lines: 2, value: answers.amendment_reason, field: "amendment.reason", maxlength: 1000, onchange: set("amendment_reason") }),
    list);
}

/** Show at their places what the draft and a newer version both changed. */
export function showClashes({ answers }, root) {
  const { clashes = [] } = answers.rebased ?? {};
  showFaults(root, clashes.map((field) => ({ field, ...BOTH_CHANGED })));
}

/** Another amendment of this record was begun before: the way to it. */
function unfinished({ unfinished: draft }) {
  if (draft === null) return null;
  const words = say("amend.unfinished", { age: ageWords(draft.started_at, Date.now()) });
  return h("p", { class: "note warn" }, words, " ", h("a", { href: `/field/draft/${draft.number}` }, say("amend.go-on")));
}

/** This draft was begun on an earlier version: what became of it. */
function rebased({ answers, target }) {
  if (!answers.rebased) return null;
  const { length: count } = answers.rebased.clashes;
  return h("p", { class: "note warn", role: "status" }, say("amend.rebased"), count > 0 ? ` ${say("amend.clashes", { count })}` : null, " ",
    h("a", { href: `/field/record/${target.newest.id}` }, say("amend.see-newest")));
}

/** What the law still demands, each a way to where it is said. */
function demands(form, list) {
  const missing = missingToFinalise({ officers: form.officers, ...bodyOf(form.answers) });
  if (missing.length === 0) return h("p", { class: "note good" }, say("finalise.complete"));
  const rows = missing.map(({ path }) => h("li", {}, button(say(`finalise.${path}`), () => goTo(list.closest("form"), path), { icon: "next" })));
  return [h("h2", {}, say("finalise.title")), h("ul", { class: "demands" }, rows)];
}

function goTo(root, path) {
  const place = placeOf(placesIn(root), path);
  if (!place) return;
  uncover(place);
  const control = place.querySelector(".inside input, .inside button, input, textarea, select, button:not(.icon-button)");
  control?.focus();
  place.scrollIntoView({ block: "center" });
}
