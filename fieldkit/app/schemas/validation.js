/**
 * Acceptance of records on a tablet: `accepts` says whether, `explain` why not
 * (schemas/record.py). Whether a document fits its JSON Schema is @cfworker/json-schema's
 * word, which compiles nothing; the words and the rules between fields are ours.
 */

import { isObject, isStorable } from "../sync/canonical_json.js";
import { Validator } from "../vendor/json-schema/index.js";
import { bodyFaults } from "./cross_rules.js";
import { recordFaults } from "./envelope_rules.js";
import { fieldFaults } from "./field_faults.js";
import { message } from "./messages.js";

const KINDS = ["observation", "amendment", "withdrawal"];
const INPUT = "observation-input";
/** The names of the documents that `Validation` reads. */
export const DOCUMENT_NAMES = Object.freeze([...KINDS.map((kind) => `${kind}-record`), INPUT]);
const SEALED_FILE = ["id", "sha256", "bytes", "media_type", "file_name", "captured_at"];

/**
 * One reason why a payload or a body is not accepted. `field` is the path inside the body,
 * "goods[0].quantity.value"; a field of the envelope has its own name, "seq".
 *
 * @typedef {{field: string, code: string, zh: string, en: string}} Fault
 */

/** Judges by the schemas that it was given. */
export class Validation {
  #documents;
  #validators = new Map();

  /** @param {Record<string, object>} documents schemas/json, by name */
  constructor(documents) {
    this.#documents = documents;
  }

  /** Tell whether a record's payload is accepted: the same as `explain(payload)` being empty. */
  accepts(payload) {
    const name = isObject(payload) && KINDS.includes(payload.kind) ? `${payload.kind}-record` : null;
    if (name === null || !this.#fits(name, payload)) return false;
    return recordFaults(payload).next().done;
  }

  /** Return every reason why a record's payload is not accepted. @returns {Fault[]} */
  explain(payload) {
    if (!isObject(payload)) return [told({ field: "", code: "body-not-an-object" })];
    if (!KINDS.includes(payload.kind)) return [told({ field: "kind", code: "kind-unknown" })];
    return this.#explain(`${payload.kind}-record`, payload, recordFaults);
  }

  /** Return every reason why a device cannot seal this input. @returns {Fault[]} */
  explainInput(body) {
    if (!isObject(body)) return [told({ field: "", code: "body-not-an-object" })];
    return this.#explain(INPUT, body, inputFaults);
  }

  #explain(name, document, rules) {
    const found = [...fieldFaults(document, this.#documents[name])].map(told);
    if (found.length > 0) return found.sort(byField);
    if (!this.#fits(name, document)) return [told({ field: "", code: "not-accepted" })];
    return [...rules(document)].map(told);
  }

  #fits(name, document) {
    if (!isStorable(document)) return false;
    if (!this.#validators.has(name)) {
      this.#validators.set(name, new Validator(withoutFormats(this.#documents[name]), "2020-12", true));
    }
    return this.#validators.get(name).validate(document).valid;
  }
}

/**
 * Return a Validation with the schemas of the app's home.
 *
 * @param {(path: string) => Promise<object>} readJson reads one document, "observation-input.schema.json"
 */
export async function loadValidation(readJson) {
  const documents = await Promise.all(DOCUMENT_NAMES.map((name) => readJson(`${name}.schema.json`)));
  return new Validation(Object.fromEntries(DOCUMENT_NAMES.map((name, place) => [name, documents[place]])));
}

function* inputFaults(body) {
  for (const [index, item] of (body.evidence ?? []).entries()) {
    const isSealed = SEALED_FILE.every((name) => name in item);
    if (!("path" in item) && !isSealed) yield { field: `evidence[${index}]`, code: "evidence-without-file" };
  }
  yield* bodyFaults(body);
}

/** The patterns say all of a time's form; "format" is read in as many ways as there are readers. */
function withoutFormats(schema) {
  if (Array.isArray(schema)) return schema.map(withoutFormats);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([name, value]) => name !== "format" || typeof value !== "string");
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutFormats(value)]));
}

function told({ field, code, limits }) {
  const place = field === "body" ? field : field.replace(/^body\./, "");
  return { field: place, code, ...message(code, limits) };
}

function byField(one, other) {
  if (one.field === other.field) return 0;
  return one.field < other.field ? -1 : 1;
}
