/** Capturing on a tablet: whole or not at all, in words where not. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { requireAcceptable, requireAccepted } from "../../../fieldkit/app/capture/acceptance.js";
import { Recorder } from "../../../fieldkit/app/capture/recorder.js";
import { loadValidation } from "../../../fieldkit/app/schemas/validation.js";
import { noteServerTime } from "../../../fieldkit/app/sync/device_clock.js";
import { adoptIdentity } from "../../../fieldkit/app/sync/identity.js";
import { SigningKey } from "../../../fieldkit/app/sync/keys.js";
import { MemoryStore } from "../../../fieldkit/app/sync/memory_store.js";
import { openRecord } from "../../../fieldkit/app/sync/record.js";

const ROOT = new URL("../../../schemas/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, ROOT), "utf-8"));
const validation = await loadValidation(async (name) => read(`json/${name}`));
const DEVICE_ID = "018c1000-0000-7000-8000-00000000d001";
const AREAS = { "gannan-navel-orange": { version: "2025-1", sha256: "ab".repeat(32) } };
const OFFICERS = ["张三", "李四"].map((name, place) => ({ name, certificate_no: `B-${place}` }));

function given(changes = {}) {
  return {
    site: { premises_type: "shop", fix: null, no_fix_reason: "室内" },
    goods: [{ id: "g1", product: "gannan-navel-orange" }],
    violations: [{ code: "TM-202", goods: ["g1"], primary: true }],
    ...changes,
  };
}

async function fieldwork() {
  const store = new MemoryStore();
  const identity = { device_id: DEVICE_ID, unit_code: "360734", unit_name: "寻乌县", officers: OFFICERS };
  await adoptIdentity(store, identity, await SigningKey.generate());
  const clock = () => ({ now: new Date("2023-12-31T17:00:00.000Z"), boot_id: "b1", uptime_ms: 5 });
  const versions = async () => ({
    products: read("data/products.json"),
    code_list_version: "2025-1",
    areasOn: () => AREAS,
  });
  const accept = (payload, said) => requireAccepted(validation, payload, said);
  return { store, clock, recorder: new Recorder({ store, clock, versions, requireAccepted: accept }) };
}

test("five inputs become a sealed record that a server accepts", async () => {
  const { store, recorder } = await fieldwork();
  const saved = await recorder.record(given(), { draft: 3 });
  assert.equal(saved.record_no, "360734-2024-00d001-00001");
  assert.deepEqual([saved.acted_on, saved.seq, saved.root_id], ["2024-01-01", 1, saved.id]);
  const { payload } = await openRecord((await store.get(saved.id)).compact);
  assert.ok(validation.accepts(payload));
  assert.deepEqual(payload.body, saved.body);
  assert.deepEqual([payload.body.violations[0].id, payload.body.goods[0].rights], ["v1", ["gannan-navel-orange"]]);
  assert.deepEqual([payload.body.officers, payload.body.area_versions], [OFFICERS, AREAS]);
  assert.equal(payload.body.observed_at, "2024-01-01T01:00:00+08:00");
});

test("a tablet that slept overnight seals the day on which it woke", async () => {
  const { store, recorder } = await fieldwork();
  const at = (now, uptime_ms) => ({ now: new Date(now), boot_id: "b1", uptime_ms });
  await noteServerTime(store, "2023-12-31T09:00:00.000Z", at("2023-12-31T09:00:00.000Z", 1000));
  recorder.clock = () => at("2024-01-01T01:00:00.000Z", 61_000);
  const saved = await recorder.record(given());
  assert.deepEqual([saved.acted_on, saved.record_no], ["2024-01-01", "360734-2024-00d001-00001"]);
  assert.equal(saved.clock_offset_ms, 0);
});

test("a photograph is sealed with its size, type and name", async () => {
  const { store, recorder } = await fieldwork();
  const sha256 = "cd".repeat(32);
  const photo = { bytes: 9, media_type: "image/jpeg", file_name: "photo1.jpg" };
  const saved = await recorder.record(given({ evidence: [{ sha256 }] }), { photos: new Map([[sha256, photo]]) });
  const { payload } = await openRecord((await store.get(saved.id)).compact);
  assert.deepEqual(payload.blobs, [{ sha256, bytes: 9, media_type: "image/jpeg" }]);
  const [item] = payload.body.evidence;
  assert.deepEqual([item.id, item.kind, item.file_name], ["e1", "electronic_data", "photo1.jpg"]);
  assert.equal(item.captured_at, "2023-12-31T17:00:00.000Z");
});

test("what does not fit is refused by field and remedy, and nothing is saved", async () => {
  const { store, recorder } = await fieldwork();
  const unfit = given({ site: { premises_type: "castle" }, violations: [] });
  const refusal = await recorder.record(unfit).then(assert.fail, (problem) => problem);
  assert.deepEqual([refusal.code, refusal.field], ["input-refused", "site.premises_type"]);
  assert.deepEqual(refusal.details.faults.map((fault) => fault.field), ["site.premises_type", "violations"]);
  assert.match(refusal.zh, /site.premises_type：应为其中之一.*；violations：至少 1 项/);
  assert.match(refusal.en, /must be one of/);
  assert.deepEqual(await store.head(DEVICE_ID), { seq: 0, hash: null });
  assert.throws(() => requireAcceptable(validation, unfit), { code: "input-refused" });
});

test("numbers that are none are named", async () => {
  const { recorder } = await fieldwork();
  const fix = { lon_deg: NaN, lat_deg: 24.9, datum: "WGS84", source: "gnss" };
  const recording = recorder.record(given({ site: { premises_type: "shop", fix } }));
  await assert.rejects(recording, { code: "input-refused", field: "site.fix.lon_deg" });
});

test("amending and withdrawing follow the record and keep its number", async () => {
  const { store, recorder } = await fieldwork();
  const first = await recorder.record(given());
  const about = { amends: first.id, root_id: first.id, record_no: first.record_no };
  const body = { ...first.body, amendment: { kind: "correction", reason: "补充" }, goods: [{ product: "gannan-navel-orange" }] };
  body.violations = [{ code: "TM-202" }];
  const second = await recorder.amend(body, { ...about, earlier: [first.body] });
  assert.deepEqual([second.root_id, second.record_no, second.seq], [first.id, first.record_no, 2]);
  assert.deepEqual([second.body.goods[0].id, second.body.violations[0].id], ["g2", "v2"]);
  const third = await recorder.withdraw("重复录入", { ...about, amends: second.id });
  const stored = await store.get(third.id);
  assert.deepEqual([stored.kind, stored.amends, stored.root_id], ["withdrawal", second.id, first.id]);
  await assert.rejects(recorder.withdraw("", about), { code: "input-refused", field: "reason" });
});

test("records saved at once all get their place in the chain", async () => {
  const { store, recorder } = await fieldwork();
  const saved = await Promise.all(Array.from({ length: 12 }, () => recorder.record(given())));
  assert.deepEqual(saved.map((one) => one.seq).sort((a, b) => a - b), Array.from({ length: 12 }, (_, n) => n + 1));
  assert.equal((await store.records()).length, 12);
});

test("the day of the act is by the measured clock", async () => {
  const { store, clock, recorder } = await fieldwork();
  await noteServerTime(store, "2023-12-31T15:00:00.000Z", clock());
  const saved = await recorder.record(given());
  assert.deepEqual([saved.acted_on, saved.clock_offset_ms], ["2023-12-31", 7_200_000]);
  assert.equal(saved.record_no, "360734-2023-00d001-00001");
});

test("before enrolment nothing is sealed", async () => {
  const { clock, recorder } = await fieldwork();
  const empty = new Recorder({ ...recorder, store: new MemoryStore(), clock });
  await assert.rejects(empty.record(given()), { code: "not-enrolled", zh: /登记/ });
});
