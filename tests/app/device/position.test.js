import assert from "node:assert/strict";
import { test } from "node:test";
import { fixOfPosition, positionProblem, watchBrowserPosition } from "../../../fieldkit/app/device/position.js";

const position = (coords) => ({
  coords: { longitude: 115.6512, latitude: 24.9633, accuracy: 7.5, altitude: null, ...coords },
  timestamp: Date.parse("2023-12-02T02:19:41Z"),
});

test("a browser's position becomes a fix in WGS-84 with its 95 % radius and its time", () => {
  assert.deepEqual(fixOfPosition(position({ accuracy: 1500 })), {
    lon_deg: 115.6512,
    lat_deg: 24.9633,
    datum: "WGS84",
    radius95_m: 1500,
    source: "network",
    is_mock: null,
    fixed_at: "2023-12-02T10:19:41+08:00",
  });
});

test("a satellite fix has no time, since a browser's is not the satellites'", () => {
  const fix = fixOfPosition(position({ altitude: 210 }));
  assert.equal(fix.source, "gnss");
  assert.equal("fixed_at" in fix, false);
});

test("an accuracy of 0, or none, is refused in words", () => {
  for (const accuracy of [0, -1, NaN]) {
    assert.throws(() => fixOfPosition(position({ accuracy })), { code: "position-accuracy-zero", field: "site.fix" });
  }
});

test("every way to have no position is told with what to do", () => {
  for (const code of ["position-unsupported", "position-denied", "position-unavailable", "position-timeout"]) {
    const { zh, en } = positionProblem(code);
    assert.match(zh, /标注/);
    assert.match(en, /pin/);
  }
});

test("a browser that gives no position says so at once", () => {
  const told = [];
  watchBrowserPosition(assert.fail, (problem) => told.push(problem.code), null);
  assert.deepEqual(told, ["position-unsupported"]);
});
