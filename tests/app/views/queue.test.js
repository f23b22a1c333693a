import assert from "node:assert/strict";
import { test } from "node:test";
import { allWords, setLanguage } from "../../../fieldkit/app/words.js";
import { readInvitation } from "../../../fieldkit/app/views/enrol.js";
import { masked } from "../../../fieldkit/app/views/queue/body.js";
import { resultLines } from "../../../fieldkit/app/views/queue/sync_card.js";
import { size } from "../../../fieldkit/app/views/size.js";
import "../../../fieldkit/app/views/settings.js";
import { TROUBLES, remedy, shownState } from "../../../fieldkit/app/views/states.js";

const report = (patch = {}) => ({
  outcomes: {}, troubles: [], offered_again: 0, photos_sent: 0, stopped: null, ...patch,
});

test("the shown state is where the record is, or the server's word where that is trouble", () => {
  assert.equal(shownState({ state: "draft", status: null }), "draft");
  assert.equal(shownState({ state: "sealed", status: null }), "sealed");
  assert.equal(shownState({ state: "sealed", status: null }, true), "sending");
  assert.equal(shownState({ state: "delivered", status: "stored" }), "delivered");
  assert.equal(shownState({ state: "delivered", status: "released" }), "delivered");
  for (const status of ["parked", "quarantined", "conflict", "fork"]) assert.equal(shownState({ state: "delivered", status }), status);
  assert.equal(shownState({ state: "refused", status: "refused" }), "refused");
});

test("whatever needs somebody says what to do", () => {
  for (const name of ["sealed", ...TROUBLES]) assert.ok(remedy(name).length > 10, name);
  assert.equal(remedy("delivered"), null);
});

test("an enrolment code is told from any other code", () => {
  const found = readInvitation(" gi1 https://10.0.0.5:8470 K7QF-3MZP p3hRkMTf\n");
  assert.deepEqual(found, { url: "https://10.0.0.5:8470", code: "K7QF-3MZP", thumbprint: "p3hRkMTf" });
  for (const other of ["", "https://example.org", "gi1 a b", "gi2 a b c", "gi1 a b c d"]) assert.equal(readInvitation(other), null, other);
});

test("a sync is told by what went, what stopped it and what stayed", () => {
  setLanguage("en");
  assert.match(resultLines(report())[0].text, /nothing to send/);
  assert.match(resultLines(report({ outcomes: { stored: 2, replayed: 1 }, photos_sent: 4 }))[0].text, /3 records, 4 photographs/);
  const stopped = resultLines(report({ stopped: { code: "unreachable", reason: { zh: "断", en: "The link broke." } } }));
  assert.ok(stopped[0].isTrouble);
  assert.match(stopped[0].text, /The link broke\./);
  const left = resultLines(report({ outcomes: { refused: 1 }, troubles: [{ outcome: "refused" }, { outcome: "quarantined" }] }));
  assert.equal(left.length, 1);
  assert.match(left[0].text, /^1 items? did not go/);
  const photo = { stage: "photos", outcome: "retry" };
  const some = resultLines(report({ outcomes: { stored: 1, refused: 1 }, troubles: [photo], photos_sent: 2 }));
  assert.deepEqual(some.map(({ text, isTrouble = false }) => [text.slice(0, 32), isTrouble]), [
    ["Delivered: 1 records, 2 photogra", false],
    ["1 items did not go through; the ", true],
  ]);
});

test("certificate numbers are covered but for their last digits", () => {
  assert.equal(masked("36073400001"), "•••••••0001");
  assert.equal(masked(null), "");
});

test("room is said in kB, MB and GB", () => {
  setLanguage("en");
  assert.equal(size(65_536), "66 kB");
  assert.equal(size(1_500_000), "1.5 MB");
  assert.equal(size(64_000_000_000), "64 GB");
});

test("every word exists in both languages and differs where it should", () => {
  for (const [key, pair] of allWords()) {
    assert.equal(pair.length, 2, key);
    assert.ok(pair.every((words) => words.trim()), key);
    const placeholders = pair.map((words) => (words.match(/\{\w+\}/g) ?? []).sort().join());
    assert.equal(placeholders[0], placeholders[1], key);
  }
});
