import assert from "node:assert/strict";
import { test } from "node:test";
import { BestFix, SETTLING_MS, averaged, metresApart } from "../../../fieldkit/app/capture/best_fix.js";

const LAT_DEG_PER_M = 1 / 111_320;
const reading = (radius95_m, northM = 0) => ({
  lon_deg: 115.6512,
  lat_deg: 24.9633 + northM * LAT_DEG_PER_M,
  datum: "WGS84",
  radius95_m,
  source: "gnss",
  is_mock: null,
});

test("a better reading takes the place of a worse one, never the other way round", () => {
  const best = new BestFix(0);
  best.add(reading(1500), 1000);
  best.add(reading(7.5, 300), 2000);
  assert.equal(best.fix.radius95_m, 7.5);
  best.add(reading(1500, 10), 3000);
  assert.equal(best.fix.radius95_m, 7.5);
  assert.equal("averaged_from" in best.fix, false);
});

test("a receiver that settles may jump; one that has settled says that one walked away", () => {
  const best = new BestFix(0);
  best.add(reading(50), 1000);
  assert.deepEqual(best.add(reading(5, 400), 2000), { is_taken: true, away_m: null });
  const walked = best.add(reading(4, 0), SETTLING_MS + 1);
  assert.equal(walked.is_taken, false);
  assert.ok(Math.abs(walked.away_m - 400) < 0.01);
  assert.equal(best.fix.radius95_m, 5);
});

test("five readings within their radii are averaged, and said to be", () => {
  const best = new BestFix(0);
  for (const northM of [-4, -2, 0, 2]) best.add(reading(10, northM), 1000);
  assert.equal("averaged_from" in best.fix, false);
  best.add(reading(10, 4), 2000);
  assert.equal(best.fix.averaged_from, 5);
  assert.ok(metresApart(best.fix, reading(1)) < 0.01);
});

test("a mean claims no smaller radius than its best reading", () => {
  const mean = averaged([8, 9, 10, 11, 12].map((radius) => reading(radius)));
  assert.equal(mean.radius95_m, 8);
});

test("a reading counts by the inverse of its variance", () => {
  const mean = averaged([reading(10, 0), reading(10, 0), reading(10, 0), reading(10, 0), reading(20, 17)]);
  assert.ok(Math.abs(metresApart(mean, reading(1)) - 1) < 0.001);
});

test("a reading far from the others is left out of their mean", () => {
  const near = [0, 1, 2, 1, 0].map((northM) => reading(5, northM));
  assert.equal(averaged([...near, reading(5, 300)]), null);
  assert.equal(averaged([...near, reading(5, 9)]).averaged_from, 5);
});

test("a poor reading does not spoil a mean of good ones", () => {
  const good = [0, 1, 0, 1, 0].map((northM) => reading(5, northM));
  assert.equal(averaged([reading(1500, 900), ...good]).averaged_from, 5);
});

test("a reading of unknown accuracy stands only until one with an accuracy comes", () => {
  const best = new BestFix(0);
  best.add(reading(null, 500), 1000);
  assert.equal(best.fix.radius95_m, null);
  best.add(reading(1500), 2000);
  assert.equal(best.add(reading(null, 5), 3000).is_taken, false);
  assert.equal(best.fix.radius95_m, 1500);
});
