/** The part about the officers: those who were enrolled, unless others went. */
import { say } from "../../words.js";
import { textField } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { closedCard } from "./closed_card.js";

/** Return the closed part; changing anything makes the list this record's own. */
export function officersPart(form) {
  const list = h("div", { dataset: { field: "officers" } });
  const draw = () => {
    const officers = form.officers.map((officer) => ({ ...officer }));
    const keep = () => {
      form.answers.officers = officers;
      form.officers = officers;
      form.changed("officers");
    };
    const again = (change) => () => {
      change(officers);
      keep();
      draw();
    };
    return fill(list, officers.map((officer, place) => fields(officer, place, keep, again((all) => all.splice(place, 1)), officers.length > 1)), ways(form, again, draw));
  };
  const said = () => form.officers.map(({ name }) => name).join("、");
  return closedCard(form, { title: say("officers.title"), said }, draw);
}

function fields(officer, place, keep, remove, isMany) {
  const text = (name, words, most) => textField({ label: say(words), value: officer[name], field: `officers[${place}].${name}`, maxlength: most, onchange: (value) => {
    officer[name] = value;
    keep();
  } });
  return h("fieldset", { class: "field origin", dataset: { field: `officers[${place}]` } }, h("legend", { class: "unseen" }, `${say("officers.title")} ${place + 1}`),
    text("name", "officers.name", 100), text("certificate_no", "officers.certificate", 64),
    isMany ? button(say("officers.remove", { name: officer.name }), remove, { icon: "remove" }) : null);
}

function ways(form, again, draw) {
  const usual = () => {
    form.answers.officers = null;
    form.officers = form.identity.officers;
    form.changed("officers");
    draw();
  };
  return h("div", { class: "actions" },
    button(say("officers.add"), again((all) => all.push({ name: "", certificate_no: "" })), { icon: "add" }),
    form.answers.officers !== null && form.target === null ? button(say("officers.usual"), usual) : null);
}
