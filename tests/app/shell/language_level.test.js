import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { tooNew } from "./language_level.js";
import { APP, VENDOR, modules } from "./modules.js";

const SCRIPTS = ["vendor/leaflet/leaflet.js"];

function faultsIn(place) {
  const name = relative(APP, place);
  const found = tooNew(readFileSync(place, "utf8"), SCRIPTS.includes(name) ? "script" : "module");
  return found.map((one) => `${name}:${one.line} ${one.found}: ${one.instead}`);
}

const TOO_NEW = [
  "window.structuredClone(b)",
  "self.scheduler.postTask(b)",
  "globalThis['structuredClone'](b)",
  "const f = structuredClone;",
  "const { structuredClone } = self;",
  "const a = { structuredClone };",
  "new Iterator()",
  "class A extends Iterator {}",
  "a.map(structuredClone)",
  "a.union(b)",
  "a.intersection(b)",
  "a.difference(b)",
  "list.with(0, 1)",
  "file['createWritable']()",
  "const f = (a = structuredClone) => a;",
  "if (typeof other !== 'undefined') structuredClone(b);",
  "try { a(); } catch { structuredClone(b); }",
  "if (structuredClone(b)) a();",
  "if (window.structuredClone(b)) a();",
  "const a = typeof structuredClone === 'function' || structuredClone(b);",
];
const ASKED_FIRST = [
  "const a = typeof structuredClone === 'function' ? structuredClone(b) : copy(b);",
  "if ('scheduler' in self) self.scheduler.postTask(b);",
  "const a = window.structuredClone && window.structuredClone(b);",
  "if (!self.URLPattern) a();",
  "self.reportError?.(b);",
  "try { a = structuredClone(b); } catch { a = copy(b); }",
];
const OUR_OWN = [
  "const scheduler = make(); scheduler.run();",
  "import { Iterator } from './ours.js'; new Iterator();",
  "const f = ({ scheduler }) => scheduler;",
  "const a = { structuredClone: 1 }; a.structuredClone;",
  "class A { scheduler() {} }",
];

for (const text of TOO_NEW) test(`too new: ${text}`, () => assert.notDeepEqual(tooNew(text), []));
for (const text of [...ASKED_FIRST, ...OUR_OWN]) test(`not too new: ${text}`, () => assert.deepEqual(tooNew(text), []));

test("what is too new for a government PC is found", () => {
  assert.equal(tooNew("const a = structuredClone(b);").length, 1);
  assert.equal(tooNew("Object.hasOwn(a, 'b')").length, 1);
  assert.equal(tooNew("class A { static { this.x = 1; } }").length, 1);
  assert.equal(tooNew("AbortSignal.timeout(5)").length, 1);
  assert.equal(tooNew("const a = /[a--b]/v;").length, 1);
  assert.equal(tooNew("using a = b();").length, 1);
});

test("what Chromium 92 has passes", () => {
  assert.deepEqual(tooNew("class A { #x = 1; get x() { return this.#x ??= 2; } }\nexport const y = [1].at(-1);"), []);
});

test("every module of the app runs on Chromium 92 and Safari 16.4", () => {
  assert.deepEqual(modules(APP).flatMap(faultsIn), []);
});

test("so does every bundle that others wrote", () => {
  const bundles = readdirSync(VENDOR, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const places = bundles.flatMap(({ name }) => modules(join(VENDOR, name)));
  assert.ok(places.length >= 10);
  assert.deepEqual(places.flatMap(faultsIn), []);
});

test("no module of the app is longer than 300 lines", () => {
  const long = modules(APP).filter((place) => readFileSync(place, "utf8").split("\n").length > 301);
  assert.deepEqual(long.map((place) => relative(APP, place)), []);
});
