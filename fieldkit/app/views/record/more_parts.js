/** Everything that may be said and need not be: closed until wanted. */
import "../../words/more.js";
import { say } from "../../words.js";
import { textField } from "../controls.js";
import { closedCard } from "./closed_card.js";
import { measuresPart } from "./measures_part.js";
import { officersPart } from "./officers_part.js";
import { partyPart } from "./party_part.js";
import { premisesDetails } from "./premises_part.js";
import { scenePart } from "./scene_part.js";
import { signaturesPart } from "./signatures_part.js";

const SHOWN_CHARACTERS = 40;

/** Return the closed parts, in the order of the on-site record. */
export function moreParts(form) {
  return [premisesDetails(form), partyPart(form), measuresPart(form), scenePart(form), signaturesPart(form), officersPart(form), notePart(form)];
}

function notePart(form) {
  const { answers } = form;
  const field = () => textField({ label: say("note.title"), lines: 3, value: answers.note, field: "note", maxlength: 4000, onchange: (text) => {
    answers.note = text;
    form.changed("note");
  } });
  return closedCard(form, { title: say("note.title"), said: () => beginning(answers.note) }, field);
}

/** A screen reader reads all of a summary. */
function beginning(text) {
  return (text ?? "").trim().split("\n")[0].slice(0, SHOWN_CHARACTERS);
}
