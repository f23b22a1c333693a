/** Where the app's modules are. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const APP = fileURLToPath(new URL("../../../fieldkit/app/", import.meta.url));
export const VENDOR = join(APP, "vendor");

/** Return the path of every module in a folder; of the app's, those that others wrote left out. */
export function modules(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = join(folder, entry.name);
    if (entry.isDirectory()) return place === VENDOR ? [] : modules(place);
    return entry.name.endsWith(".js") ? [place] : [];
  });
}
