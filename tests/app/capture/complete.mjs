/** Completes the cases of a file as Python did, and prints where the two differ. */

import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";

import { amended, blobRefs, completed, recordNumber } from "../../../fieldkit/app/capture/completion.js";

const { products, cases } = JSON.parse(readFileSync(process.argv[2], "utf-8"));

const MAKERS = {
  completed: ({ given, identity, now, earlier }) =>
    completed(given, identity, new Date(now), { earlier, products }),
  amended: ({ current, changes, kind, reason }) => amended(current, changes, kind, reason),
  blobs: ({ body }) => blobRefs(body),
  number: ({ unit_code, year, device_id, seq }) => recordNumber(unit_code, year, device_id, seq),
};

for (const { make, expected, ...words } of cases) {
  const before = JSON.stringify(words);
  const made = MAKERS[make](words);
  deepEqual(made, expected, JSON.stringify({ make, words, made, expected }));
  deepEqual(JSON.stringify(words), before, "what was handed in was changed");
}
console.log(`${cases.length} cases alike`);
