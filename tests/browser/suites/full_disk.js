/** A store whose disk is full: what is tried, and what is left. */

import { IndexedDbStore } from "../../../fieldkit/app/outbox/indexeddb/store.js";
import { Device, photographOf, saved } from "../../app/sync/answers.js";
import { equal, rejects } from "../../app/sync/checks.js";

const BIG_BYTES = 8 * 1024 * 1024;

const store = new IndexedDbStore(`full-${crypto.randomUUID()}`);
let big = null;

/** One record with its photograph finds room, the next photograph none: it is as it was. */
export async function fill() {
  const { blob, ref } = await photographOf("small");
  await store.keepPhoto(blob, { ...ref, added_at: "2023" }, null);
  const record = await saved(store, await Device.create(), ref);
  big = await photographOf("x".repeat(BIG_BYTES));
  await rejects(keepBig(), "disk-full");
  equal(await store.lackingPhotos([big.ref.sha256]), [big.ref.sha256]);
  equal((await store.figures()).photos, { named: 1, delivered: 0, missing: 0 });
  await store.close();
  equal((await store.pending(9)).map((one) => one.id), [record.id]);
  equal(await (await store.readBlob(ref.sha256)).text(), "small");
}

/** With room again it goes on; the browser takes some seconds to notice the room. */
export async function goesOn() {
  await store.close();
  try {
    await keepBig();
  } catch (problem) {
    if (problem.code === "disk-full") return false;
    throw problem;
  }
  return (await store.readBlob(big.ref.sha256)).size === BIG_BYTES;
}

function keepBig() {
  return store.keepPhoto(big.blob, { ...big.ref, added_at: "2023" }, 1);
}
