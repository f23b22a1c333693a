/** One sync of a tablet's store, as its settings have it; in a window or in the background. */

import { runSync } from "../sync/runner/run.js";
import { DEFAULT_SETTINGS } from "./outbox_port.js";
import { isOnWifi } from "./surroundings.js";

const SETTINGS = "settings";

/** Return what a person chose, and the rest as it is by itself. */
export async function readSettings(store) {
  return { ...DEFAULT_SETTINGS, ...(await store.meta(SETTINGS)) };
}

/** Keep what a person chose. */
export function keepSettings(store, settings) {
  return store.setMeta(SETTINGS, settings);
}

/**
 * Sync, photographs only where they may go; as `runSync` otherwise.
 *
 * @param {import("./indexeddb/store.js").IndexedDbStore} store
 * @param {import("../sync/runner/run.js").Surroundings & {isWifiWaived?: boolean}} around
 *   `isWifiWaived`: a person said that photographs may go over any link this time
 */
export async function runStoreSync(store, { isWifiWaived = false, ...around }) {
  const { photos_on_wifi_only } = await readSettings(store);
  const mayUploadPhotos = () => isWifiWaived || !photos_on_wifi_only || isOnWifi() === true;
  return runSync(store, { ...around, mayUploadPhotos });
}
