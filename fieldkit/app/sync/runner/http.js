/**
 * One request to the server, tried again where that can help (fieldkit/link/http.py).
 *
 * Whatever may pass by itself (no link, a busy server) is tried again with growing,
 * jittered pauses that honour Retry-After; everything else is thrown at once.
 */

import { delayS } from "../backoff.js";
import { LinkProblem, linkDown, noLink, protocolBroken, serverBusy, signInExpired, syncCancelled } from "./link_problems.js";
import { problemWords, refused, retryAfterS } from "./replies.js";

export const ATTEMPTS = 5;
const PATIENCE_S = 60;
/** How long the server may be silent. */
const SILENCE_MS = 60_000;
/** No link is so slow that it carries less: what goes out is given this much time more. */
const SLOWEST_BYTES_PER_S = 1024;
const BUSY = [429, 502, 503, 504];

/**
 * What asking takes from the world around it.
 *
 * @typedef {object} HttpSurroundings
 * @property {typeof fetch} fetch
 * @property {() => number} [randomUnit] draws from [0, 1) for the jitter of the pauses
 * @property {(ms: number, signal: AbortSignal | null) => Promise<void>} [pause]
 * @property {(seconds: number, cause: LinkProblem) => void} [onPause] told before it begins
 * @property {() => boolean} [hasLink] no: the machine itself says that it has none, and no try helps
 * @property {AbortSignal | null} [signal] stops whatever is under way, at once
 */

/** Asks one server; every call may reject with a LinkProblem. */
export class HttpLink {
  /** @param {string} serverUrl @param {HttpSurroundings} around */
  constructor(serverUrl, { fetch, randomUnit = Math.random, pause = waitFor, onPause = () => {}, hasLink = () => true, signal = null }) {
    this.base = serverUrl.replace(/\/+$/, "");
    Object.assign(this, { fetch, randomUnit, pause, onPause, hasLink, signal });
  }

  /**
   * Return a successful answer, whole.
   *
   * @param {string} method
   * @param {string} path
   * @param {{token?: string | null, document?: object, part?: Uint8Array}} [content]
   * @returns {Promise<{status: number, contentType: string, bytes: Uint8Array, text: string}>}
   */
  async call(method, path, content = {}) {
    const request = { method, ...(await encoded(content)) };
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#once(path, request);
      } catch (cause) {
        const seconds = this.#pauseS(cause, failures);
        if (seconds === null) throw cause;
        this.onPause(seconds, cause);
        await this.pause(seconds * 1000, this.signal);
      }
    }
  }

  /** How long to wait before the next try; null is never again. */
  #pauseS(cause, failures) {
    const mayPass = cause instanceof LinkProblem && ["link-down", "server-busy"].includes(cause.code);
    if (!mayPass || failures >= ATTEMPTS || !this.hasLink()) return null;
    const asked = cause.details.retry_after_s ?? null;
    return asked !== null && asked > PATIENCE_S ? null : delayS(failures - 1, this.randomUnit(), asked);
  }

  async #once(path, request) {
    const answer = await this.#exchange(path, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    if (answer.status === 401) throw signInExpired(problemWords(answer).words);
    if (BUSY.includes(answer.status) || answer.status >= 500) {
      throw serverBusy(answer.status, retryAfterS(answer.retryAfter));
    }
    throw refused(answer);
  }

  async #exchange(path, request) {
    if (this.signal?.aborted) throw syncCancelled();
    const watch = new Watch(this.signal);
    try {
      const { fetch } = this;
      watch.expect(answerWithinMs(request.body?.length ?? 0));
      return await whole(await fetch(this.base + path, { ...request, ...ALONE, signal: watch.signal }), watch);
    } catch (error) {
      if (this.signal?.aborted) throw syncCancelled();
      if (error instanceof LinkProblem) throw error;
      if (!this.hasLink()) throw noLink();
      throw linkDown(watch.signal.aborted ? "timeout" : error.name);
    } finally {
      watch.end();
    }
  }
}

/** Ends a request that has been silent for too long, or that somebody stops. */
class Watch {
  #stop = new AbortController();
  #onAbort = () => this.#stop.abort();
  #timer = null;
  #outer;

  constructor(outer) {
    this.#outer = outer;
    outer?.addEventListener("abort", this.#onAbort);
  }

  get signal() {
    return this.#stop.signal;
  }

  /** Expect a sign of life within `ms` from now. */
  expect(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onAbort, ms);
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#onAbort);
  }
}

/** Return how long an answer may take to a request of this size: a script is not told how far it is. */
export function answerWithinMs(requestBytes) {
  return SILENCE_MS + (requestBytes / SLOWEST_BYTES_PER_S) * 1000;
}

/** Nothing but what is said here goes along, and nothing is answered from elsewhere. */
const ALONE = { redirect: "manual", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };

/** Return an answer with its whole body; what breaks in between is a broken link. */
async function whole(response, watch) {
  if (response.type === "opaqueredirect") throw protocolBroken("redirect");
  const pieces = [];
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader.read()) {
    watch.expect(SILENCE_MS);
    pieces.push(read.value);
  }
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return {
    status: response.status,
    contentType: response.headers.get("Content-Type") ?? "",
    retryAfter: response.headers.get("Retry-After"),
    bytes,
    text: new TextDecoder().decode(bytes),
  };
}

async function encoded({ token = null, document = null, part = null }) {
  const headers = { Accept: "application/json" };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  if (part !== null) return { headers: { ...headers, "Content-Type": "application/octet-stream" }, body: part };
  if (document === null) return { headers };
  const plain = new TextEncoder().encode(JSON.stringify(document));
  headers["Content-Type"] = "application/json";
  if (typeof CompressionStream === "undefined") return { headers, body: plain };
  return { headers: { ...headers, "Content-Encoding": "gzip" }, body: await gzipped(plain) };
}

async function gzipped(plain) {
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Resolve after `ms`, or at once when the sync is stopped. */
function waitFor(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
