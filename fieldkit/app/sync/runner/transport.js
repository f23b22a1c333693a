/**
 * What a device may ask of a server (fieldkit/link/http.py). Every call may reject with a
 * LinkProblem, and every one is safe to repeat.
 */

import { HttpLink } from "./http.js";
import { Reply } from "./replies.js";

const STATUS_PAGE = 500;

/**
 * How far a photograph has come; `missing` are part numbers.
 *
 * @typedef {{part_bytes: number, missing: number[], is_complete: boolean, receipt: string | null}} BlobState
 */

export class HttpTransport {
  #link;

  /** @param {string} serverUrl @param {import("./http.js").HttpSurroundings} around */
  constructor(serverUrl, around) {
    this.#link = new HttpLink(serverUrl, around);
  }

  /** Ask who is there: {jwk, thumbprint, epoch, server_time, name}. */
  async server() {
    const reply = await this.#ask("GET", "/api/v1/server");
    return {
      jwk: reply.mapping("jwk"),
      thumbprint: reply.text("thumbprint"),
      epoch: reply.integer("epoch"),
      server_time: reply.text("server_time"),
      name: reply.text("name"),
    };
  }

  /** Offer a public key under a one-time code; a repeat gives the same answer. */
  async enrol(code, jwk, proof) {
    const reply = await this.#ask("POST", "/api/v1/devices", { document: { code, jwk, proof } });
    return {
      certificate: reply.text("certificate"),
      token: reply.text("token"),
      token_expires_at: reply.text("token_expires_at"),
      epoch: reply.integer("epoch"),
    };
  }

  /** Ask for something to sign. */
  async challenge(deviceId) {
    const document = { device_id: deviceId };
    return (await this.#ask("POST", "/api/v1/devices/challenge", { document })).text("challenge");
  }

  /** Exchange a signed challenge for a token. */
  async token(certificate, proof) {
    const document = { certificate, proof };
    return (await this.#ask("POST", "/api/v1/devices/token", { document })).text("token");
  }

  /** Offer sealed records, gzipped where the browser can: {epoch, server_time, receipts, items}. */
  async push(token, records, lastReceipt, certificate) {
    const document = { records, last_receipt: lastReceipt, certificate };
    const reply = await this.#ask("POST", "/api/v1/records", { token, document });
    return {
      epoch: reply.integer("epoch"),
      server_time: reply.text("server_time"),
      receipts: reply.list("receipts", "text"),
      items: reply.list("items", "mapping"),
    };
  }

  /** Read what became of records after a position: {events, next, more}. */
  async status(token, after) {
    const path = `/api/v1/records/status?after=${after}&limit=${STATUS_PAGE}`;
    const reply = await this.#ask("GET", path, { token });
    return { events: reply.list("events", "mapping"), next: reply.integer("next"), more: reply.flag("more") };
  }

  /** Ask which parts of a photograph are missing. @returns {Promise<BlobState>} */
  async blob(token, sha256) {
    return blobState(await this.#ask("GET", `/api/v1/blobs/${sha256}`, { token }));
  }

  /** Send one part of a photograph. @returns {Promise<BlobState>} */
  async putPart(token, sha256, number, part) {
    return blobState(await this.#ask("PUT", `/api/v1/blobs/${sha256}/parts/${number}`, { token, part }));
  }

  /** Fetch the signed list of reference documents. @returns {Promise<string>} */
  async manifest(token) {
    return (await this.#ask("GET", "/api/v1/reference", { token })).text("manifest");
  }

  /** Fetch one reference document, unchecked. @returns {Promise<Uint8Array>} */
  async document(token, sha256) {
    return (await this.#link.call("GET", `/api/v1/reference/${sha256}`, { token })).bytes;
  }

  async #ask(method, path, content) {
    return Reply.of(await this.#link.call(method, path, content));
  }
}

function blobState(reply) {
  return {
    part_bytes: reply.integer("part_bytes"),
    missing: reply.list("missing", "integer"),
    is_complete: reply.text("state") === "complete",
    receipt: reply.textOrNull("receipt"),
  };
}
