/** The tablet's store: the port of sync/store_port.js, and drafts and photographs beside it. */

import { protocolProblem } from "../../sync/problems.js";
import { summaryOfSealed } from "../summary.js";
import { CHAIN_TABLES, grow, headOf } from "./chain.js";
import { Database, asked } from "./database.js";
import * as delivery from "./delivery.js";
import { adopt, lackingOf } from "./documents.js";
import { keepDraft, readDrafts } from "./drafts.js";
import * as listing from "./listing.js";
import * as photos from "./photos.js";

const LISTED = ["record"];
const READ_WHOLE = ["record", "sealed"];
const ANSWERED = delivery.DELIVERY_TABLES;

/**
 * Every method that changes anything is one transaction, on the disk when it resolves.
 *
 * @implements {import("../../sync/store_port.js").SyncStore}
 */
export class IndexedDbStore {
  #database;

  /** @param {Database | string} database */
  constructor(database = "gi-field") {
    this.#database = typeof database === "string" ? new Database(database) : database;
  }

  /** Close the connection; the next call opens it again. */
  close() {
    return this.#database.close();
  }

  // Sealing

  head(deviceId) {
    return this.#database.read(["chain"], (tables) => headOf(tables, deviceId));
  }

  append(sealed, expectedHead, blobs, extra = {}) {
    const known = { ...extra, summary: summaryOfSealed(sealed.compact) };
    return this.#database.write(CHAIN_TABLES, (tables) => grow(tables, sealed, expectedHead, blobs, known));
  }

  // What the server said

  pending(limit) {
    return this.#whole((tables) => listing.rowsIn(tables, "sealed", limit));
  }

