/** The part with the words of the on-site record (现场笔录). */
import { say } from "../../words.js";
import { checkField, textField } from "../controls.js";
import { closedCard } from "./closed_card.js";

/** Return the closed part: what was shown and told, the scene, the statement. */
export function scenePart(form) {
  const record = form.answers.on_site_record;
  const set = (name) => (value) => {
    record[name] = value === false ? null : value;
    form.changed("scene");
  };
  const path = (name) => `on_site_record.${name}`;
  const check = (name, words) => checkField({ label: say(words), value: record[name], field: path(name), onchange: set(name) });
  const area = (name, words) => textField({ label: say(words), lines: 4, value: record[name], field: path(name), maxlength: 20_000, onchange: set(name) });
  const people = () => textField({
    label: say("scene.participants"), lines: 2, value: (record.other_participants ?? []).join("\n"), field: path("other_participants"),
    onchange: (text) => set("other_participants")(text.split("\n").map((name) => name.trim())),
  });
  return closedCard(form, { title: say("scene.title"), said: () => filledIn(record) }, () => [
    check("certificates_shown", "scene.certificates"),
    check("rights_told", "scene.rights"),
    area("scene_text", "scene.text"),
    area("party_statement", "scene.statement"),
    people(),
    check("read_back_confirmed", "scene.read-back"),
  ]);
}

const ASKED = ["certificates_shown", "rights_told", "scene_text", "party_statement", "other_participants", "read_back_confirmed"];

/** How many of the questions are answered; "" for none. */
function filledIn(record) {
  const count = ASKED.filter((name) => [record[name]].flat().some(Boolean)).length;
  return count > 0 ? say("scene.filled", { count }) : "";
}
