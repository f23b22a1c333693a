import { test } from "node:test";

import { MemoryStore } from "../../../fieldkit/app/sync/memory_store.js";
import { storeContract } from "./store_contract.js";

storeContract(test, async () => {
  const store = new MemoryStore();
  return {
    store,
    reopened: async () => store,
    photograph: (blob, { sha256 }) => store.putBlob(sha256, blob),
  };
});
