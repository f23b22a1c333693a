/** What sealing needs beside the store: the rules of records, and what applies them. */

import { requireAccepted } from "../capture/acceptance.js";
import { Recorder } from "../capture/recorder.js";
import { loadValidation } from "../schemas/validation.js";
import { Capturing } from "./capturing.js";
import { readSchema } from "./own_files.js";

/** Return what makes a `Capturing` of `{store, clock, versions}`; rejects "app-incomplete". */
export async function openSealing() {
  const validation = await loadValidation(readSchema);
  const accepted = (payload, given) => requireAccepted(validation, payload, given);
  return (around) => new Capturing(around.store, new Recorder({ ...around, requireAccepted: accepted }));
}
