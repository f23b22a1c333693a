/**
 * The outbox on a laptop: the port of `outbox_port.js` over this machine's own
 * `fieldkit app`, which keeps everything in the same SQLite outbox as the commands.
 */

import { Automatic } from "./automatic.js";
import { keepAsking } from "./loopback_news.js";
import { LoopbackWire, problemOf } from "./loopback_wire.js";
import { outboxProblem } from "./problems.js";

const MAX_PHOTO_BYTES = 64 * 1024 * 1024;
const SYNC_WAIT_S = 20;

/**
 * Return the outbox of the program that served this page.
 *
 * @param {{fetch?: typeof fetch, base?: string, isAutomatic?: boolean}} [about] another
 *   way there, for tests; whether it syncs by itself
 * @returns {Promise<LoopbackOutbox>}
 */
export async function openLoopbackOutbox({ fetch = globalThis.fetch.bind(globalThis), base = "", isAutomatic = false } = {}) {
  const outbox = new LoopbackOutbox(new LoopbackWire({ fetch, base }));
  if (isAutomatic) outbox.syncByItself();
  return outbox;
}

class LoopbackOutbox {
  #wire;
  #lastSave = Promise.resolve();
  #exportId = null;
  #automatic = null;

  constructor(wire) {
    this.#wire = wire;
  }

  /** Begin a sync whenever one may help, as long as a page is open. */
  syncByItself() {
    this.#automatic ??= new Automatic(this);
    return this.#automatic.start();
  }

  identity() {
    return this.#wire.get("/identity");
  }

  enrol({ url, code, thumbprint = null }) {
    return this.#sealing("/enrolment", { url, code, thumbprint });
  }

  async status() {
    const status = await this.#wire.get("/status");
    const { named, delivered, missing } = status.photos;
    return { ...status, photos_due: Math.max(0, named - delivered - missing) };
  }

  list({ state = null, query = null, offset = 0, limit = 50 } = {}) {
    return this.#wire.get("/records", { state, query, offset, limit });
  }

  show(id) {
    return this.#wire.get(`/records/${encodeURIComponent(id)}`);
  }

  drafts() {
    return this.#wire.get("/drafts");
  }

  /** Saves arrive in the order in which they were asked for, the last one wins. */
  saveDraft(answers, number = null) {
    const given = { answers };
    const save = async () => {
      const [method, path] = number === null ? ["POST", "/drafts"] : ["PUT", `/drafts/${number}`];
      return (await this.#wire.send(method, path, given)).number;
    };
    const saved = this.#lastSave.then(save);
    this.#lastSave = saved.catch(() => {});
    return saved;
  }

  async removeDraft(number) {
    await this.#lastSave;
    await this.#wire.send("DELETE", `/drafts/${number}`);
  }

  async addPhoto(draft, blob, { file_name = blob.name ?? "photo", captured_at = null, kind = null } = {}) {
    // Said before the bytes travel: a server that hangs up says nothing.
    if (blob.size === 0 || blob.size > MAX_PHOTO_BYTES) throw outboxProblem("photo-unreadable");
    const params = { file_name, captured_at, kind };
    const held = await this.#wire.sendFile("PUT", `/drafts/${draft}/photos`, params, blob);
    return { sha256: held.sha256, bytes: held.bytes, media_type: held.media_type, file_name: held.file_name };
  }

  async removePhoto(draft, sha256) {
    await this.#wire.send("DELETE", `/drafts/${draft}/photos/${sha256}`);
  }

  photo(sha256) {
    return this.#wire.blob(`/photos/${sha256}`);
  }

  thumbnail(sha256) {
    return this.#wire.blob(`/photos/${sha256}/thumbnail`);
  }

  async record(input, { draft = null } = {}) {
    await this.#lastSave;
    return this.#sealing("/records", { input, draft });
  }

  /**
   * Begin drafts of camera photographs, GPX and CSV; resolves to the report of
   * `fieldkit import --json`. Tracks go first: they tell where photographs were taken.
   */
  async importFiles(files, { onProgress = () => {} } = {}) {
    const inTurn = [...files].sort((a, b) => isTrack(b) - isTrack(a));
    const report = { taken: [], known: [], not_taken: [], tracks: 0 };
    for (const [done, file] of inTurn.entries()) {
      onProgress({ done, total: inTurn.length });
      const params = { file_name: file.name, modified_ms: file.lastModified };
      const one = await this.#wire.sendFile("POST", "/import", params, file);
      for (const name of ["taken", "known", "not_taken"]) report[name].push(...one[name]);
      report.tracks += one.tracks;
    }
    return report;
  }

  async amend(id, changes, { kind = "correction", reason = null, draft = null, stands_on = null } = {}) {
    await this.#lastSave;
    return this.#sealing(`/records/${encodeURIComponent(id)}/amendments`, { changes, kind, reason, draft, stands_on });
  }

  withdraw(id, reason) {
    return this.#sealing(`/records/${encodeURIComponent(id)}/withdrawal`, { reason });
  }

  /** What is sent soon, if this syncs by itself. */
  async #sealing(path, given) {
    const saved = await this.#wire.send("POST", path, given);
    this.#automatic?.soon();
    return saved;
  }

