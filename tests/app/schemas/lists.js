/**
 * Answer questions on lists, quantities and codes as the app does. node lists.js FILE: a
 * JSON file {reference, asked: {name: [arguments, …]}}. Prints {name: [answer, …]}.
 */
import { readFileSync } from "node:fs";
import { CodeList } from "../../../fieldkit/app/schemas/codes.js";
import { missingToFinalise } from "../../../fieldkit/app/schemas/completeness.js";
import { rightsOf } from "../../../fieldkit/app/schemas/products.js";
import { kilograms } from "../../../fieldkit/app/schemas/quantity.js";
import { seasonRule } from "../../../fieldkit/app/schemas/seasons.js";
import { searchUnits } from "../../../fieldkit/app/schemas/units.js";
import { isCreditCode } from "../../../fieldkit/app/schemas/uscc.js";

const { reference, asked } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const codes = new CodeList(reference.codes);

const ANSWERS = {
  search: (text) => codes.search(text).map(({ code }) => code),
  meant: (text) => codes.meant(text)?.code ?? null,
  bases: (code, on) => codes.basesOn(code, on).map(({ law, articles }) => [law, articles]),
  valid: (code, on) => codes.isValidOn(code, on),
  season: (right, on) => seasonRule(reference.seasons, right, on)?.not_before ?? null,
  rights: (product) => rightsOf(reference.products, product),
  units: (text) => searchUnits(reference.units, text).map((unit) => unit.unit_code),
  kilograms: (quantity) => kilograms(quantity),
  credit_code: (text) => isCreditCode(text),
  missing: (body) => missingToFinalise(body).map(({ path, code }) => [path, code]),
};

const answers = Object.entries(asked).map(([name, questions]) => [
  name,
  questions.map((question) => ANSWERS[name](...question)),
]);
console.log(JSON.stringify(Object.fromEntries(answers)));
