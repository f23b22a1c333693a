/** Sync now, with real progress; and the figures that tell whether anything waits. */
import "../../words/queue.js";
import { undoneOf } from "../../outbox/troubles.js";
import { asProblem } from "../../problem.js";
import { keepsBytes } from "../../sync/outcome.js";
import { say, sayEither } from "../../words.js";
import { ageWords } from "../age.js";
import { button, fill, h, refill } from "../dom.js";
import { exportPart } from "./export.js";
import { progressPart } from "./progress.js";
import { troubleList } from "./troubles.js";
import { wifiQuestion } from "./wifi.js";

/**
 * Return `{element, update(status), close()}`.
 *
 * @param {object} context of the router
 * @param {() => void} changed called after a sync, however it ended
 */
export function syncCard(context, changed) {
  const card = new SyncCard(context, changed);
  return { element: card.element, update: (status) => card.update(status), close: () => card.close() };
}

class SyncCard {
  #figures = h("dl", { class: "facts figures" });
  #result = h("div", { class: "sync-result" });
  #progress = progressPart();
  #troubles = h("div", {});
  #wifi = h("div", {});
  #isRunning = false;
  #isClosed = false;

  constructor(context, changed) {
    this.context = context;
    this.changed = changed;
    this.export = exportPart(context, changed);
    this.sync = button(say("queue.sync"), () => this.#run(), { kind: "primary", class: "button primary wide sync-now" });
    this.element = h("section", { class: "card sync-card", "aria-label": say("queue.sync") },
      this.#figures, this.#troubles, this.sync, this.#progress.element, this.#result, this.#wifi, this.export.element);
  }

  update(status) {
    refill(this.#figures, figures(status));
    refill(this.#troubles, troubleList(status.sync_troubles));
    fill(this.#wifi, status.is_syncing ? null : wifiQuestion(status, () => this.#run({ isWifiWaived: true })));
    this.#busy(this.#isRunning || status.is_syncing);
    if (status.sync_progress) this.#progress.show(status.sync_progress);
  }

  close() {
    this.#isClosed = true;
    this.export.close();
  }

  #busy(isBusy) {
    this.sync.disabled = isBusy;
    this.sync.querySelector("span").textContent = say(isBusy ? "queue.syncing" : "queue.sync");
    if (isBusy) this.#progress.begin();
    else this.#progress.end();
  }

  async #run(wish = {}) {
    fill(this.#result);
    fill(this.#wifi);
    this.#isRunning = true;
    this.#busy(true);
    try {
      const report = await this.context.outbox.sync({ ...wish, onProgress: (at) => this.#progress.show(at) });
      this.#tell(resultLines(report));
    } catch (error) {
      this.#tell([{ text: say("queue.stopped", { why: sayEither(asProblem(error)) }), isTrouble: true }]);
    } finally {
      this.#isRunning = false;
      this.#busy(false);
      if (!this.#isClosed) this.changed();
    }
  }

  #tell(lines) {
    const told = lines.map(({ text, isTrouble }) => h("p", { class: isTrouble ? "note bad" : "note good" }, text));
    fill(this.#result, told);
    this.context.announce(lines.map(({ text }) => text).join(" "), { urgent: lines.some((line) => line.isTrouble) });
  }
}

/** Return what a sync's report says to a person, a line each. */
export function resultLines(report) {
  const undone = undoneOf(report).length;
  const lines = [ending(report, undone > 0)].filter(Boolean);
  if (report.offered_again) lines.push({ text: say("queue.offered-again", { count: report.offered_again }) });
  if (undone) lines.push({ text: say("queue.some-not", { count: undone }), isTrouble: true });
  return lines;
}

/** What went is told as done only where nothing was left undone. */
function ending({ stopped, outcomes, photos_sent: photos }, isUndone) {
  if (stopped) return { text: say("queue.stopped", { why: sayEither(stopped.reason) }), isTrouble: true };
  const records = Object.entries(outcomes).reduce((sum, [outcome, count]) => sum + (keepsBytes(outcome) ? count : 0), 0);
  if (records || photos) return { text: say(isUndone ? "queue.went" : "queue.done", { records, photos }) };
  return isUndone ? null : { text: say("queue.done-nothing") };
}

function figures(status) {
  const { photos, reference } = status;
  const age = (at) => (at ? ageWords(at, Date.now()) : null);
  const held = reference ? say("queue.reference-age", { age: age(reference.received_at) }) : say("queue.reference-shipped");
  return [
    figure("queue.unsent", unsentWords(status), status.unsent ? "wait" : "good"),
    status.oldest_unsent_at && figure("queue.oldest", age(status.oldest_unsent_at)),
    figure("queue.photos", `${photos.delivered}/${photos.named}`),
    figure("queue.contact", age(status.last_contact_at) ?? say("queue.never")),
    figure("queue.reference", held),
    status.photos_waiting_for_wifi ? [h("dt", {}), h("dd", { class: "wait" }, say("queue.wifi-waiting"))] : null,
  ];
}

function unsentWords({ unsent, unexported = unsent }) {
  const exported = unsent - unexported;
  return exported > 0 ? say("queue.unsent-exported", { unsent, exported }) : String(unsent);
}

function figure(words, value, tone = "") {
  return [h("dt", {}, say(words)), h("dd", { class: tone }, value)];
}