  reference() {
    return this.#wire.get("/reference");
  }

  /**
   * Starts a sync or joins the one under way (`is_joined`), which goes on whatever becomes
   * of this page.
   */
  async sync({ again = false, onProgress = () => {} } = {}) {
    let state = await this.#wire.send("POST", "/sync", { again });
    const { is_joined } = state;
    while (state.is_running) {
      const { stage, done, total, bytes, bytes_total } = state;
      if (stage !== null) onProgress({ stage, done, total, bytes, bytes_total });
      state = await this.#wire.get("/sync", { after: state.cursor, wait_s: SYNC_WAIT_S });
    }
    if (state.problem !== null) throw problemOf(state.problem);
    return { ...state.report, is_joined };
  }

  async requeue(id) {
    await this.#wire.send("POST", `/records/${encodeURIComponent(id)}/requeue`);
  }

  /**
   * `files` holds every bundle: one more for each earlier identity of this device that
   * still has something unsent. The first is the one returned.
   */
  async exportBundle() {
    const { id, files } = await this.#wire.send("POST", "/bundles");
    const fetched = [];
    for (const [number, { file_name, records, photos }] of files.entries()) {
      const blob = await this.#wire.blob(`/bundles/${id}/${number}`);
      if (blob === null) throw outboxProblem("nothing-exported");
      fetched.push({ blob, file_name, records, photos });
    }
    this.#exportId = id;
    return { ...fetched[0], files: fetched };
  }

  async markExported() {
    if (this.#exportId === null) throw outboxProblem("nothing-exported");
    await this.#wire.send("POST", `/bundles/${this.#exportId}/exported`);
    this.#exportId = null;
  }

  async signOut() {
    await this.#wire.send("POST", "/sign-out");
  }

  settings() {
    return this.#wire.get("/settings");
  }

  saveSettings(patch) {
    return this.#wire.send("PATCH", "/settings", patch);
  }

  positionSources() {
    return this.#wire.get("/positions");
  }

  subscribe(listener) {
    let known = null;
    return keepAsking(async (waitS, signal) => {
      const params = { after: known, wait_s: known === null ? 0 : waitS };
      const { cursor } = await this.#wire.get("/changes", params, signal);
      const isNew = known !== null && cursor !== known;
      known = cursor;
      if (isNew) listener();
    });
  }

  /** `onFix(fix, {dimension, satellites, is_estimated})`: beside the fix, what is no part of a record. */
  watchPosition(sourceId, onFix, onProblem = () => {}) {
    const path = `/positions/${encodeURIComponent(sourceId)}`;
    let cursor = 0;
    return keepAsking(async (waitS, signal) => {
      const told = await this.#wire.get(path, { after: cursor, wait_s: waitS }, signal);
      const isNew = told.cursor !== cursor;
      cursor = told.cursor;
      if (isNew && told.fix !== null) onFix(told.fix, told.details);
      if (isNew && told.problem !== null) throw problemOf(told.problem);
    }, onProblem);
  }
}

function isTrack({ name }) {
  return Number(name.toLowerCase().endsWith(".gpx"));
}
