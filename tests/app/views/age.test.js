import assert from "node:assert/strict";
import { test } from "node:test";
import { ageWords } from "../../../fieldkit/app/views/age.js";
import { setLanguage } from "../../../fieldkit/app/words.js";

const AT = "2023-12-02T10:20:00+08:00";
const MINUTE_MS = 60_000;
const later = (minutes) => Date.parse(AT) + minutes * MINUTE_MS;

test("an age is told in the largest whole unit", () => {
  setLanguage("zh-CN");
  assert.equal(ageWords(AT, later(0.9)), "刚刚");
  assert.equal(ageWords(AT, later(1)), "1 分钟前");
  assert.equal(ageWords(AT, later(60)), "1 小时前");
  assert.equal(ageWords(AT, later(24 * 60 * 9)), "9 天前");
  setLanguage("en");
  assert.equal(ageWords(AT, later(119)), "1 h ago");
});

test("an instant ahead of the clock is just now", () => {
  setLanguage("en");
  assert.equal(ageWords(AT, later(-30)), "just now");
});
