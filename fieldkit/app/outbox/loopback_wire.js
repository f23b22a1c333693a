/** Asking this machine's own `fieldkit app`: JSON there and back, refusals as Problems. */

import { Problem } from "../problem.js";

const PREFIX = "/local/v1";
/** What no other page can send along; the server answers to nothing without it. */
const OURS = { "X-Fieldkit": "1" };
/** Browsers let a page that is closing send no more than 64 KiB (Fetch, 4.6). */
const KEPT_ALIVE_BYTES = 60_000;

const APP_ENDED = {
  zh: "本机的 fieldkit app 没有应答：它可能已结束。请在终端重新运行 fieldkit app；已保存的内容都在本机。",
  en: "This machine's fieldkit app does not answer; it may have ended. Run fieldkit app in a terminal again; what was saved is on this machine.",
};

/** The way to the local server; `fetch` and `base` are handed in by tests. */
export class LoopbackWire {
  #fetch;
  #base;

  constructor({ fetch, base }) {
    this.#fetch = fetch;
    this.#base = base;
  }

  /** Return the JSON that answers a GET; rejects the Problem that the server names. */
  async get(path, params = {}, signal = undefined) {
    const reply = await this.ask("GET", withParams(path, params), { signal });
    return reply.json();
  }

  /** Send JSON and return the JSON that answers. */
  async send(method, path, given = {}) {
    const body = JSON.stringify(given);
    const headers = { "Content-Type": "application/json" };
    const keepalive = new Blob([body]).size < KEPT_ALIVE_BYTES;
    const reply = await this.ask(method, path, { body, headers, keepalive });
    return reply.json();
  }

  /** Send a file's bytes as they are and return the JSON that answers. */
  async sendFile(method, path, params, blob) {
    const headers = { "Content-Type": "application/octet-stream" };
    const reply = await this.ask(method, withParams(path, params), { body: blob, headers });
    return reply.json();
  }

  /** Return the bytes at a path as a Blob, null where there is none. */
  async blob(path) {
    try {
      const reply = await this.ask("GET", path);
      return reply.status === 204 ? null : await reply.blob();
    } catch (error) {
      if (error instanceof Problem && error.details.status === 404) return null;
      throw error;
    }
  }

  /** Return the answer if it is a good one. */
  async ask(method, path, { headers = {}, ...more } = {}) {
    let reply;
    try {
      const given = { method, credentials: "same-origin", headers: { ...OURS, ...headers }, ...more };
      reply = await this.#fetch(`${this.#base}${PREFIX}${path}`, given);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem("app-ended", APP_ENDED, { cause: error });
    }
    if (!reply.ok) throw await refusal(reply);
    return reply;
  }
}

/** Return a path with its parameters, those without a value left out. */
function withParams(path, params) {
  const said = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return query === "" ? path : `${path}?${query}`;
}

async function refusal(reply) {
  const told = await reply.json().catch(() => null);
  return told === null ? new Problem("app-ended", APP_ENDED, { details: { status: reply.status } }) : problemOf(told);
}

/** Return the Problem that a problem document describes. */
export function problemOf({ code, zh, en, field, status }) {
  return new Problem(code, { zh, en }, { field: field ?? "", details: { status } });
}
