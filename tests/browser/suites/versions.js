/** Databases as older versions of the app left them, opened by this one. */

import { Database } from "../../../fieldkit/app/outbox/indexeddb/database.js";
import { STEPS } from "../../../fieldkit/app/outbox/indexeddb/steps.js";
import { IndexedDbStore } from "../../../fieldkit/app/outbox/indexeddb/store.js";
import { Device, saved } from "../../app/sync/answers.js";
import { equal, rejects } from "../../app/sync/checks.js";
import { run } from "./run.js";

const PHOTO = "ab".repeat(32);
const OLD = {
  ...{ id: "018c0000-0000-7000-8000-00000000aaaa", hash: "11".repeat(32), device_id: "d1", seq: 1 },
  ...{ kind: "observation", amends: null, sealed_at: "2023-12-03T08:00:00.000Z", record_no: "n1" },
  ...{ root_id: "018c0000-0000-7000-8000-00000000aaaa", state: "sealed", outcome: null, status: null },
  ...{ code: null, field: null, reason: null, receipt_id: null, epoch: null, server_position: null },
  ...{ received_at: null, status_at: null, photos: [PHOTO] },
};
const DELIVERED = {
  ...{ ...OLD, id: "018c0000-0000-7000-8000-00000000bbbb", hash: "22".repeat(32), seq: 2 },
  ...{ state: "delivered", status: "stored", epoch: 1, receipt_id: "r1" },
};

/** Rows as a version wrote them: records pending and delivered, a photograph to be sent. */
const WRITTEN = {
  1(tables) {
    for (const [place, row] of [OLD, DELIVERED].entries()) {
      tables.record.add({ ...row, position: place + 1 });
      tables.sealed.add(`compact-${place + 1}`, place + 1);
    }
    tables.chain.put({ device_id: "d1", seq: 2, hash: DELIVERED.hash });
    const photo = { sha256: PHOTO, bytes: 3, media_type: "image/jpeg", file_name: null };
    tables.photo.put({ ...photo, receipt: null, epoch: null, is_named: 1, due: 2 });
    tables.original.put(new Blob(["jpg"]), PHOTO);
    tables.fact.put({ name: "epoch", value: 1 });
  },
};

const TABLES = ["record", "sealed", "chain", "photo", "original", "fact"];

export function runVersions() {
  return run((test) => {
    for (let version = 1; version < STEPS.length; version += 1) {
      test(`what version ${version} held is still there`, () => opensAs(version));
    }
    test("a window of an older version makes way, and says so", olderWindow);
  });
}

async function opensAs(version) {
  const name = `version-${version}-${crypto.randomUUID()}`;
  const old = new Database(name, STEPS.slice(0, version));
  await old.write(TABLES, async (tables) => WRITTEN[version](tables));
  await old.close();
  const store = new IndexedDbStore(name);
  equal((await store.pending(9)).map((one) => [one.id, one.compact]), [[OLD.id, "compact-1"]]);
  equal(await store.blobsPending(9), [
    { sha256: PHOTO, bytes: 3, media_type: "image/jpeg", record_id: DELIVERED.id },
  ]);
  equal(await (await store.readBlob(PHOTO)).text(), "jpg");
  const { unexported, photos_unexported, statuses, counts } = await store.figures();
  equal([unexported, photos_unexported, statuses], [1, 1, { stored: 1 }]);
  equal(counts, { draft: 0, sealed: 1, delivered: 1, refused: 0 });
  const device = await Device.create("d1");
  device.head = await store.head("d1");
  equal((await saved(store, device)).seq, 3);
  equal((await store.page({ offset: 0, limit: 9 })).rows.map((row) => row.seq), [3, 2, 1]);
}

async function olderWindow() {
  const name = `window-${crypto.randomUUID()}`;
  const old = new Database(name, STEPS.slice(0, 1));
  await old.write(["fact"], async ({ fact }) => fact.put({ name: "a", value: 1 }));
  const store = new IndexedDbStore(name);
  equal(await store.meta("a"), 1);
  await rejects(old.read(["fact"], async () => null), "app-outdated");
}
