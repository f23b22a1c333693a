/**
 * What every `SyncStore` promises (tests/contract/outbox_contract.py, in JavaScript).
 *
 * `storeContract(test, makeStore)`: `test(name, body)` is node's, or anything like it;
 * `makeStore()` resolves to {store, reopened, photograph} for one test: an empty store,
 * `reopened()` the same one opened again as after a crash (in memory: the same object),
 * and `photograph(blob, ref)` that puts a photograph where the store expects it.
 */

import { Device, answer, handOver, photographOf, receiptFor, saved, REASON } from "./answers.js";
import { equal, rejects } from "./checks.js";

const NOBODY = "018c0000-0000-7000-8000-000000000001";

/** @param {(name: string, body: () => Promise<void>) => unknown} test */
export function storeContract(test, makeStore) {
  for (const [name, body] of Object.entries({ ...SEALING, ...ANSWERS, ...LATER, ...PHOTOGRAPHS, ...FACTS })) {
    test(name, async () => body(await fixture(makeStore)));
  }
}

async function fixture(makeStore) {
  const made = await makeStore();
  const photograph = async (text) => {
    const { blob, ref } = await photographOf(text);
    await made.photograph(blob, ref);
    return ref;
  };
  return { ...made, photograph, device: await Device.create() };
}

const ids = (records) => records.map((record) => record.id);

const SEALING = {
  "it begins empty": async ({ store }) => {
    equal(await store.head("d1"), { seq: 0, hash: null });
    equal([await store.pending(10), await store.records()], [[], []]);
    equal([await store.lastReceipt(), await store.epoch(), await store.statusCursor()], [null, null, 0]);
    equal([await store.get(NOBODY), await store.blobCounts(NOBODY)], [null, [0, 0]]);
  },

  "a sealed record survives a crash": async ({ store, reopened, device }) => {
    const first = await saved(store, device);
    const second = await saved(store, device);
    const after = await reopened();
    equal(await after.head("d1"), { seq: 2, hash: second.hash });
    const compacts = (await after.pending(10)).map((record) => record.compact);
    equal(compacts, [first.compact, second.compact]);
    const { state, outcome, root_id, position, exported_at } = await after.get(first.id);
    equal([state, outcome, root_id, position, exported_at], ["sealed", null, first.id, 1, null]);
  },

  "sealing on a head that moved saves nothing": async ({ store, device }) => {
    const other = device.clone();
    const [first, late] = [await device.sealNext(), await other.sealNext()];
    await store.append(first, { seq: 0, hash: null }, []);
    await rejects(store.append(late, { seq: 0, hash: null }, []), "head-moved");
    await rejects(store.append(late, await store.head("d1"), []), "head-moved");
    equal(await store.head("d1"), { seq: 1, hash: first.hash });
    equal(await store.get(late.id), null);
  },

  "of two windows that save at once one is told": async ({ store, device }) => {
    const other = device.clone();
    const sealed = [await device.sealNext(), await other.sealNext()];
    const head = await store.head("d1");
    const tried = await Promise.allSettled(sealed.map((one) => store.append(one, head, [])));
    equal(tried.map((one) => one.status).sort(), ["fulfilled", "rejected"]);
    equal((await store.records()).length, 1);
  },

  "a device that enrolled anew begins a chain of its own": async ({ store, device }) => {
    const first = await saved(store, device);
    const anew = await Device.create("d2");
    const second = await saved(store, anew);
    equal(await store.head("d1"), { seq: 1, hash: first.hash });
    equal(await store.head("d2"), { seq: 1, hash: second.hash });
    equal((await store.records()).map((record) => record.position), [1, 2]);
  },

  "number and observation are kept beside a record": async ({ store, reopened, device }) => {
    const [sealed, first] = [await device.sealNext(), NOBODY];
    await store.append(sealed, await store.head("d1"), [], { record_no: "360734-2023-d1-00001", root_id: first });
    const { record_no, root_id, device_id } = await (await reopened()).get(sealed.id);
    equal([record_no, root_id, device_id], ["360734-2023-d1-00001", first, "d1"]);
  },

  "pending comes in the order of the chain up to the limit": async ({ store, device }) => {
    const sealed = [];
    for (let count = 0; count < 12; count += 1) sealed.push(await saved(store, device));
    equal(ids(await store.pending(11)), ids(sealed).slice(0, 11));
  },
};