  recordOutcome(item, receipt) {
    return this.#database.write(ANSWERED, async (tables) => {
      const row = await delivery.rowOf(tables, item.id, item.hash);
      if (!row) throw protocolProblem("unknown-record", `${item.id}`);
      return delivery.keepAnswer(tables, row, item, receipt);
    });
  }

  recordOutcomes(answers) {
    return this.#database.write(ANSWERED, (tables) => delivery.keepAnswers(tables, answers));
  }

  requeue(id) {
    return this.#database.write(LISTED, (tables) => delivery.requeueRow(tables, id));
  }

  lastReceipt() {
    return this.#database.read(["receipt"], delivery.newestReceipt);
  }

  epoch() {
    return this.meta("epoch");
  }

  reopen(epoch) {
    return this.#database.write(ANSWERED, (tables) => delivery.reopenRows(tables, epoch));
  }

  async statusCursor() {
    return (await this.meta("status_cursor")) ?? 0;
  }

  recordStatuses(events, cursor) {
    return this.#database.write(ANSWERED, (tables) => delivery.keepStatuses(tables, events, cursor));
  }

  /** Photographs may be named too. */
  markExported(ids, at, hashes = []) {
    return this.#database.write(ANSWERED, (tables) => delivery.noteExported(tables, ids, hashes, at));
  }

  // Reading

  async get(id) {
    const [found] = await this.#whole(async (tables) => {
      const row = await delivery.rowOf(tables, id);
      return row ? [row] : [];
    });
    return found ?? null;
  }

  records(state) {
    return this.#whole((tables) => listing.rowsIn(tables, state ?? null));
  }

  /** An observation and all that changed it, in the order of sealing. */
  versions(rootId) {
    return this.#whole(({ record }) => asked(record.index("root").getAll(rootId)));
  }

  /**
   * One page of records without their signed bytes, newest first, each with the counts
   * of its photographs: `{rows, total}`.
   */
  page(wanted) {
    return this.#database.read(["record", "photo", "original"], async (tables) => {
      const { rows, total } = await listing.pageOf(tables, wanted);
      const counted = [];
      for (const row of rows) counted.push({ ...row, counts: await photos.countPhotos(tables, row.photos) });
      return { rows: counted, total };
    });
  }

  /** Records by state and status, photographs, and what a sign-out would lose. */
  figures() {
    return this.#database.read(["record", "photo", "original", "draft"], async (tables) => ({
      counts: { draft: await asked(tables.draft.count()), ...(await listing.countStates(tables)) },
      statuses: await listing.countStatuses(tables),
      photos: await photos.countAllPhotos(tables),
      oldest_unsent_at: await listing.oldestUnsentAt(tables),
      unexported: await asked(tables.record.index("unexported").count()),
      photos_due: await asked(tables.photo.index("due").count()),
      photos_unexported: await asked(tables.photo.index("unexported").count()),
    }));
  }

  // Photographs

  blobsPending(limit) {
    return this.#database.read(["photo", "record"], (tables) => photos.photosDue(tables, limit));
  }

  recordBlobReceipt(receipt) {
    return this.#database.write(["photo"], (tables) => photos.keepReceipt(tables, receipt));
  }

  blobsDelivered() {
    return this.#database.read(["photo"], ({ photo }) => asked(photo.index("delivered").getAllKeys()));
  }

  async blobCounts(id) {
    const { delivered, named } = await this.photoCounts(id);
    return [delivered, named];
  }

  /** `{named, delivered, missing}` of one record. */
  photoCounts(id) {
    return this.#database.read(["record", "photo", "original"], async (tables) => {
      const row = await delivery.rowOf(tables, id);
      return photos.countPhotos(tables, row ? row.photos : []);
    });
  }

  async readBlob(sha256) {
    const blob = await this.#database.read(["original"], ({ original }) => asked(original.get(sha256)));
    if (!blob) return null;
    return blob.slice(0, 1).arrayBuffer().then(
      () => blob,
      () => null, // the browser has lost its file
    );
  }

  /** Keep a photograph's bytes, for a draft or (null) for none; `facts` names it by hash. */
  keepPhoto(blob, facts, draft) {
    return this.#database.write(["photo", "original"], (tables) => photos.keepPhoto(tables, blob, facts, draft));
  }

  /** Take a photograph from a draft. */
  partPhoto(sha256, draft) {
    return this.#database.write(photos.PHOTO_TABLES, async (tables) => {
      const row = await asked(tables.photo.get(sha256));
      if (row) await photos.partPhoto(tables, row, draft);
    });
  }

  /** Remove photographs that belong to nothing and were added before an instant. */
  removeOrphans(at) {
    return this.#database.write(photos.PHOTO_TABLES, (tables) => photos.removeOrphans(tables, at));
  }

  /** What is known of these photographs, by hash; unknown ones are left out. */
  photoFacts(hashes) {
    return this.#database.read(["photo"], async ({ photo }) => {
      const rows = await Promise.all(hashes.map((sha256) => asked(photo.get(sha256))));
      return new Map(rows.filter(Boolean).map((row) => [row.sha256, row]));
    });
  }

  /** The photographs that records name and no receipt covers, by hash. */
  photosWithoutReceipt() {
    return this.#database.read(["photo"], async ({ photo }) => {
      const delivered = new Set(await asked(photo.index("delivered").getAllKeys()));
      const named = await asked(photo.index("is_named").getAllKeys());
      return named.filter((sha256) => !delivered.has(sha256));
    });
  }

  /** Those of these photographs whose bytes are not here. */
  lackingPhotos(hashes) {
    return this.#database.read(["original"], async ({ original }) => {
      const keys = await Promise.all(hashes.map((sha256) => asked(original.getKey(sha256))));
      return hashes.filter((_, place) => keys[place] === undefined);
    });
  }

  async thumbnail(sha256) {
    return (await this.#database.read(["thumbnail"], ({ thumbnail }) => asked(thumbnail.get(sha256)))) ?? null;
  }

  keepThumbnail(sha256, blob) {
    return this.#database.write(["thumbnail"], ({ thumbnail }) => asked(thumbnail.put(blob, sha256)));
  }

  // Drafts

  drafts() {
    return this.#database.read(["draft", "photo"], readDrafts);
  }

  saveDraft(answers, number, at) {
    return this.#database.write(["draft"], (tables) => keepDraft(tables, answers, number, at));
  }

  removeDraft(number) {
    return this.#database.write(["draft", ...photos.PHOTO_TABLES], async (tables) => {
      tables.draft.delete(number);
      await photos.leaveDraft(tables, number);
    });
  }

  // Reference and facts

  async referenceSerial() {
    const held = await this.manifest();
    return held ? held.serial : 0;
  }

  manifest() {
    return this.meta("manifest");
  }

  lackingDocuments(documents) {
    return this.#database.read(["document"], (tables) => lackingOf(tables, documents));
  }

  keepDocument({ sha256, name, kind, version }, data) {
    const row = { sha256, name, kind, version, data };
    return this.#database.write(["document"], ({ document }) => asked(document.put(row)));
  }

  async document(sha256) {
    const row = await this.#database.read(["document"], ({ document }) => asked(document.get(sha256)));
    return row ? row.data : null;
  }

  adoptManifest(manifest, receivedAt) {
    return this.#database.write(["document", "fact"], (tables) => adopt(tables, manifest, receivedAt));
  }

  async meta(name) {
    const row = await this.#database.read(["fact"], ({ fact }) => asked(fact.get(name)));
    return row ? row.value : null;
  }

  setMeta(name, value) {
    return this.setMetas({ [name]: value });
  }

  changeMeta(name, change) {
    return this.#database.write(["fact"], async ({ fact }) => {
      const value = change((await asked(fact.get(name)))?.value ?? null);
      if (value === null) fact.delete(name);
      else fact.put({ name, value });
    });
  }

  setMetas(facts) {
    return this.#database.write(["fact"], async ({ fact }) => {
      for (const [name, value] of Object.entries(facts)) {
        if (value === null) fact.delete(name);
        else fact.put({ name, value });
      }
    });
  }

  #whole(rowsOf) {
    return this.#database.read(READ_WHOLE, async (tables) => listing.withCompact(tables, await rowsOf(tables)));
  }
}
