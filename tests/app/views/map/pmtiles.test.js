import assert from "node:assert/strict";
import { test } from "node:test";
import { TileArchive, tileNumber } from "../../../../fieldkit/app/views/map/pmtiles.js";

test("tiles are numbered along the curve, zoom by zoom", () => {
  const numbers = [[0, 0, 0], [1, 0, 0], [1, 0, 1], [1, 1, 1], [1, 1, 0], [2, 0, 0]].map((at) => tileNumber(...at));
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5]);
  assert.equal(tileNumber(12, 3423, 1763), 19_078_479);
});

test("every tile of a zoom has a number of its own, side by side with the next", () => {
  const at = new Map();
  for (let x = 0; x < 32; x += 1) for (let y = 0; y < 32; y += 1) at.set(tileNumber(5, x, y), [x, y]);
  const first = (4 ** 5 - 1) / 3;
  for (let number = first + 1; number < first + 1024; number += 1) {
    const [[x, y], [beforeX, beforeY]] = [at.get(number), at.get(number - 1)];
    assert.equal(Math.abs(x - beforeX) + Math.abs(y - beforeY), 1);
  }
});

test("what is no PMTiles file, or another version, is refused", async () => {
  for (const text of ["", "PMTiles", `PMTiles\x02${" ".repeat(200)}`, "x".repeat(200)]) {
    await assert.rejects(TileArchive.open(new Blob([text])), /version 3/);
  }
});
