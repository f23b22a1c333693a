/** What the last sync could not send or fetch, kept until the next that goes to its end. */

const TROUBLES = "sync_troubles";
const UNSENT = ["retry", "refused"];

/** Return those of a report's troubles that leave something undone. */
export function undoneOf({ troubles }) {
  return troubles.filter(({ outcome }) => UNSENT.includes(outcome));
}

/** @param {import("../sync/store_port.js").SyncStore} store @param {object} report of a sync */
export async function keepTroubles(store, report) {
  const [kept, undone] = [await keptTroubles(store), undoneOf(report)];
  if (!report.stopped && (kept.length > 0 || undone.length > 0)) await store.setMeta(TROUBLES, undone);
}

/** @param {import("../sync/store_port.js").SyncStore} store */
export async function keptTroubles(store) {
  return (await store.meta(TROUBLES)) ?? [];
}
