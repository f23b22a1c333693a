import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Problem } from "../../../fieldkit/app/problem.js";
import { CodeList } from "../../../fieldkit/app/schemas/codes.js";
import { kilograms, quantityTyped } from "../../../fieldkit/app/schemas/quantity.js";

const DATA = new URL("../../../schemas/data/codes.json", import.meta.url);
const codes = new CodeList(JSON.parse(readFileSync(DATA, "utf8")));

test("the code used last comes first, but never before a better match", () => {
  const [first, second] = codes.search("", ["HV-501", "GI-101"]);
  assert.deepEqual([first.code, second.code], ["HV-501", "GI-101"]);
  const found = codes.search("GI-1", ["GI-103", "HV-501"]);
  assert.equal(found[0].code, "GI-103");
  assert.ok(found.every(({ code }) => code.startsWith("GI-1")));
});

test("an unknown code and an unreadable quantity name the field and the remedy", () => {
  assert.throws(() => codes.get("XX-999"), (problem) => problem.code === "code-unknown" && problem.field === "violations.code");
  assert.throws(() => quantityTyped("many"), Problem);
  assert.throws(() => kilograms({ value: "1e3", unit: "kg" }), Problem);
  assert.throws(() => kilograms({ value: "1", unit: "stone" }), Problem);
});

test("a quantity is read as inspectors type it", () => {
  assert.deepEqual(quantityTyped("36 万斤"), { value: "36", unit: "wan_jin" });
  assert.deepEqual(quantityTyped("500KG"), { value: "500", unit: "kg" });
  assert.equal(kilograms(quantityTyped("36万斤")), "180000");
  assert.equal(kilograms(quantityTyped("4530 箱")), null);
});
