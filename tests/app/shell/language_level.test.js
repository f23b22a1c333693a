import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tooNew } from "./language_level.js";

const APP = fileURLToPath(new URL("../../../fieldkit/app/", import.meta.url));

function modules(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "vendor" ? [] : modules(place);
    return entry.name.endsWith(".js") ? [place] : [];
  });
}

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
  const found = modules(APP).flatMap((place) =>
    tooNew(readFileSync(place, "utf8")).map((one) => `${relative(APP, place)}:${one.line} ${one.found}: ${one.instead}`),
  );
  assert.deepEqual(found, []);
});

test("no module of the app is longer than 300 lines", () => {
  const long = modules(APP).filter((place) => readFileSync(place, "utf8").split("\n").length > 301);
  assert.deepEqual(long.map((place) => relative(APP, place)), []);
});
