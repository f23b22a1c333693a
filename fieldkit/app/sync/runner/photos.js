/**
 * Sending photographs in parts, so that a link that keeps breaking suffices: parts that
 * arrived stay arrived, and the server names the missing ones (fieldkit/runner/photos.py).
 */

import { openBlobReceipt } from "../receipt.js";
import { sha256Hex } from "../sha256.js";
import { protocolBroken, receiptNotBelieved } from "./link_problems.js";

const AT_ONCE = 100;
/** A server that finds the hash wrong drops the parts and asks for them once more. */
const ROUNDS = 2;
const MAX_PART_BYTES = 1024 * 1024;

const GONE = {
  zh: "照片文件已不在本机，或内容已改变，无法上传",
  en: "the photograph is no longer on this device, or no longer the same",
};
const NOT_COMPLETE = {
  zh: "服务器核对照片后仍不完整，下次同步再传",
  en: "the server does not find the photograph whole; the next sync sends it again",
};

/**
 * Send every photograph whose record the server holds, as long as `mayGoOn()` says so
 * (asked anew before each part: a tablet may leave its Wi-Fi, a record may be sealed).
 *
 * A photograph that is gone, or that the server does not want, is reported and passed
 * over. Rejects with a LinkProblem when the exchange itself failed.
 *
 * @param {import("./exchange.js").Exchange} exchange
 * @param {() => Promise<boolean>} mayGoOn
 */
export async function sendPhotos(exchange, mayGoOn) {
  const passed = new Set();
  const course = new Course(exchange);
  for (let blobs = await nextBlobs(exchange, passed); blobs.length > 0; blobs = await nextBlobs(exchange, passed)) {
    for (const [place, blob] of blobs.entries()) {
      if (!(await mayGoOn())) return;
      course.turnTo(blobs.slice(place));
      passed.add(blob.sha256);
      const content = await unaltered(exchange, blob);
      if (content === null) skip(exchange, blob, "photo-missing", GONE);
      else if (!(await send(exchange, blob, content, mayGoOn, course))) return;
    }
  }
  course.turnTo([]);
}

/** How far the photographs of an identity have come, in pieces and in bytes. */
class Course {
  #arrivedBytes = 0;
  #left = [];

  constructor(exchange) {
    this.exchange = exchange;
  }

  /** These are left, the first of them in hand; what was skipped is not among them. */
  turnTo(left) {
    this.#left = left;
    this.tell(0);
  }

  tell(inHandBytes) {
    const { photos_sent } = this.exchange.report;
    const bytes_total = this.#left.reduce((sum, blob) => sum + blob.bytes, this.#arrivedBytes);
    const bytes = this.#arrivedBytes + inHandBytes;
    this.exchange.progress("photos", photos_sent, photos_sent + this.#left.length, { bytes, bytes_total });
  }

  arrived({ bytes }) {
    this.#arrivedBytes += bytes;
  }
}

/** Return the next photographs; other identities' are added to `passed`. */
async function nextBlobs(exchange, passed) {
  for (;;) {
    const pending = await exchange.store.blobsPending(AT_ONCE + passed.size);
    const fresh = pending.filter((blob) => !passed.has(blob.sha256));
    let others = 0;
    for (const blob of fresh) {
      if (exchange.owns(await exchange.store.get(blob.record_id))) continue;
      passed.add(blob.sha256);
      others += 1;
    }
    if (others === 0) return fresh;
  }
}

async function unaltered(exchange, { sha256, bytes }) {
  const content = await exchange.store.readBlob(sha256);
  if (content === null || content.size !== bytes) return null;
  return (await sha256Hex(content)) === sha256 ? content : null;
}

/** Return whether there may be more to send. */
async function send(exchange, blob, content, mayGoOn, course) {
  let state;
  try {
    state = await upload(exchange, blob, content, mayGoOn, course);
  } catch (refusal) {
    if (refusal.code !== "request-refused") throw refusal;
    skip(exchange, blob, refusal.details.problem_code, refusal);
    return true;
  }
  if (state === null) return false;
  if (!state.is_complete || state.receipt === null) {
    skip(exchange, blob, "photo-incomplete", NOT_COMPLETE);
    return true;
  }
  await exchange.store.recordBlobReceipt(await believed(exchange, blob, state.receipt));
  exchange.report.photos_sent += 1;
  course.arrived(blob);
  return true;
}

/** Return the server's state of the photograph; null where it was broken off between two parts. */
async function upload(exchange, { sha256, bytes }, content, mayGoOn, course) {
  const { transport, report } = exchange;
  let state = await exchange.call((token) => transport.blob(token, sha256));
  if (!(state.part_bytes > 0 && state.part_bytes <= MAX_PART_BYTES)) {
    throw protocolBroken(`part_bytes: ${state.part_bytes}`);
  }
  course.tell(bytes - missingBytes(state, bytes));
  for (let round = 0; round < ROUNDS && !state.is_complete; round += 1) {
    for (const number of state.missing) {
      if (!(await mayGoOn())) return null;
      const start = number * state.part_bytes;
      const part = new Uint8Array(await content.slice(start, start + state.part_bytes).arrayBuffer());
      state = await exchange.call((token) => transport.putPart(token, sha256, number, part));
      report.photo_bytes += part.length;
      course.tell(bytes - missingBytes(state, bytes));
    }
  }
  return state;
}

function missingBytes({ missing, part_bytes }, bytes) {
  const sizes = missing.map((number) => Math.min(part_bytes, bytes - number * part_bytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function believed(exchange, blob, compact) {
  let receipt;
  try {
    receipt = await openBlobReceipt(compact, exchange.serverKey, exchange.device_id);
  } catch (error) {
    throw receiptNotBelieved(error.code);
  }
  if (receipt.sha256 !== blob.sha256 || receipt.bytes !== blob.bytes) {
    throw receiptNotBelieved("another photograph's");
  }
  return receipt;
}

function skip(exchange, blob, code, reason) {
  exchange.report.noteTrouble("photos", blob.sha256, code, reason, blob.record_id);
}
