import assert from "node:assert/strict";
import { test } from "node:test";
import { addWords, language, say, sayEither, setLanguage } from "../../fieldkit/app/words.js";
import { Problem, asProblem } from "../../fieldkit/app/problem.js";

addWords({ "test.waiting": ["还有 {count} 条", "{count} waiting"] });

test("words are Chinese until another language is chosen", () => {
  setLanguage("zh-CN");
  assert.equal(say("test.waiting", { count: 3 }), "还有 3 条");
  setLanguage("en");
  assert.equal(say("test.waiting", { count: 3 }), "3 waiting");
  setLanguage("fr");
  assert.equal(language(), "zh-CN");
  assert.equal(sayEither({ zh: "照片", en: "photo" }), "照片");
});

test("a key without words, or with two kinds of words, is a fault", () => {
  assert.throws(() => say("test.nothing"));
  assert.throws(() => addWords({ "test.waiting": ["别的", "another"] }));
});

test("whatever was thrown becomes words for a person", () => {
  const known = new Problem("disk-full", { zh: "存储已满", en: "storage is full" });
  assert.equal(asProblem(known), known);
  assert.match(asProblem(new TypeError("x is null")).zh, /x is null/);
});
