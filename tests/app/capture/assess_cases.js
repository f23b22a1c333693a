/**
 * Advise on records as the app does. node assess_cases.js FILE: a JSON file {reference,
 * cases: [{body, acted_on}]}. Prints [{advice, lot_verdicts}], in order.
 */
import { readFileSync } from "node:fs";
import { advise } from "../../../fieldkit/app/capture/advice.js";
import { assess } from "../../../fieldkit/app/schemas/assessment/assess.js";
import { knownFrom } from "../../../fieldkit/app/schemas/assessment/reference.js";

const { reference, cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const known = knownFrom(reference);
const answers = cases.map(({ body, acted_on: actedOn }) => ({
  advice: advise(body, actedOn, reference),
  lot_verdicts: assess(body, actedOn, known).lot_verdicts,
}));
console.log(JSON.stringify(answers));
