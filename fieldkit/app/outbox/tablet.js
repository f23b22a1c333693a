/** The outbox of a tablet: everything in this browser's own storage, the server by its API. */

import { sealedClock } from "../sync/device_clock.js";
import { everyIdentity, leaveIdentity } from "../sync/identity.js";
import { Automatic } from "./automatic.js";
import { askForBackgroundSync, prepareBackgroundSync } from "./background_sync.js";
import { Changes } from "./changes.js";
import { IndexedDbStore } from "./indexeddb/store.js";
import { keepSettings, readSettings } from "./kept_settings.js";
import { readShipped } from "./own_files.js";
import { smallPicture, takenIn } from "./pictures.js";
import { outboxProblem } from "./problems.js";
import { NO_REFERENCE, referenceDocuments, versionsOf } from "./reference.js";
import { askToPersist, isOnWifi, isSyncHeld, requireRoom, storageFigures, theBrowser } from "./surroundings.js";
import { described, identityEntry, listed, standing } from "./telling.js";

const ORPHAN_AFTER_MS = 24 * 3600 * 1000;
const LEISURE_MS = 5_000;

// What the first screen does not need comes after it.
const PARTS = {
  sealing: () => import("./sealing.js").then(({ openSealing }) => openSealing()),
  syncing: () => import("./syncing.js"),
  enrolling: () => import("../sync/runner/enrolment.js"),
  bundling: () => import("../sync/bundle_file.js"),
};

/**
 * Return this tablet's outbox, syncing by itself from now on.
 *
 * @param {{isAutomatic?: boolean, around?: Partial<import("../sync/runner/run.js").Surroundings>}} [about]
 *   `around` replaces parts of the world that a sync sees: its pauses, its clock
 */
export async function openTabletOutbox({ isAutomatic = true, around = {} } = {}) {
  const outbox = new IndexedDbOutbox(new IndexedDbStore(), around);
  setTimeout(() => [outbox.ready(), outbox.tidy()].forEach((work) => work.catch(() => {})), LEISURE_MS);
  askToPersist().catch(() => {}); // asked for, and no gate
  if (isAutomatic) outbox.syncByItself();
  return outbox;
}

/** Keeps what outbox_port.js promises. */
export class IndexedDbOutbox {
  #changes = new Changes();
  #automatic = null;
  #isSyncing = false;
  #progress = null;
  #export = null;
  #reference = null;
  #parts = new Map();
  #versions = NO_REFERENCE;

