/** What a page does with the laptop's outbox, in the order in which people do it. */

import test from "node:test";
import assert from "node:assert/strict";
import { openLoopbackOutbox } from "../../../fieldkit/app/outbox/loopback.js";
import { OUTBOX_METHODS } from "../../../fieldkit/app/outbox/outbox_port.js";

const { entrance, url, code } = JSON.parse(process.argv[2]);
const { origin } = new URL(entrance);
const entered = await fetch(entrance, { redirect: "manual" });
const cookie = entered.headers.get("set-cookie").split(";")[0];

/** What a browser adds to each request of the page that was let in. */
function asTheBrowser(address, { headers, ...more }) {
  return fetch(address, { ...more, headers: { ...headers, Cookie: cookie, Origin: origin } });
}

const PHOTO = new Blob([new Uint8Array([0xff, 0xd8, 0xff, ...Array(5000).keys()])]);
const QUICK = {
  site: { premises_type: "shop", fix: null, no_fix_reason: "室内" },
  violations: [{ code: "NV-000" }],
};
const STAGES = ["reference", "records", "status", "photos"];
const outbox = await openLoopbackOutbox({ fetch: asTheBrowser, base: origin });
const refuses = (promise, wanted) =>
  assert.rejects(promise, (problem) => {
    assert.deepEqual([problem.name, problem.code], ["Problem", wanted]);
    return Boolean(problem.zh && problem.en);
  });

test("every method of the port is there", () => {
  assert.deepEqual(OUTBOX_METHODS.filter((name) => typeof outbox[name] !== "function"), []);
});

test("before enrolment it knows nobody, and enrolment names the unit and the officers", async () => {
  assert.equal(await outbox.identity(), null);
  await refuses(outbox.enrol({ url, code: "AAAA-AAAA" }), "request-refused");
  const enrolled = await outbox.enrol({ url, code });
  assert.deepEqual(enrolled, await outbox.identity());
  assert.equal(enrolled.unit_code, "360734");
  assert.equal((await outbox.status()).home, "laptop");
});

test("drafts are kept in the order in which they were saved, and gone ones stay gone", async () => {
  const number = await outbox.saveDraft({ keystrokes: 0 });
  const saves = [1, 2, 3, 4, 5].map((keystrokes) => outbox.saveDraft({ keystrokes, text: "检".repeat(30_000) }, number));
  assert.deepEqual(await Promise.all(saves), Array(5).fill(number));
  const [draft] = await outbox.drafts();
  assert.equal(draft.answers.keystrokes, 5);
  await outbox.removeDraft(number);
  await refuses(outbox.saveDraft({}, number), "draft-gone");
  assert.deepEqual(await outbox.drafts(), []);
});

test("a photograph is held by the hash of its own bytes, until it is taken away", async () => {
  const draft = await outbox.saveDraft({});
  const held = await outbox.addPhoto(draft, PHOTO, { file_name: "果园.jpg" });
  assert.deepEqual(held, { sha256: await sha256(PHOTO), bytes: PHOTO.size, media_type: "image/jpeg", file_name: "果园.jpg" });
  assert.deepEqual(await bytesOf(await outbox.photo(held.sha256)), await bytesOf(PHOTO));
  assert.equal(await outbox.thumbnail(held.sha256), null);
  await refuses(outbox.addPhoto(draft, new Blob([])), "photo-unreadable");
  await outbox.removePhoto(draft, held.sha256);
  assert.equal(await outbox.photo(held.sha256), null);
  await outbox.removeDraft(draft);
});

test("a record is sealed once, amended with a photograph of a draft, and withdrawn", async () => {
  const draft = await outbox.saveDraft({});
  const first = await outbox.record(QUICK, { draft });
  assert.equal(first.record_no.slice(0, 7), "360734-");
  await refuses(outbox.record(QUICK, { draft }), "draft-gone");
  const change = await outbox.saveDraft({ amends: first.id });
  const { sha256, bytes, media_type } = await outbox.addPhoto(change, PHOTO, { file_name: "补拍.jpg" });
  const changes = { evidence: [{ id: "e1", kind: "electronic_data", sha256, bytes, media_type }] };
  const about = { kind: "complete", reason: "补拍", draft: change };
  const amended = await outbox.amend(first.id, changes, about);
  assert.equal(amended.body.evidence[0].file_name, "补拍.jpg");
  assert.deepEqual(await outbox.drafts(), []);
  await refuses(outbox.amend(first.id, changes, about), "draft-gone");
  await refuses(outbox.amend(first.id, {}, { stands_on: first.id }), "amended-meanwhile");
  assert.notEqual(await outbox.photo(sha256), null);
  const other = await outbox.record(QUICK);
  await refuses(outbox.withdraw(other.id, ""), "input-refused");
  assert.equal((await outbox.withdraw(other.id, "误录")).root_id, other.id);
  assert.deepEqual((await outbox.show(first.id)).versions.map(({ id }) => id), [first.id, amended.id]);
  await refuses(outbox.show("no-such"), "not-found");
});

