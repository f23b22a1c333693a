/** Sealing, canonical JSON, ids and clocks, each against what the protocol says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canonicalJson, readObject } from "../../../fieldkit/app/sync/canonical_json.js";
import { instant, isDriftFlagged, shanghaiText } from "../../../fieldkit/app/sync/clock.js";
import { cut } from "../../../fieldkit/app/sync/batch.js";
import { noteServerTime, sealedClock } from "../../../fieldkit/app/sync/device_clock.js";
import { adoptIdentity, earlierIdentities, keepToken, keyForCode, signingKey } from "../../../fieldkit/app/sync/identity.js";
import { parse } from "../../../fieldkit/app/sync/jws.js";
import { SigningKey, importVerifyingKey } from "../../../fieldkit/app/sync/keys.js";
import { MemoryStore } from "../../../fieldkit/app/sync/memory_store.js";
import { partRange } from "../../../fieldkit/app/sync/parts.js";
import { MAX_RECORD_BYTES, openRecord } from "../../../fieldkit/app/sync/record.js";
import { uuid7 } from "../../../fieldkit/app/sync/uuid7.js";
import { Device, NOW } from "./answers.js";

const text = (document) => new TextDecoder().decode(canonicalJson(document));

test("a sealed record opens, verifies, and chains", async () => {
  const device = await Device.create();
  const first = await device.sealNext({ note: "寻乌仓库 \\ \"36 万斤\"", share: 0.25 });
  const second = await device.sealNext();
  const opened = await openRecord(second.compact);
  const key = await importVerifyingKey(device.key.jwk);
  assert.ok(await key.verify(parse(first.compact)));
  assert.deepEqual([opened.seq, opened.prev, opened.fault, opened.hash], [2, first.hash, null, second.hash]);
});

test("a record above 256 KiB is not sealed", async () => {
  const device = await Device.create();
  const sealing = device.sealNext({ note: "x".repeat(MAX_RECORD_BYTES) });
  await assert.rejects(sealing, { code: "over-size", zh: /缩短/ });
});

test("a device's key cannot be read out", async () => {
  const { privateKey } = (await SigningKey.generate()).parts;
  await assert.rejects(crypto.subtle.exportKey("jwk", privateKey));
});

test("members are sorted by code point and written as Python writes them", () => {
  const document = { "\u{1F34A}": 1, "\uFFEE": 2, b: [true, null, -0.5], a: "脐橙\u2028\u007f\u0001\n" };
  assert.equal(text(document), '{"a":"脐橙\u2028\u007f\\u0001\\n","b":[true,null,-0.5],"\uFFEE":2,"\u{1F34A}":1}');
  assert.equal(text({ ab: 1, a: 2 }), '{"a":2,"ab":1}');
});

test("what JSON has not is refused in words", () => {
  for (const value of [NaN, Infinity, undefined, "\ud800", 1n]) {
    assert.throws(() => canonicalJson({ value }), { code: "not-json", zh: /改正/ });
  }
});

test("what is not a JSON object is none", () => {
  const bytes = (json) => new TextEncoder().encode(json);
  for (const json of ["[]", "", "{", "1", "null", '{"a":1e999}', '{"a":"\\ud800"}', '{"\\ud800":1}', "\uFEFF{}"]) {
    assert.equal(readObject(bytes(json)), null, json);
  }
  assert.equal(readObject(bytes(`{"a":${"[".repeat(200000)}${"]".repeat(200000)}}`)), null);
  assert.equal(readObject(new Uint8Array([0x7b, 0xff, 0x7d])), null);
  assert.deepEqual(readObject(bytes(' {"a": "\\ud83c\\udf4a"} ')), { a: "🍊" });
});

test("ids are UUIDv7, in the order of their milliseconds", () => {
  const random = new Uint8Array(10).fill(255);
  assert.equal(uuid7(new Date(0x018c00000000), random), "018c0000-0000-7fff-bfff-ffffffffffff");
  const drawn = new Set(Array.from({ length: 1000 }, () => uuid7(NOW)));
  assert.equal(drawn.size, 1000);
  assert.ok([...drawn].every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)));
  assert.ok(uuid7(NOW) < uuid7(new Date(NOW.getTime() + 1)));
});

test("instants are read with their offset, or not at all", () => {
  const same = ["2023-12-03T08:00:00Z", "2023-12-03T16:00+08:00", "2023-12-03T16:00:00.000999+0800"];
  for (const one of same) assert.equal(instant(one).getTime(), NOW.getTime(), one);
  for (const none of ["2023-12-03T08:00:00", "2023-13-03T08:00:00Z", "yesterday", null, ""]) {
    assert.throws(() => instant(none), { code: "malformed-document" });
  }
  assert.equal(shanghaiText(NOW), "2023-12-03T16:00:00+08:00");
});

const HOUR_MS = 3_600_000;

/** Return the offset sealed when both clocks went on so far since a contact a minute ahead. */
async function offsetAfter(wallHours, uptimeHours, boot_id = "b1") {
  const store = new MemoryStore();
  const reading = (wall_ms, uptime_ms, boot) => ({ now: new Date(NOW.getTime() + wall_ms), boot_id: boot, uptime_ms });
  await noteServerTime(store, "2023-12-03T07:59:00.000Z", reading(0, 1000, "b1"));
  const clock = await sealedClock(store, reading(wallHours * HOUR_MS, 1000 + uptimeHours * HOUR_MS, boot_id));
  assert.equal(clock.offset_source, "server");
  return clock.offset_ms;
}

