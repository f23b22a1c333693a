import assert from "node:assert/strict";
import { test } from "node:test";
import { summaryOf } from "../../../../fieldkit/app/outbox/summary.js";
import { placesOf } from "../../../../fieldkit/app/views/map/places.js";

const FIX = { lon_deg: 115, lat_deg: 25, datum: "WGS84", radius95_m: 12 };

function row(id, observation_id, more = {}) {
  const told = { kind: "observation", state: "sealed", status: null, record_no: null };
  return { id, observation_id, ...told, ...summaryOf({ site: { name: "店", fix: { ...FIX, source: "gnss" } } }), ...more };
}

test("of a record's versions the newest is shown, and counted once", () => {
  const places = placesOf([row("b", "a", { kind: "amendment", fix: { ...FIX, lon_deg: 116 } }), row("a", "a", { record_no: "R-1" })]);
  assert.equal(places.total, 1);
  const [{ id, lonDeg, recordNo, href }] = places.marks;
  assert.deepEqual([id, lonDeg, recordNo, href], ["b", 116, "R-1", "/field/record/b"]);
});

test("records without a position and withdrawn ones are counted apart; drafts are not records", () => {
  const rows = [row(null, null, { state: "draft" }), row("c", "b", { kind: "withdrawal", fix: null }), row("b", "b"), row("a", "a", { fix: null })];
  const { marks, without, withdrawn, total } = placesOf(rows);
  assert.deepEqual([marks.length, without, withdrawn, total], [0, 1, 1, 1]);
});

test("a position on another datum is shown where it is", () => {
  const [{ lonDeg, latDeg }] = placesOf([row("a", "a", { fix: { ...FIX, datum: "GCJ02" } })]).marks;
  assert.ok(Math.abs(lonDeg - 115) > 0.003 && Math.abs(latDeg - 25) > 0.001);
});
