/** Recording, amending and withdrawing on a tablet: the photographs' part of it. */

import { amended } from "../capture/completion.js";
import { isObject } from "../sync/canonical_json.js";
import { outboxProblem } from "./problems.js";
import { requireNewest, requireOpen, targetOf } from "./revision.js";

/** What a recorder needs of this tablet, over one store. */
export class Capturing {
  /** @param {import("./indexeddb/store.js").IndexedDbStore} store @param {import("../capture/recorder.js").Recorder} recorder */
  constructor(store, recorder) {
    Object.assign(this, { store, recorder });
  }

  async record(input, { draft = null } = {}) {
    const { given, photos } = await this.#withPhotos(input);
    return this.recorder.record(given, { photos, draft });
  }

  async amend(id, changes, { kind = "correction", reason = null, draft = null, stands_on = null } = {}) {
    await this.#requireDraft(draft);
    const target = await targetOf(this.store, id);
    requireNewest(target, stands_on);
    const { given, photos } = await this.#withPhotos(changes);
    const body = amended(target.current, given, kind, reason);
    requireOpen(target, isObject(body.amendment) ? body.amendment.kind : kind);
    const { amends, root_id, record_no, earlier } = target;
    return this.recorder.amend(body, { amends, root_id, record_no, earlier, photos, draft });
  }

  async withdraw(id, reason) {
    if (!reason.trim()) throw outboxProblem("reason-needed", { field: "reason" });
    const { amends, root_id, record_no } = await targetOf(this.store, id);
    return this.recorder.withdraw(reason.trim(), { amends, root_id, record_no });
  }

  /** What was sealed in another window is said to be, whatever else its record says by now. */
  async #requireDraft(draft) {
    if (draft === null) return;
    const held = await this.store.drafts();
    if (!held.some(({ number }) => number === draft)) throw outboxProblem("draft-gone");
  }

  /** Photographs are named by hash; what was said when they were taken goes along. */
  async #withPhotos(given) {
    if (!Array.isArray(given.evidence)) return { given, photos: new Map() };
    const named = given.evidence.filter((item) => isObject(item) && typeof item.sha256 === "string");
    const photos = await this.store.photoFacts(named.map(({ sha256 }) => sha256));
    await this.#requireHere(given.evidence, photos);
    const evidence = given.evidence.map((item) => toldWith(item, photos));
    return { given: { ...given, evidence }, photos };
  }

  /** A photograph that no record names yet must be here: nobody else has it. */
  async #requireHere(evidence, photos) {
    const unsealed = evidence.filter((item) => isObject(item) && typeof item.sha256 === "string" && !photos.get(item.sha256)?.is_named);
    const lacking = new Set(await this.store.lackingPhotos(unsealed.map(({ sha256 }) => sha256)));
    const gone = evidence.findIndex((item) => unsealed.includes(item) && lacking.has(item.sha256));
    if (gone >= 0) throw outboxProblem("photo-gone", { field: `evidence[${gone}].sha256` });
  }
}

function toldWith(item, photos) {
  const photo = isObject(item) ? photos.get(item.sha256) : undefined;
  if (photo === undefined || "bytes" in item) return item;
  const { kind, captured_at } = photo;
  return { ...(kind && { kind }), ...(captured_at && { captured_at }), ...item };
}