test("before the first contact no offset is claimed", async () => {
  const clock = await sealedClock(new MemoryStore(), { now: NOW, boot_id: "b1", uptime_ms: 5 });
  assert.deepEqual(clock, { boot_id: "b1", uptime_ms: 5, offset_ms: null, offset_source: null });
  assert.deepEqual([60_000, 300_001, null].map(isDriftFlagged), [false, true, false]);
});

test("a tablet that slept is not ahead", async () => {
  assert.equal(await offsetAfter(2, 2), 60_000);
  assert.equal(await offsetAfter(16, 0.1), 60_000);
});

test("a clock that was set back is noticed, at least by what the uptime tells", async () => {
  assert.equal(await offsetAfter(-24, 1), 60_000 - 25 * HOUR_MS);
  assert.equal(await offsetAfter(16 - 24, 1), 60_000 - 9 * HOUR_MS);
});

test("a clock that was set ahead keeps the offset of the contact until the next", async () => {
  assert.equal(await offsetAfter(25, 1), 60_000);
});

test("another page, or the same after a restart, keeps the offset of the contact", async () => {
  assert.equal(await offsetAfter(30, 0, "b2"), 60_000);
});

test("a clock that was set right between two openings is right, one set before the contact behind", async () => {
  assert.equal(await offsetAfter(-0.01, 0, "b2"), 0);
  assert.equal(await offsetAfter(-24, 0, "b2"), 60_000 - 24 * HOUR_MS);
});

test("batches hold 500 records or 4 MiB, and one too large travels alone", () => {
  const sized = (size) => ({ compact: "x".repeat(size) });
  const sizes = (batches) => [...batches].map((batch) => batch.map((one) => one.compact.length));
  assert.deepEqual(sizes(cut([3, 3, 3, 9, 1].map(sized), 2, 6)), [[3, 3], [3], [9], [1]]);
  assert.deepEqual(sizes(cut([])), []);
});

test("a file has no part beyond its last, nor before its first", () => {
  for (const number of [-1, 2]) assert.throws(() => partRange(number, 65_537), RangeError);
});

test("an identity is kept with its key, and the one before it too", async () => {
  const store = new MemoryStore();
  const key = await keyForCode(store, "ab".repeat(32));
  assert.equal((await keyForCode(store, "ab".repeat(32))).thumbprint, key.thumbprint);
  await adoptIdentity(store, { device_id: "d1", token: "t1" }, key);
  await keepToken(store, "d1", "t2");
  await adoptIdentity(store, { device_id: "d2", token: "t3" }, await SigningKey.generate());
  await keepToken(store, "d1", "t4");
  assert.deepEqual(await earlierIdentities(store), [{ device_id: "d1", token: null, token_expires_at: null }]);
  assert.equal((await signingKey(store, "d1")).thumbprint, key.thumbprint);
  assert.equal(await signingKey(store, "d3"), null);
});
