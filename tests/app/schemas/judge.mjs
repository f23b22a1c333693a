/**
 * Judges the cases of a file as Python did, and prints where the two differ.
 *
 * Each line: {payload, accepts, faults} or {input, faults}; a fault is [field, code, zh, en].
 */

import { readFileSync } from "node:fs";

import { codes, message } from "../../../fieldkit/app/schemas/messages.js";
import { loadValidation } from "../../../fieldkit/app/schemas/validation.js";

const SCHEMAS = new URL("../../../schemas/json/", import.meta.url);
const readJson = async (path) => JSON.parse(readFileSync(new URL(path, SCHEMAS), "utf-8"));
const validation = await loadValidation(readJson);

const lines = readFileSync(process.argv[2], "utf-8").split("\n").filter(Boolean);
let differing = 0;
for (const line of lines) {
  const found = JSON.parse(line);
  const expected = JSON.stringify([found.accepts ?? null, found.faults]);
  const judged = JSON.stringify(judgement(found));
  if (judged === expected) continue;
  differing += 1;
  if (differing <= 10) console.log(`${line.slice(0, 3000)}\n  here:   ${judged}\n  python: ${expected}`);
}
console.log(`${lines.length} cases, ${differing} differ`);
process.exitCode = differing === 0 && lines.length > 0 ? 0 : 1;

function judgement({ payload, input, words }) {
  if (words !== undefined) return [null, codes().map((code) => [code, ...Object.values(message(code, words))])];
  if (input !== undefined) return [null, validation.explainInput(input).map(Object.values)];
  const faults = validation.explain(payload);
  const isAccepted = validation.accepts(payload);
  if (isAccepted !== (faults.length === 0)) return [`accepts ${isAccepted}`, faults];
  return [isAccepted, faults.map(Object.values)];
}
