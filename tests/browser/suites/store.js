/** The IndexedDB store held to the suite of every store, on a database for each test. */

import { IndexedDbStore } from "../../../fieldkit/app/outbox/indexeddb/store.js";
import { storeContract } from "../../app/sync/store_contract.js";
import { watchTransactions } from "./durability.js";
import { run } from "./run.js";

export async function runContract() {
  const noted = watchTransactions();
  const ended = await run((test) => storeContract(test, makeStore));
  return { ended, writes: noted.filter(({ mode }) => mode === "readwrite") };
}

async function makeStore() {
  const name = `contract-${crypto.randomUUID()}`;
  const store = new IndexedDbStore(name);
  return {
    store,
    async reopened() {
      await store.close();
      return new IndexedDbStore(name);
    },
    photograph: (blob, { sha256, bytes, media_type }) =>
      store.keepPhoto(blob, { sha256, bytes, media_type, added_at: "2023-12-03T08:00:00.000Z" }, null),
  };
}
