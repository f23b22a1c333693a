/** The part about measures taken on the spot. */
import { say } from "../../words.js";
import { selectField, textField } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { closedCard } from "./closed_card.js";

const TEXTS = { doc_no: 100, approved_by: 100, custody: 1000, result: 1000 };

/** Return the closed part with every measure, and a way to add one. */
export function measuresPart(form) {
  const { answers } = form;
  const list = h("div", { dataset: { field: "measures" } });
  const draw = () =>
    fill(list, answers.measures.map((measure, place) => fields(form, measure, place, draw)), button(say("measure.add"), add, { icon: "add" }));
  const add = () => {
    answers.measures.push({ kind: form.options("measure_kind")[0].value });
    form.changed("measures");
    draw();
  };
  const said = () => String(answers.measures.length || "");
  return closedCard(form, { title: say("measure.title"), said }, draw);
}

function fields(form, measure, place, draw) {
  const path = `measures[${place}]`;
  const set = (name) => (value) => {
    measure[name] = value;
    form.changed("measures");
  };
  const remove = () => {
    form.answers.measures.splice(place, 1);
    form.changed("measures");
    draw();
  };
  const texts = Object.entries(TEXTS).map(([name, most]) =>
    textField({ label: say(`measure.${name.replace("_", "-")}`), value: measure[name], field: `${path}.${name}`, maxlength: most, onchange: set(name) }));
  return h("fieldset", { class: "field origin", dataset: { field: path } }, h("legend", { class: "unseen" }, `${say("measure.kind")} ${place + 1}`),
    selectField({ label: say("measure.kind"), options: form.options("measure_kind"), value: measure.kind, field: `${path}.kind`, onchange: set("kind") }),
    texts,
    textField({ label: say("measure.due-on"), type: "date", value: measure.due_on, field: `${path}.due_on`, onchange: set("due_on") }),
    button(say("measure.remove"), remove, { icon: "remove" }));
}