const ANSWERS = {
  "delivered means that a receipt covers these bytes": async ({ store, reopened, device }) => {
    const sealed = await saved(store, device);
    const receipt = await receiptFor(sealed);
    const item = { ...answer(sealed), position: 1, received_at: "2023" };
    equal(await store.recordOutcome(item, receipt), "delivered");
    const after = await reopened();
    const { state, receipt_id, epoch, server_position, received_at } = await after.get(sealed.id);
    equal([state, receipt_id, epoch, server_position, received_at], ["delivered", "r1", 1, 1, "2023"]);
    equal(await after.pending(10), []);
    equal(await after.lastReceipt(), receipt.compact);
  },

  "stored without a receipt is not delivered": async ({ store, device }) => {
    const [one, other] = [await saved(store, device), await saved(store, device)];
    equal(await store.recordOutcome(answer(one), null), "sealed");
    equal(await store.recordOutcome(answer(one), await receiptFor(other)), "sealed");
    equal((await store.pending(10)).length, 2);
    equal(await store.lastReceipt(), null);
  },

  "what is kept but does not count is delivered with its reason": async ({ store, device }) => {
    for (const outcome of ["parked", "quarantined", "conflict", "fork"]) {
      const sealed = await saved(store, device);
      const item = answer(sealed, outcome, "schema-fault");
      equal(await store.recordOutcome(item, await receiptFor(sealed, { outcome })), "delivered");
      const record = await store.get(sealed.id);
      equal([record.outcome, record.code, record.reason], [outcome, "schema-fault", REASON]);
    }
  },

  "a refused record stays with its reason and blocks nothing": async ({ store, device }) => {
    const [bad, good] = [await saved(store, device), await saved(store, device)];
    equal(await store.recordOutcome(answer(bad, "refused", "over-size"), null), "refused");
    equal(ids(await store.pending(10)), [good.id]);
    equal(ids(await store.records("refused")), [bad.id]);
    await store.requeue(bad.id);
    equal(ids(await store.pending(10)), [bad.id, good.id]);
  },

  "a retry changes no state": async ({ store, device }) => {
    const sealed = await saved(store, device);
    equal(await store.recordOutcome(answer(sealed, "retry"), null), "sealed");
  },

  "no later answer makes a delivered record undelivered": async ({ store, device }) => {
    const sealed = await saved(store, device);
    await store.recordOutcome(answer(sealed), await receiptFor(sealed));
    equal(await store.recordOutcome(answer(sealed, "refused", "unknown-device"), null), "delivered");
    await store.requeue(sealed.id);
    equal(await store.pending(10), []);
  },

  "an answer for other bytes is not taken": async ({ store, device }) => {
    const sealed = await saved(store, device);
    const other = { ...answer(sealed), hash: "0".repeat(64) };
    await rejects(store.recordOutcome(other, await receiptFor(sealed)), "unknown-record");
    await rejects(store.recordOutcome({ ...other, id: null }, null), "unknown-record");
    const unknown = { ...answer(sealed), id: null, hash: null };
    await store.recordOutcomes([
      [other, null],
      [unknown, null],
      [answer(sealed), await receiptFor(sealed)],
    ]);
    equal(await store.pending(10), []);
  },

  "requeueing an unknown record is an error": async ({ store }) => {
    await rejects(store.requeue(NOBODY), "unknown-record");
  },

  "an older receipt does not replace the newest": async ({ store, device }) => {
    const [one, other] = [await saved(store, device), await saved(store, device)];
    const newer = await receiptFor(other, { position: 10 });
    await store.recordOutcome(answer(other), newer);
    await store.recordOutcome(answer(one, "replayed"), await receiptFor(one, { position: 9 }));
    equal(await store.lastReceipt(), newer.compact);
  },
};

const LATER = {
  "a new epoch offers again what was delivered": async ({ store, reopened, device }) => {
    equal(await store.reopen(1), 0);
    const [sealed, waiting] = [await saved(store, device), await saved(store, device)];
    await store.recordOutcome(answer(sealed), await receiptFor(sealed));
    await store.recordStatuses([], 7);
    equal(await store.reopen(1), 0);
    equal(await store.reopen(2), 1);
    const after = await reopened();
    equal([await after.epoch(), await after.statusCursor()], [2, 0]);
    equal(ids(await after.pending(10)), [sealed.id, waiting.id]);
    const again = await receiptFor(sealed, { epoch: 2 });
    equal(await after.recordOutcome(answer(sealed), again), "delivered");
    equal(await after.lastReceipt(), again.compact);
    equal(await after.reopen(2), 0);
  },

  "the status feed tells what became of a record": async ({ store, reopened, device }) => {
    const sealed = await saved(store, device);
    const item = answer(sealed, "parked", "target-missing");
    await store.recordOutcome(item, await receiptFor(sealed, { outcome: "parked" }));
    const { id, hash } = sealed;
    const event = { position: 7, id, hash, status: "released", code: null, reason: null, at: "2023-12-03T08:00:00Z" };
    await store.recordStatuses([event, { ...event, id: NOBODY }, { ...event, hash: "0", status: "fork" }], 8);
    const after = await reopened();
    const { status, code, state, status_at, outcome } = await after.get(id);
    equal([status, code, state, status_at, outcome], ["released", null, "delivered", event.at, "parked"]);
    equal(await after.statusCursor(), 8);
    await after.recordStatuses([], 5);
    equal(await after.statusCursor(), 8);
  },

  "what was handed over in a bundle says when": async ({ store, reopened, device }) => {
    const [one, other] = [await saved(store, device), await saved(store, device)];
    await store.markExported([one.id, NOBODY], "2023-12-03T08:00:00.000Z");
    const after = await reopened();
    equal((await after.get(one.id)).exported_at, "2023-12-03T08:00:00.000Z");
    equal([(await after.get(one.id)).state, (await after.get(other.id)).exported_at], ["sealed", null]);
  },
};

