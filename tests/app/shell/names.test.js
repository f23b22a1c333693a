import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { test } from "node:test";
import { APP, modules } from "./modules.js";
import { nameFaults } from "./names.js";

const FAULTS = [
  ["photoOf(1);", "photoOf is not defined"],
  ["const a = { photoOf };", "photoOf is not defined"],
  ["class A extends Shell {}", "Shell is not defined"],
  ["if (a.b) c = 1;", "a is not defined", "c is not defined"],
  ["import { kept } from './other.js';", "kept is imported and not used"],
  ["import { lost } from './other.js'; lost();", "./other.js does not export lost"],
  ["import * as other from './other.js'; other.lost();", "./other.js does not export lost"],
];
const SOUND = [
  "const a = ({ b: [c, ...d] }, e = c) => d + e; a();",
  "try { open(); } catch (error) { throw new Error(error.message); } function open() {}",
  "import { kept as held } from './other.js'; held({ kept: 1 }.kept);",
  "import * as other from './other.js'; other.kept(); new other.Shelf();",
  "import { anything } from './vendor/bundle.js'; outer: for (const a of anything) continue outer;",
];
const OTHER = ["other.js", "export function kept() {}\nexport class Shelf {}"];

const found = (text) => nameFaults(new Map([OTHER, ["a.js", text]]));
for (const [text, ...faults] of FAULTS) test(text, () => assert.deepEqual(found(text), faults.map((one) => `a.js:1 ${one}`)));
for (const text of SOUND) test(text, () => assert.deepEqual(found(text), []));

test("every name in the app is defined, every import is there and used", () => {
  const texts = modules(APP).map((place) => [relative(APP, place), readFileSync(place, "utf8")]);
  assert.ok(texts.length > 100);
  assert.deepEqual(nameFaults(new Map(texts)), []);
});
