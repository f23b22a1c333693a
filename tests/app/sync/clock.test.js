import assert from "node:assert/strict";
import { test } from "node:test";
import { actedOn, actedOnOrToday } from "../../../fieldkit/app/sync/clock.js";

const NOW = new Date("2024-02-29T17:00:00Z");

test("the day of the act is the one said", () => {
  const payload = { body: { observed_at: "2023-12-02T23:30:00+08:00", site: {} } };
  assert.equal(actedOn(payload), "2023-12-02");
  assert.equal(actedOnOrToday(payload, NOW), "2023-12-02");
});

for (const at of [null, undefined, "", "12023-12-02T10:20:00+08:00", 5]) {
  test(`where the time is ${at}, the day is Shanghai's today`, () => {
    assert.equal(actedOnOrToday({ body: { observed_at: at } }, NOW), "2024-03-01");
  });
}
