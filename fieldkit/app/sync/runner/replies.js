/** Reading the server's answers strictly: what does not fit is not of this protocol. */

import { isObject } from "../canonical_json.js";
import { linkDown, protocolBroken, requestRefused } from "./link_problems.js";

/** The server's word for an upload that something on the way cut off. */
const CUT_SHORT = "body-truncated";

const KINDS = {
  text: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  flag: (value) => typeof value === "boolean",
  mapping: isObject,
};

/** A JSON object from the server; each member is read with its type, or "protocol-broken". */
export class Reply {
  #document;

  constructor(document) {
    this.#document = document;
  }

  /** Read an answer; throws "protocol-broken" if it is no JSON object. */
  static of({ contentType, text }) {
    const kind = contentType.split(";")[0].trim();
    if (kind !== "application/json") throw protocolBroken(kind || "no content type");
    const document = jsonOf(text);
    if (!isObject(document)) throw protocolBroken("not a JSON object");
    return new Reply(document);
  }

  text(name) {
    return this.#read(name, "text");
  }

  textOrNull(name) {
    return this.#document[name] == null ? null : this.text(name);
  }

  integer(name) {
    return this.#read(name, "integer");
  }

  flag(name) {
    return this.#read(name, "flag");
  }

  mapping(name) {
    return this.#read(name, "mapping");
  }

  /** @param {"text" | "integer" | "mapping"} kind of every item */
  list(name, kind) {
    const values = this.#document[name];
    if (!Array.isArray(values) || !values.every(KINDS[kind])) throw protocolBroken(`${name}: not all ${kind}`);
    return values;
  }

  #read(name, kind) {
    const value = this.#document[name];
    if (!KINDS[kind](value)) throw protocolBroken(`${name}: not ${kind}`);
    return value;
  }
}

/** Turn a 3xx or 4xx answer into its problem: the server's words, or "not ours". */
export function refused({ status, contentType, text }) {
  if (!contentType.startsWith("application/problem+json")) return protocolBroken(`HTTP ${status}`);
  const { code, words } = problemWords({ status, text });
  return code === CUT_SHORT ? linkDown(code) : requestRefused(status, code, words);
}

/** Return the stable code and the words of a problem (RFC 9457), as far as they are given. */
export function problemWords({ status, text }) {
  const read = jsonOf(text);
  const document = isObject(read) ? read : {};
  const chinese = isObject(document.zh) ? document.zh : {};
  const en = firstText(document.detail, document.title) ?? `HTTP ${status}`;
  const zh = firstText(chinese.detail, chinese.title) ?? en;
  return { code: firstText(document.code) ?? `http-${status}`, words: { zh, en } };
}

/**
 * Return the seconds of Retry-After; null where absent or a date: a date would need a
 * right clock on the device, which nobody promises.
 */
export function retryAfterS(header) {
  const text = (header ?? "").trim();
  return /^\d+$/.test(text) ? Number(text) : null;
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return undefined;
  }
}

function firstText(...values) {
  return values.find((value) => typeof value === "string" && value !== "") ?? null;
}
