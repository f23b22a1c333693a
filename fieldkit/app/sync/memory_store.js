/** A store in memory: survives nothing, but keeps every other promise of the port. */

import { protocolProblem } from "./problems.js";
import { isAtLeastAsNew } from "./receipt.js";
import { answered, isDelivering, isLapsed, isNext, newRecord, told } from "./stored_record.js";

/** @implements {import("./store_port.js").SyncStore} */
export class MemoryStore {
  #records = new Map();
  #heads = new Map();
  #named = new Map();
  #blobs = new Map();
  #blobReceipts = new Map();
  #documents = new Map();
  #facts = new Map();
  #manifest = null;
  #receipt = null;
  #epoch = null;
  #cursor = 0;

  async head(deviceId) {
    return this.#heads.get(deviceId) ?? { seq: 0, hash: null };
  }

  async append(sealed, expectedHead, blobs, extra = {}) {
    const head = this.#heads.get(sealed.device_id) ?? { seq: 0, hash: null };
    if (!isNext(sealed, head, expectedHead) || this.#records.has(sealed.id)) {
      throw protocolProblem("head-moved", `the head is ${head.seq}`);
    }
    this.#records.set(sealed.id, newRecord(sealed, this.#records.size + 1, extra));
    this.#named.set(sealed.id, new Map(blobs.map((blob) => [blob.sha256, blob])));
    this.#heads.set(sealed.device_id, { seq: sealed.seq, hash: sealed.hash });
  }

  async get(id) {
    return this.#records.get(id) ?? null;
  }

  async records(state) {
    return [...this.#records.values()].filter((record) => !state || record.state === state);
  }

  async pending(limit) {
    return (await this.records("sealed")).slice(0, limit);
  }

  async recordOutcome(item, receipt) {
    const record = this.#records.get(item.id);
    if (record?.hash !== item.hash) throw protocolProblem("unknown-record", item.id);
    return this.#take(record, item, receipt);
  }

  async recordOutcomes(answers) {
    for (const [item, receipt] of answers) {
      const record = this.#records.get(item.id);
      if (record && record.hash === item.hash) this.#take(record, item, receipt);
    }
  }

  async requeue(id) {
    const record = this.#records.get(id);
    if (!record) throw protocolProblem("unknown-record", id);
    if (record.state === "refused") this.#records.set(id, { ...record, state: "sealed" });
  }

  async lastReceipt() {
    return this.#receipt?.compact ?? null;
  }

  async epoch() {
    return this.#epoch;
  }

  async reopen(epoch) {
    if (epoch === this.#epoch) return 0;
    const lapsed = (await this.records()).filter((record) => isLapsed(record, epoch));
    for (const record of lapsed) this.#records.set(record.id, { ...record, state: "sealed" });
    this.#epoch = epoch;
    this.#blobReceipts.clear();
    this.#cursor = 0;
    return lapsed.length;
  }

  async statusCursor() {
    return this.#cursor;
  }

  async recordStatuses(events, cursor) {
    for (const event of events) {
      const record = this.#records.get(event.id);
      if (record && record.hash === event.hash) this.#records.set(event.id, told(record, event));
    }
    this.#cursor = Math.max(this.#cursor, cursor);
  }

  async markExported(ids, at) {
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record) this.#records.set(id, { ...record, exported_at: at });
    }
  }

  async blobsPending(limit) {
    const pending = new Map();
    for (const record of await this.records("delivered")) {
      for (const blob of this.#named.get(record.id).values()) {
        const isWaiting = !this.#blobReceipts.has(blob.sha256) && !pending.has(blob.sha256);
        if (isWaiting) pending.set(blob.sha256, { ...blob, record_id: record.id });
      }
    }
    return [...pending.values()].slice(0, limit);
  }

  async recordBlobReceipt(receipt) {
    this.#blobReceipts.set(receipt.sha256, receipt.compact);
  }

  async blobsDelivered() {
    return [...this.#blobReceipts.keys()];
  }

  async blobCounts(id) {
    const named = [...(this.#named.get(id)?.keys() ?? [])];
    return [named.filter((sha256) => this.#blobReceipts.has(sha256)).length, named.length];
  }

  /** Keep a photograph's bytes; how a real store takes them in is its own affair. */
  async putBlob(sha256, blob) {
    this.#blobs.set(sha256, blob);
  }

  async readBlob(sha256) {
    return this.#blobs.get(sha256) ?? null;
  }

  async referenceSerial() {
    return this.#manifest?.serial ?? 0;
  }

  async manifest() {
    return this.#manifest;
  }

  async lackingDocuments(documents) {
    const wanted = new Map(documents.map((ref) => [ref.sha256, ref]));
    return [...wanted.values()].filter((ref) => !this.#documents.has(ref.sha256));
  }

  async keepDocument(ref, data) {
    this.#documents.set(ref.sha256, data);
  }

  async document(sha256) {
    return this.#documents.get(sha256) ?? null;
  }

  async adoptManifest(manifest, receivedAt) {
    const lacking = await this.lackingDocuments(manifest.documents);
    if (lacking.length > 0) throw protocolProblem("reference-altered", lacking[0].name);
    this.#manifest = { ...manifest, received_at: receivedAt };
  }

  async meta(name) {
    return this.#facts.get(name) ?? null;
  }

  async setMeta(name, value) {
    await this.setMetas({ [name]: value });
  }

  async changeMeta(name, change) {
    await this.setMetas({ [name]: change(this.#facts.get(name) ?? null) });
  }

  async setMetas(facts) {
    for (const [name, value] of Object.entries(facts)) {
      if (value === null) this.#facts.delete(name);
      else this.#facts.set(name, value);
    }
  }

  #take(record, item, receipt) {
    if (isDelivering(record, item, receipt)) this.#keepReceipt(receipt);
    const after = answered(record, item, receipt);
    this.#records.set(record.id, after);
    return after.state;
  }

  #keepReceipt(receipt) {
    const isNewest = !this.#receipt || isAtLeastAsNew(receipt.order, this.#receipt.order);
    if (isNewest) this.#receipt = { order: receipt.order, compact: receipt.compact };
  }
}