  /** @param {IndexedDbStore} store @param {object} [around] as `openTabletOutbox` takes it */
  constructor(store, around = {}) {
    this.store = store;
    this.around = { ...theBrowser(), ...around };
    this.subscribe(() => (this.#reference = null));
  }

  // Who and how

  identity() {
    return identityEntry(this.store);
  }

  async enrol({ url = null, code, thumbprint = null }) {
    const invitation = { url: url ?? location.origin, code, thumbprint };
    const { enrolDevice } = await this.#part("enrolling");
    await enrolDevice(this.store, invitation, this.around);
    askToPersist().catch(() => {});
    this.#changes.note();
    if (this.#automatic) this.#automatic.soon();
    return this.identity();
  }

  async status({ isRoomTried = false } = {}) {
    const reading = this.around.clock();
    const [held, settings, known] = await Promise.all([isSyncHeld(), this.settings(), standing(this.store, reading.now)]);
    const { offset_ms } = await sealedClock(this.store, reading);
    return {
      ...known,
      storage: await storageFigures({ isRoomTried }),
      clock_offset_ms: offset_ms,
      is_syncing: held ?? this.#isSyncing,
      sync_progress: this.#progress,
      home: "tablet",
      is_on_wifi: isOnWifi(),
      photos_waiting_for_wifi: known.photos_due > 0 && settings.photos_on_wifi_only && isOnWifi() !== true,
    };
  }

  async signOut() {
    const { counts, unexported: records, photos_unexported: photos } = await this.store.figures();
    const drafts = counts.draft;
    if (records + photos + drafts > 0) throw outboxProblem("unsent", { details: { records, photos, drafts } });
    await leaveIdentity(this.store);
    this.#changes.note();
  }

  async settings() {
    return readSettings(this.store);
  }

  async saveSettings(patch) {
    const settings = { ...(await this.settings()), ...patch };
    await this.#changing(keepSettings(this.store, settings));
    return settings;
  }

  // Records

  list(wanted = {}) {
    return listed(this.store, wanted);
  }

  async show(id) {
    const record = await this.store.get(id);
    if (record === null) throw outboxProblem("not-found");
    return described(this.store, record);
  }

  record(input, about) {
    return this.#sealing((capturing) => capturing.record(input, about));
  }

  amend(id, changes, about) {
    return this.#sealing((capturing) => capturing.amend(id, changes, about));
  }

  withdraw(id, reason) {
    return this.#sealing((capturing) => capturing.withdraw(id, reason));
  }

  requeue(id) {
    return this.#changing(this.store.requeue(id));
  }

  // Drafts and photographs

  drafts() {
    return this.store.drafts();
  }

  saveDraft(answers, number = null) {
    return this.#changing(this.store.saveDraft(answers, number, this.around.clock().now.toISOString()));
  }

  removeDraft(number) {
    return this.#changing(this.store.removeDraft(number));
  }

  /** Rejects "disk-full" where so much more will not fit: asked before the shutter. */
  requireRoom(neededBytes) {
    return requireRoom(neededBytes);
  }

  async addPhoto(draft, blob, { file_name = blob.name ?? "", captured_at = null, kind = null } = {}) {
    await requireRoom(blob.size);
    const { original, ...told } = await takenIn(blob, file_name);
    const facts = { ...told, captured_at, kind, added_at: this.around.clock().now.toISOString() };
    await this.#changing(this.store.keepPhoto(original, facts, draft));
    return told;
  }

  removePhoto(draft, sha256) {
    return this.#changing(this.store.partPhoto(sha256, draft));
  }

  photo(sha256) {
    return this.store.readBlob(sha256);
  }

  async thumbnail(sha256) {
    const held = await this.store.thumbnail(sha256);
    if (held !== null) return held;
    const original = await this.store.readBlob(sha256);
    const small = original && (await smallPicture(original));
    if (small) await this.store.keepThumbnail(sha256, small);
    return small;
  }

  // The world outside

  reference() {
    this.#reference ??= referenceDocuments(this.store, readShipped);
    this.#reference.catch(() => (this.#reference = null));
    return this.#reference;
  }

  /** `isWifiWaived`: a person said that photographs may go over any link this time. */
  async sync({ again = false, isWifiWaived = false, onProgress = () => {} } = {}) {
    if (again) for (const { id } of await this.store.records("refused")) await this.store.requeue(id);
    const { runStoreSync } = await this.#part("syncing");
    const told = (at) => [(this.#progress = at), this.#changes.noteStep(), onProgress(at)];
    const running = runStoreSync(this.store, { ...this.around, onProgress: told, isWifiWaived });
    this.#isSyncing = true;
    this.#changes.note();
    try {
      return await running;
    } finally {
      this.#isSyncing = false;
      this.#progress = null;
      this.#changes.note();
    }
  }

  /** Begin a sync whenever one may help. */
  syncByItself() {
    this.#automatic ??= new Automatic(this, { prepare: prepareBackgroundSync, ask: askForBackgroundSync });
    return this.#automatic.start();
  }

  /** One file for each identity that has something unsent, signed out or not: the first, and all as `files`. */
  async exportBundle() {
    const identities = await everyIdentity(this.store);
    if (identities.length === 0) throw outboxProblem("not-enrolled");
    const hashes = await this.store.photosWithoutReceipt();
    const { makeBundle } = await this.#part("bundling");
    const bundled = [];
    for (const identity of identities) {
      bundled.push(await makeBundle(this.store, identity, this.around.clock().now));
    }
    const filled = bundled.filter(({ records, photos }) => records + photos > 0);
    const files = filled.length > 0 ? filled : bundled.slice(0, 1);
    // A photograph that is gone is told, and keeps nobody from signing out for ever.
    this.#export = { ids: files.flatMap(({ ids }) => ids), hashes };
    return { ...files[0], files };
  }

  async markExported() {
    if (this.#export === null) throw outboxProblem("nothing-exported");
    const { ids, hashes } = this.#export;
    await this.#changing(this.store.markExported(ids, this.around.clock().now.toISOString(), hashes));
  }

  // News, and what a tablet has not

  subscribe(listener) {
    return this.#changes.subscribe(listener);
  }

  async positionSources() {
    return [];
  }

  watchPosition() {
    return () => {};
  }

  /** Remove what an interrupted capture left behind a day ago. */
  tidy() {
    const before = new Date(this.around.clock().now.getTime() - ORPHAN_AFTER_MS);
    return this.store.removeOrphans(before.toISOString());
  }

  /** Everything is here that sealing, sending and handing over need, link or no link. */
  async ready() {
    await Promise.all([...Object.keys(PARTS).map((name) => this.#part(name)), this.versions()]);
  }

  async #part(name) {
    if (!this.#parts.has(name)) this.#parts.set(name, PARTS[name]());
    try {
      return await this.#parts.get(name);
    } catch (error) {
      this.#parts.delete(name);
      if (!(error instanceof TypeError)) throw error;
      throw outboxProblem("app-incomplete", { cause: error, details: { detail: error.message } });
    }
  }

  /** What records name of the reference; as last read where it cannot be: evidence is saved all the same. */
  async versions() {
    try {
      this.#versions = versionsOf(await this.reference());
    } catch (problem) {
      if (problem.code !== "app-incomplete") throw problem;
    }
    return this.#versions;
  }

  async #changing(promise) {
    const result = await promise;
    this.#changes.note();
    return result;
  }

  async #sealing(capture) {
    const capturing = await this.#part("sealing");
    const around = { store: this.store, clock: this.around.clock, versions: () => this.versions() };
    const saved = await this.#changing(capture(capturing(around)));
    if (this.#automatic) this.#automatic.soon();
    return saved;
  }
}
