/**
 * Sending what waits while the app is closed.
 *
 * A worker apart from the one that keeps the app's files (sw.js): it serves no page, so a
 * newer one may replace it at any time. For the same reason it leaves a database of another
 * version alone: the open app may be an older one, in the middle of a record.
 */

import { TAG } from "./outbox/background_sync.js";
import { Changes } from "./outbox/changes.js";
import { Database } from "./outbox/indexeddb/database.js";
import { STEPS } from "./outbox/indexeddb/steps.js";
import { IndexedDbStore } from "./outbox/indexeddb/store.js";
import { theBrowser } from "./outbox/surroundings.js";
import { runStoreSync } from "./outbox/syncing.js";

// A window does it already; nothing to be sent as; a database of another version.
const LEFT_TO_THE_APP = new Set(["sync-running", "not-enrolled", "app-outdated", "storage-failed"]);

/** What waited was offered; rejects where the link broke, so that the system tries again. */
async function send() {
  const store = new IndexedDbStore(new Database("gi-field", STEPS, { mayUpgrade: false }));
  try {
    const report = await runStoreSync(store, theBrowser());
    if (report.stopped) throw new Error(report.stopped.code);
  } catch (problem) {
    if (!LEFT_TO_THE_APP.has(problem.code)) throw problem;
  } finally {
    await store.close().catch(() => {});
    new Changes().note();
  }
}

self.addEventListener("sync", (event) => {
  if (event.tag === TAG) event.waitUntil(send());
});
