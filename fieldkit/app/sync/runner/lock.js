/**
 * One sync at a time in all tabs of a browser, by a lock that a crash cannot leave behind.
 *
 * Web Locks where there are any; elsewhere (an old WebView) one in this tab: two tabs that
 * sync at once then send the same records twice, which the server answers as replays.
 */

import { Problem } from "../../problem.js";

const NAME = "gi-fieldkit-sync";
let isHeldHere = false;

/**
 * Return what `work()` returns, while no other sync runs; rejects "sync-running" at once
 * if one does.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {LockManager | undefined} [locks]
 * @returns {Promise<T>}
 */
export async function onlySync(work, locks = globalThis.navigator?.locks) {
  if (isHeldHere) throw running();
  isHeldHere = true;
  try {
    if (!locks) return await work();
    return await locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock === null) throw running();
      return work();
    });
  } finally {
    isHeldHere = false;
  }
}

function running() {
  return new Problem("sync-running", {
    zh: "另一个同步正在进行，本次未做任何事",
    en: "another sync is under way; this one did nothing",
  });
}
