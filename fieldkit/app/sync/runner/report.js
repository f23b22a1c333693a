/** What a sync did, what it could not do, and why: in words, item by item. */

import { keepsBytes } from "../outcome.js";

/** The account of one sync; `stopped` is the problem that ended it early. */
export class SyncReport {
  outcomes = {};
  troubles = [];
  offered_again = 0;
  events = 0;
  photos_sent = 0;
  photo_bytes = 0;
  epoch = null;
  stopped = null;

  /** Count an answer, and keep what a person should know of it. */
  noteItem(item) {
    const { id, outcome, code, reason } = item;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    const standing = item.standing ?? outcome;
    const isWell = outcome === "stored" || (outcome === "replayed" && ["stored", "replayed"].includes(standing));
    if (isWell) return;
    const isUnsent = !keepsBytes(outcome);
    this.troubles.push({ stage: "records", id: id ?? "", record_id: id, outcome: standing, code, reason, isUnsent });
  }

  /** Keep what could not be fetched or sent this time. */
  noteTrouble(stage, id, code, { zh, en }, record_id = null) {
    this.troubles.push({ stage, id, record_id, outcome: "retry", code, reason: { zh, en }, isUnsent: true });
  }

  /** Return the account as `fieldkit sync --json` prints it. */
  toJson() {
    const { stopped } = this;
    return {
      outcomes: { ...this.outcomes },
      troubles: this.troubles.map(({ isUnsent, ...told }) => told),
      offered_again: this.offered_again,
      status_events: this.events,
      photos_sent: this.photos_sent,
      photo_bytes: this.photo_bytes,
      epoch: this.epoch,
      stopped: stopped && { code: stopped.code, reason: { zh: stopped.zh, en: stopped.en } },
    };
  }
}
