/**
 * The app's updates: announced, and never forced in the middle of a record, in whichever
 * window that record is open.
 *
 * A new worker waits until it is told `{"type": "activate"}`; then every window is loaded anew,
 * since the files of the version before are gone.
 */
import { Problem } from "../problem.js";

const ASK_EVERY_MS = 60 * 60_000;
const RECORD_LOCK = "gi-field-record-open";

/** Resolves once this page's files are of another version than the page. */
const replaced = new Promise((resolve) => {
  const container = navigator.serviceWorker;
  let isControlled = Boolean(container?.controller);
  container?.addEventListener("controllerchange", () => {
    // None at all, as after a purge: loaded anew without a link this page would be gone too.
    if (container.controller === null) return;
    if (isControlled) resolve();
    isControlled = true;
  });
});

/** Tells every window whether a record is being written in this one. */
export class OpenRecord {
  #letGo = null;
  #held = null;

  get isOpen() {
    return this.#letGo !== null;
  }

  begin() {
    if (this.isOpen || !navigator.locks) return;
    const over = new Promise((resolve) => (this.#letGo = resolve));
    this.#held = navigator.locks.request(RECORD_LOCK, { mode: "shared" }, () => over).catch(() => {});
  }

  /** Resolves once the other windows see it too. */
  async end() {
    this.#letGo?.();
    this.#letGo = null;
    await this.#held;
  }
}

/**
 * Call `offer(apply)` whenever a new version waits. Where another window applied it, this one
 * keeps what it holds and is loaded anew.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {{record: OpenRecord, keep: () => Promise<boolean>, offer: (apply: () => Promise<void>) => void}} page
 *   `keep` tells whether all is kept that was said; `apply` rejects "update-waits"
 */
export function watchUpdates(registration, { record, keep, offer }) {
  const renew = async () => {
    if (await keep()) location.reload();
    else offer(renew);
  };
  replaced.then(renew);
  const apply = async () => {
    if (await keep()) await applied(registration, record);
  };
  const announce = () => registration.waiting && navigator.serviceWorker.controller && offer(apply);
  const follow = (worker) => worker?.addEventListener("statechange", announce);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  follow(registration.installing);
  announce();
  setInterval(() => registration.update().catch(() => {}), ASK_EVERY_MS);
}

/** The window that asks may have a record open; another may not. */
async function applied(registration, record) {
  const isOpenHere = record.isOpen;
  await record.end();
  const isAgreed = await navigator.locks.request(RECORD_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    if (registration.waiting === null) return true; // a newer one is coming, and will be announced
    registration.waiting.postMessage({ type: "activate" });
    await replaced;
    return true;
  });
  if (isAgreed) return;
  if (isOpenHere) record.begin();
  throw updateWaits();
}

function updateWaits() {
  const words = {
    zh: "另一个窗口正在填写记录。请先在那里保存或退出，再更新。",
    en: "A record is being written in another window. Save or leave it there, then update.",
  };
  return new Problem("update-waits", words);
}
