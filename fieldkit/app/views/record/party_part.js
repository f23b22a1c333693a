/** The part about the party: credit code typed with its check digit, or scanned. */
import { isCode } from "../../capture/checks.js";
import { creditCodeIn } from "../../capture/credit_code.js";
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { selectField, textField } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { closedCard } from "./closed_card.js";

const CODE_LENGTH = 18;

/** Return the closed part about the party. */
export function partyPart(form) {
  const { party } = form.answers;
  const set = (name) => (value) => {
    party[name] = value;
    form.changed("party");
  };
  const text = (name, words, about = {}) => textField({ label: say(words), value: party[name], field: `party.${name}`, onchange: set(name), ...about });
  const select = (name, list, words) => selectField({ label: say(words), options: form.optionsOrNone(list), value: party[name], field: `party.${name}`, onchange: set(name) });
  return closedCard(form, { title: say("party.title"), field: "party", said: () => party.name ?? "" }, () => [
    codeField(form, party),
    text("name", "party.name", { maxlength: 200 }),
    select("type", "party_type", "party.type"),
    text("person_in_charge", "party.person", { maxlength: 100 }),
    text("contact", "party.contact", { maxlength: 200, inputmode: "tel" }),
    text("address", "party.address", { maxlength: 400 }),
    select("presence", "party_presence", "party.presence"),
  ]);
}

function codeField(form, party) {
  const verdict = h("p", { class: "hint", role: "status" });
  const judge = (text) => {
    const isWhole = text.replace(/\s/g, "").length >= CODE_LENGTH;
    const isGood = isCode(text);
    verdict.className = isWhole ? (isGood ? "hint good" : "hint bad") : "hint";
    fill(verdict, isWhole ? say(isGood ? "party.uscc-good" : "party.uscc-bad") : say("party.uscc-hint"));
  };
  const take = (text) => {
    party.uscc = text;
    form.changed("party");
    judge(text);
  };
  const scan = button(say("party.scan"), () => scanLicence(form, field, take).catch((error) => form.context.tell(asProblem(error))), { icon: "scan" });
  const field = textField({
    label: say("party.uscc"), value: party.uscc, field: "party.uscc", onchange: take, after: scan, maxlength: 24, autocapitalize: "characters", spellcheck: "false",
  });
  judge(party.uscc ?? "");
  field.append(verdict);
  return field;
}

async function scanLicence(form, field, take) {
  const { scanCode } = await import("../scan.js");
  const text = await scanCode({ title: say("party.scan-title") });
  if (text === null) return;
  const code = creditCodeIn(text);
  if (code === null) {
    form.context.announce(say("party.scan-none"), { urgent: true });
    fill(field.querySelector(".hint"), say("party.scan-none"));
    return;
  }
  field.querySelector("input").value = code;
  take(code);
}
