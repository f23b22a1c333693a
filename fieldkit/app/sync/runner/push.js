/**
 * Offering sealed records, and believing nothing but receipts (fieldkit/runner/push.py).
 *
 * The queue always empties on a good link: what is not taken is passed over for the rest
 * of this sync, with its reason.
 */

import { MAX_RECORDS, cut } from "../batch.js";
import { keepsBytes, readItem } from "../outcome.js";
import { openReceipt } from "../receipt.js";
import { protocolBroken, receiptNotBelieved } from "./link_problems.js";

const TOO_LARGE = 413;
const NO_RECEIPT = {
  zh: "服务器说已收到，但没有可信的回执，记录仍留在本机",
  en: "the server says it has it, but gave no receipt: it stays here",
};

/** Offers each waiting record of one identity once in a sync, whatever becomes of the others. */
export class Offering {
  #passed = new Set();
  #others = new Set();
  #seq = 0;

  /** @param {import("./exchange.js").Exchange} exchange */
  constructor(exchange) {
    this.exchange = exchange;
  }

  /**
   * Offer all that waits.
   *
   * Even with nothing to offer the server is asked once, with the newest receipt: that is
   * how a restored server finds out. Rejects with a LinkProblem when the exchange itself
   * failed; what was answered before is kept.
   */
  async all() {
    await this.#isHeadMoved();
    const total = (await this.exchange.store.records("sealed")).filter((record) => this.exchange.owns(record)).length;
    this.exchange.progress("records", 0, total);
    await this.#batches((await this.#next()) ?? [], total);
  }

  /** Offer what was sealed since. */
  async sealedSince() {
    if (!(await this.#isHeadMoved())) return;
    const batch = await this.#next();
    if (batch) await this.#batches(batch, this.#passed.size + batch.length);
  }

  async #isHeadMoved() {
    const { seq } = await this.exchange.store.head(this.exchange.device_id);
    const isMoved = seq !== this.#seq;
    this.#seq = seq;
    return isMoved;
  }

  async #batches(first, total) {
    for (let batch = first; batch; batch = await this.#next()) {
      await offer(this.exchange, batch, this.#passed);
      this.exchange.progress("records", this.#passed.size, Math.max(total, this.#passed.size));
    }
  }

  /** Return the next records, undefined if there are none; other identities' are remembered. */
  async #next() {
    const [passed, others] = [this.#passed, this.#others];
    for (;;) {
      const waiting = await this.exchange.store.pending(MAX_RECORDS + passed.size + others.size);
      const fresh = waiting.filter(({ hash }) => !passed.has(hash) && !others.has(hash));
      const foreign = fresh.filter((record) => !this.exchange.owns(record));
      if (foreign.length === 0) return cut(fresh).next().value;
      for (const { hash } of foreign) others.add(hash);
    }
  }
}

async function offer(exchange, batch, passed) {
  const { store, transport, signIn } = exchange;
  const compacts = batch.map((record) => record.compact);
  const lastReceipt = await store.lastReceipt();
  let reply;
  try {
    reply = await exchange.call((token) => transport.push(token, compacts, lastReceipt, signIn.identity.certificate));
  } catch (refusal) {
    if (refusal.code !== "request-refused" || refusal.details.status !== TOO_LARGE || batch.length === 0) throw refusal;
    await offerLess(exchange, batch, passed, refusal);
    return;
  }
  await exchange.noteContact(reply.server_time);
  for (const record of batch) passed.add(record.hash);
  await take(exchange, reply);
}

/** Halve a batch that is too large until the one that is too large stands alone. */
async function offerLess(exchange, batch, passed, refusal) {
  if (batch.length > 1) {
    const middle = Math.floor(batch.length / 2);
    await offer(exchange, batch.slice(0, middle), passed);
    await offer(exchange, batch.slice(middle), passed);
    return;
  }
  const [{ id, hash }] = batch;
  const reason = { zh: refusal.zh, en: refusal.en };
  const item = readItem({ id, hash, outcome: "refused", code: refusal.details.problem_code, reason });
  await exchange.store.recordOutcome(item, null);
  exchange.report.noteItem(item);
  passed.add(hash);
}

/** Keep a reply: each item on its own, all in one durable transaction. */
async function take(exchange, reply) {
  const { store, report } = exchange;
  const items = reply.items.map(readItem);
  if (items.includes(null)) throw protocolBroken("items");
  // First, or what this very reply delivers would be offered once more.
  report.epoch = reply.epoch;
  report.offered_again += await store.reopen(reply.epoch);
  const { receipts, doubt } = await believed(exchange, reply.receipts);
  const answers = [];
  for (const item of items) {
    const receipt = covering(item, receipts);
    if (receipt === null && (doubt !== null || keepsBytes(item.outcome))) {
      report.noteTrouble("records", item.id ?? "", "no-receipt", NO_RECEIPT, item.id);
    } else {
      answers.push([item, receipt]);
      report.noteItem(item);
    }
  }
  await store.recordOutcomes(answers);
  if (doubt !== null) throw doubt;
}

async function believed(exchange, compacts) {
  const receipts = new Map();
  let doubt = null;
  for (const compact of compacts) {
    try {
      const receipt = await openReceipt(compact, exchange.serverKey, exchange.device_id);
      receipts.set(receipt.receipt_id, receipt);
    } catch (error) {
      doubt = receiptNotBelieved(error.code);
    }
  }
  return { receipts, doubt };
}

function covering({ id, hash, receipt_id }, receipts) {
  const receipt = receipts.get(receipt_id) ?? null;
  return receipt !== null && receipt.covers(id, hash) ? receipt : null;
}
