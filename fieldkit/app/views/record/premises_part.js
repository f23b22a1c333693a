/** The part about the premises: its kind by big buttons; name, address and times on demand. */
import { say } from "../../words.js";
import { shanghaiInstant } from "../../capture/answers.js";
import { choice, selectField, textField } from "../controls.js";
import { button, h } from "../dom.js";
import { closedCard } from "./closed_card.js";

const MINUTE_LENGTH = "2023-12-02T10:20".length;

/** Return the card with the kinds of premises, the last used first. */
export function premisesPart(form) {
  const { site } = form.answers;
  const tiles = choice({
    legend: say("premises.title"),
    options: form.options("premises_type", form.settings.last_premises_type),
    value: site.premises_type,
    field: "site.premises_type",
    onchange: (value) => {
      site.premises_type = value;
      form.changed("premises");
    },
  });
  return h("section", { class: "card" }, tiles);
}

/** Return the closed part with the name, the address, the times and the source. */
export function premisesDetails(form) {
  const { answers } = form;
  const { site } = answers;
  const text = (holder, name, about) => textField({ value: holder[name], onchange: (value) => set(form, holder, name, value), ...about });
  const fields = () => [
    text(site, "name", { label: say("premises.name"), field: "site.name", maxlength: 200 }),
    text(site, "address", { label: say("premises.address"), field: "site.address", maxlength: 400 }),
    text(site, "url", { label: say("premises.url"), field: "site.url", type: "url", inputmode: "url", maxlength: 2000 }),
    timeField(form, "observed_at", say("premises.observed-at")),
    timeField(form, "ended_at", say("premises.ended-at")),
    selectField({ label: say("premises.source"), options: form.optionsOrNone("record_source"), value: answers.source, field: "source", onchange: (value) => set(form, answers, "source", value) }),
    text(answers, "campaign", { label: say("premises.campaign"), field: "campaign", maxlength: 100 }),
  ];
  return closedCard(form, { title: say("premises.details"), said: () => site.name ?? "" }, fields);
}

/** Return a field for an instant, shown as Shanghai's clock has it. */
export function timeField(form, name, label) {
  const { answers } = form;
  const set = (text) => {
    // A time typed here is this clock's, whatever showed the one before.
    if (name === "observed_at") delete answers.kept.observed_offset_ms;
    answers[name] = text ? `${text.length === MINUTE_LENGTH ? `${text}:00` : text}+08:00` : null;
    form.changed(name);
  };
  const now = button(say("premises.now"), () => {
    const text = shanghaiInstant(Date.now());
    field.querySelector("input").value = text.slice(0, MINUTE_LENGTH);
    set(text.slice(0, 19));
  });
  const value = answers[name] ? shownTime(answers[name]) : "";
  const field = textField({ label, type: "datetime-local", value, field: name, onchange: set, after: now });
  return field;
}

/** As typed; what is no time is shown as none. */
function shownTime(instant) {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? "" : shanghaiInstant(ms).slice(0, MINUTE_LENGTH);
}

function set(form, holder, name, value) {
  holder[name] = value;
  form.changed(name);
}