const PHOTOGRAPHS = {
  "photographs follow their record": async ({ store, device, photograph }) => {
    const [one, other] = [await photograph("one"), await photograph("other")];
    const sealed = await saved(store, device, one, other);
    equal(await store.blobsPending(10), []);
    await store.recordOutcome(answer(sealed), await receiptFor(sealed));
    const pending = await store.blobsPending(10);
    equal(pending.map((blob) => blob.sha256).sort(), [one.sha256, other.sha256].sort());
    equal(pending.map((blob) => blob.record_id), [sealed.id, sealed.id]);
    equal((await store.blobsPending(1)).length, 1);
    await handOver(store, one);
    equal(await store.blobsPending(10), [{ ...other, record_id: sealed.id }]);
    equal(await store.blobCounts(sealed.id), [1, 2]);
    equal(await store.blobsDelivered(), [one.sha256]);
  },

  "a photograph named twice is sent once": async ({ store, device, photograph }) => {
    const blob = await photograph("same");
    const records = [await saved(store, device, blob, blob), await saved(store, device, blob)];
    await store.recordOutcome(answer(records[1]), await receiptFor(records[1], { position: 1 }));
    equal((await store.blobsPending(10)).map((one) => one.record_id), [records[1].id]);
    await store.recordOutcome(answer(records[0]), await receiptFor(records[0], { position: 2 }));
    equal((await store.blobsPending(10)).map((one) => one.record_id), [records[0].id]);
    await handOver(store, blob);
    for (const sealed of records) equal(await store.blobCounts(sealed.id), [1, 1]);
    equal(await store.blobsPending(10), []);
  },

  "a new epoch asks for the photographs again": async ({ store, device, photograph }) => {
    await store.reopen(1);
    const blob = await photograph("one");
    const sealed = await saved(store, device, blob);
    await store.recordOutcome(answer(sealed), await receiptFor(sealed));
    await handOver(store, blob);
    await store.reopen(2);
    equal(await store.blobCounts(sealed.id), [0, 1]);
    await store.recordOutcome(answer(sealed), await receiptFor(sealed, { epoch: 2 }));
    equal((await store.blobsPending(10)).map((item) => item.sha256), [blob.sha256]);
  },

  "a photograph is read as it was taken": async ({ store, reopened, photograph }) => {
    const { sha256 } = await photograph("original bytes");
    equal(await (await (await reopened()).readBlob(sha256)).text(), "original bytes");
    equal(await store.readBlob("0".repeat(64)), null);
  },
};

const FACTS = {
  "a manifest comes into force with its documents or not at all": async ({ store, reopened }) => {
    const data = new TextEncoder().encode("{}");
    const ref = { name: "codes", kind: "codes", version: "1", sha256: "ab".repeat(32), bytes: 2 };
    const manifest = { serial: 4, issued_at: "2023", documents: [ref], compact: "a.b.c" };
    equal([await store.referenceSerial(), await store.manifest()], [0, null]);
    equal(await store.lackingDocuments([ref, { ...ref, name: "again" }]).then((refs) => refs.length), 1);
    await rejects(store.adoptManifest(manifest, "2024"), "reference-altered");
    await store.keepDocument(ref, data);
    await store.adoptManifest(manifest, "2024");
    const after = await reopened();
    equal(await after.lackingDocuments([ref]), []);
    equal(Array.from(await after.document(ref.sha256)), Array.from(data));
    equal([await after.referenceSerial(), (await after.manifest()).received_at], [4, "2024"]);
    equal((await after.manifest()).documents, [ref]);
    await after.adoptManifest(manifest, "2025");
    equal((await after.manifest()).received_at, "2025");
  },

  "facts are kept, keys that no script can read among them": async ({ store, reopened, device }) => {
    await store.setMetas({ identity: { device_id: "d1" }, key: device.key.parts });
    const after = await reopened();
    equal(await after.meta("identity"), { device_id: "d1" });
    const kept = await after.meta("key");
    equal([kept.thumbprint, kept.privateKey.extractable], [device.key.thumbprint, false]);
    await after.setMeta("identity", null);
    equal(await after.meta("identity"), null);
  },

  "a fact that two change at once is changed twice": async ({ store }) => {
    const addOne = (held) => (held ?? 0) + 1;
    await Promise.all([store.changeMeta("n", addOne), store.changeMeta("n", addOne)]);
    equal(await store.meta("n"), 2);
    await store.changeMeta("n", () => null);
    equal(await store.meta("n"), null);
  },
};
