/** The head of an amendment: its kind and reason, and what finalising still demands. */
import "../../words/more.js";
import { bodyOf } from "../../capture/answers.js";
import { missingToFinalise } from "../../schemas/completeness.js";
import { say } from "../../words.js";
import { selectField, textField } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { placeOf } from "../faults.js";

/** Return the card of an amendment, null for a record that is new. */
export function amendmentPart(form) {
  if (form.target === null) return null;
  const { answers, target } = form;
  const list = h("div", { role: "status" });
  const set = (name) => (value) => {
    answers[name] = value;
    form.changed("amendment");
  };
  const options = form.options("amendment_kind").filter(({ value }) => (value === "addendum") === target.isFinal);
  const draw = () => fill(list, answers.amendment_kind === "finalise" ? demands(form, list) : null);
  form.onChange(draw);
  draw();
  return h("section", { class: "card" },
    target.isFinal ? h("p", { class: "note" }, say("amend.final")) : null,
    selectField({ label: say("amend.kind"), options, value: answers.amendment_kind, field: "amendment.kind", onchange: set("amendment_kind") }),
    textField({ label: say("amend.why"), lines: 2, value: answers.amendment_reason, field: "amendment.reason", maxlength: 1000, onchange: set("amendment_reason") }),
    list);
}

/** What the law still demands, each a way to where it is said. */
function demands(form, list) {
  const missing = missingToFinalise({ officers: form.officers, ...bodyOf(form.answers) });
  if (missing.length === 0) return h("p", { class: "note good" }, say("finalise.complete"));
  const rows = missing.map(({ path }) => h("li", {}, button(say(`finalise.${path}`), () => goTo(list.closest("form"), path), { icon: "next" })));
  return [h("h2", {}, say("finalise.title")), h("ul", { class: "demands" }, rows)];
}

function goTo(root, path) {
  const places = new Map([...root.querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place]));
  const place = placeOf(places, path);
  if (!place) return;
  for (let hidden = place.closest("details"); hidden; hidden = hidden.parentElement.closest("details")) hidden.open = true;
  const control = place.querySelector(".inside input, .inside button, input, textarea, select, button:not(.icon-button)");
  control?.focus();
  place.scrollIntoView({ block: "center" });
}
