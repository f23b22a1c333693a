import assert from "node:assert/strict";
import { test } from "node:test";
import { gathered } from "../../../../fieldkit/app/views/map/gathering.js";

const members = (groups) => groups.map((group) => group.members.map(({ id }) => id));

test("what is nearer than the radius is one group, in its middle", () => {
  const points = [{ id: 1, x: 0, y: 0 }, { id: 2, x: 30, y: 40 }, { id: 3, x: 49, y: 0 }];
  const groups = gathered(points, 50);
  assert.deepEqual(members(groups), [[1, 3], [2]]);
  assert.deepEqual([groups[0].x, groups[0].y], [24.5, 0]);
});

test("a border between cells parts nothing", () => {
  const points = [{ id: 1, x: -1, y: 51 }, { id: 2, x: 1, y: 49 }];
  assert.deepEqual(members(gathered(points, 50)), [[1, 2]]);
});

test("no two groups begin nearer than the radius, and every point is in one", () => {
  const points = Array.from({ length: 10_000 }, (_, id) => ({ id, x: (id * 7919) % 1009, y: (id * 104_729) % 997 }));
  const groups = gathered(points, 48);
  const seeds = groups.map(({ members: [first] }) => first);
  for (const one of seeds) for (const other of seeds) if (one !== other) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 48);
  assert.equal(new Set(members(groups).flat()).size, 10_000);
});
