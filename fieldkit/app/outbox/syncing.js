/** One sync of a tablet's store, as its settings have it; in a window or in the background. */

import { runSync } from "../sync/runner/run.js";
import { readSettings } from "./kept_settings.js";
import { isOnWifi } from "./surroundings.js";
import { keepTroubles } from "./troubles.js";

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
  const report = await runSync(store, { ...around, mayUploadPhotos });
  await keepTroubles(store, report);
  return report;
}
