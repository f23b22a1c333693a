/** What a person chose on a tablet, kept with its records. */

import { DEFAULT_SETTINGS } from "./outbox_port.js";

const SETTINGS = "settings";

/** Return what a person chose, and the rest as it is by itself. */
export async function readSettings(store) {
  return { ...DEFAULT_SETTINGS, ...(await store.meta(SETTINGS)) };
}

/** Keep what a person chose. */
export function keepSettings(store, settings) {
  return store.setMeta(SETTINGS, settings);
}
