/** What more is said of one act: description, how sure it is, the legal basis chosen. */
import { articleWords, lawName } from "../../schemas/laws.js";
import { say } from "../../words.js";
import { checkField, closedPart, selectField, textField } from "../controls.js";
import { h } from "../dom.js";
import { inLanguage } from "../terms.js";

/** Return the closed details of one act. */
export function findingDetails(form, violation, place) {
  const path = `violations[${place}]`;
  const set = (name) => (value) => {
    violation[name] = value;
    form.changed("violations");
  };
  const area = (name, label, most) => textField({ label, lines: 2, value: violation[name], field: `${path}.${name}`, maxlength: most, onchange: set(name) });
  return closedPart({ class: "less" }, say("code.more"), () => [
    area("description", say("code.description"), 4000),
    selectField({ label: say("code.state"), options: form.optionsOrNone("violation_state"), value: violation.state, field: `${path}.state`, onchange: set("state") }),
    bases(form, violation, path),
    area("decision_reason", say("code.decision-reason"), 2000),
  ]);
}

/** The provisions of the day of the act are proposed; the officer chooses. */
function bases(form, violation, path) {
  const entry = form.codes.get(violation.code);
  const proposed = form.codes.basesOn(violation.code, form.actedOn).map(({ law, articles }) => ({ law: lawName(form.reference.laws, law), words: articleWords(articles) }));
  if (proposed.length === 0) return null;
  const chosen = violation.legal_basis ?? [];
  const isChosen = ({ law, words }) => chosen.some((basis) => basis.law === law.zh && basis.articles === words.zh);
  const boxes = proposed.map((basis) => checkField({
    label: `${inLanguage(basis.law)} ${inLanguage(basis.words)}${entry.basis_confirmed ? "" : ` · ${say("code.unconfirmed")}`}`,
    value: isChosen(basis),
    field: `${path}.legal_basis`,
    onchange: (isOn) => choose(form, violation, basis, isOn),
  }));
  return h("fieldset", { class: "field" }, h("legend", {}, say("code.basis")), boxes);
}

/** What is sealed is as a legal document cites it, in the language of the law. */
function choose(form, violation, { law, words: { zh: articles } }, isOn) {
  const others = (violation.legal_basis ?? []).filter((basis) => basis.law !== law.zh || basis.articles !== articles);
  violation.legal_basis = isOn ? [...others, { law: law.zh, articles, version: form.reference.laws.version }] : others;
  form.changed("violations");
}