test("what does not fit is refused with its field, and nothing is saved", async () => {
  const { total } = await outbox.list();
  await assert.rejects(outbox.record({ ...QUICK, violations: [{ code: "XX-999" }] }), { field: "violations[0].code" });
  await refuses(outbox.record({ ...QUICK, evidence: [{ sha256: "ab".repeat(32) }] }), "photo-gone");
  assert.equal((await outbox.list()).total, total);
});

test("news come to whoever listens, and none after it was ended", async () => {
  let tell;
  let count = 0;
  const end = outbox.subscribe(() => (count++, tell()));
  const told = new Promise((resolve) => (tell = resolve));
  // Another window changes something, as often as it takes until the first look was taken.
  const number = await outbox.saveDraft({});
  for (let times = 0; count === 0; times++) await outbox.saveDraft({ times }, number);
  await told;
  end();
  await outbox.removeDraft(number);
});

test("a receiver's fixes come one after the other, said to be simulated, until the watch ends", async () => {
  const [{ id, kind }] = await outbox.positionSources();
  assert.equal(kind, "nmea");
  const fixes = [];
  await new Promise((resolve, reject) => {
    const stop = outbox.watchPosition(id, (fix, details) => {
      fixes.push({ ...fix, ...details });
      if (fixes.length === 3) resolve(stop());
    }, reject);
  });
  assert.equal(new Set(fixes.map(({ fixed_at }) => fixed_at)).size, 3);
  assert.deepEqual([fixes[0].source, fixes[0].is_mock, fixes[0].is_estimated], ["external", true, true]);
  const problem = await new Promise((resolve, reject) => {
    const stop = outbox.watchPosition("serial:/dev/nothing", reject, (error) => resolve((stop(), error)));
  });
  assert.equal(problem.code, "receiver-unknown");
});

test("a bundle is fetched, and signing out waits until it was handed over", async () => {
  await refuses(outbox.markExported(), "nothing-exported");
  await refuses(outbox.signOut(), "unsent");
  const exported = await outbox.exportBundle();
  assert.deepEqual([exported.records, exported.photos, exported.files.length], [4, 1, 1]);
  assert.ok(exported.blob.size > PHOTO.size);
  const isExported = async () => (await outbox.list()).records.map((row) => row.is_exported);
  assert.deepEqual(await isExported(), Array(4).fill(false));
  await outbox.markExported();
  assert.equal((await outbox.status()).unexported, 0);
  assert.deepEqual(await isExported(), Array(4).fill(true));
});

test("a sync tells its steps and its account, and what was sent is delivered", async () => {
  const stages = new Set();
  const report = await outbox.sync({ onProgress: ({ stage }) => stages.add(stage) });
  assert.deepEqual([report.outcomes, report.photos_sent, report.stopped], [{ stored: 4 }, 1, null]);
  assert.deepEqual([...stages].filter((stage) => !STAGES.includes(stage)), []);
  const { records } = await outbox.list({ state: "delivered" });
  assert.deepEqual(records.map((row) => row.is_exported), Array(4).fill(false));
  assert.equal((await outbox.reference()).serial > 0, true);
});

test("settings are kept, and unknown ones refused", async () => {
  assert.equal((await outbox.saveSettings({ theme: "sunlight" })).theme, "sunlight");
  assert.equal((await outbox.settings()).theme, "sunlight");
  await refuses(outbox.saveSettings({ theme: "pink" }), "input-refused");
});

test("a program that ended is said to have ended", async () => {
  const nobody = await openLoopbackOutbox({ fetch, base: "http://127.0.0.1:9" });
  await refuses(nobody.status(), "app-ended");
});

async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Buffer.from(digest).toString("hex");
}
