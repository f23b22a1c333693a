/**
 * Why a document does not fit its JSON Schema: each value's first fault, in the words and
 * by the paths of schemas/record.py.
 *
 * Reads the few keywords that schemas/json_schema.py writes. Whether a document fits at all
 * is a published validator's word (validation.js); a test holds the two equal.
 */

import { isObject } from "../sync/canonical_json.js";

/** @typedef {{field: string, code: string, limits?: Record<string, string | number>}} Found */

const LONE_SURROGATE = /\p{Surrogate}/u;

const KINDS = {
  object: [isObject, "not-an-object"],
  array: [Array.isArray, "not-a-list"],
  string: [(value) => typeof value === "string", "not-a-text"],
  boolean: [(value) => typeof value === "boolean", "not-a-flag"],
  number: [Number.isFinite, "not-a-number"],
  integer: [Number.isInteger, "not-a-whole-number"],
};

/** Fields whose limits have words of their own. */
const OWN_WORDS = {
  datum: "datum-unknown",
  code: "code-unknown",
  unit_code: "unit-unknown",
  lat_deg: "latitude-out-of-range",
  radius95_m: "radius-not-positive",
  share: "share-out-of-range",
};

/** What a pattern that does not fit is called; any other one is "text-unfit". */
const PATTERNS = new Map([
  ["^[A-Za-z0-9][A-Za-z0-9_-]{0,35}$", "id-malformed"],
  ["^[0-9A-Za-z-]{1,64}$", "id-malformed"],
  ["^[A-Za-z0-9_-]{1,64}$", "id-malformed"],
  ["^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", "record-id-malformed"],
  ["^[0-9a-f]{64}$", "sha256-malformed"],
  ["^[a-z0-9][a-z0-9-]{0,63}$", "slug-malformed"],
  ["^[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$", "admin-code-malformed"],
  ["^[0-9A-HJ-NP-RTUW-Y]{18}$", "uscc-malformed"],
  ["^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?$", "decimal-malformed"],
  ["^[a-z]+/[a-z0-9][a-z0-9.+-]{0,79}$", "media-type-malformed"],
  ["^https?://[!-~]{1,1990}$", "url-malformed"],
  ["^[^\\x00-\\x1f\\x7f/\\\\]+$", "file-name-malformed"],
  ["^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$", "id-document-not-encrypted"],
]);
const FORMATS = { "date-time": "time-not-aware", date: "day-malformed" };

/**
 * Yield what is wrong with the fields of a document, each value's first fault.
 *
 * @param {unknown} document
 * @param {object} schema
 * @returns {Generator<Found>}
 */
export function* fieldFaults(document, schema) {
  yield* valueFaults({ value: document, schema, root: schema, field: "" });
}

function* valueFaults(place) {
  const { value, root, field } = place;
  const [schema, isNullable] = resolved(place.schema, root);
  const [kind, ...rest] = [].concat(schema.type);
  if (value === null || value === undefined) {
    if (!isNullable && !rest.includes("null")) yield { field, code: "null" };
    return;
  }
  const [fits, otherwise] = KINDS[kind];
  if (!fits(value)) yield { field, code: otherwise };
  else if (kind === "object") yield* objectFaults({ value, schema, root, field });
  else if (kind === "array") yield* listFaults({ value, schema, root, field });
  else if (kind !== "boolean") yield* plainFaults({ value, schema, field });
}

/** Follow a reference, and the one form of `anyOf` that is written: this or null. */
function resolved(schema, root) {
  if (schema.anyOf) return [resolved(schema.anyOf[0], root)[0], true];
  return [schema.$ref ? root.$defs[schema.$ref.replace("#/$defs/", "")] : schema, false];
}

function objectFaults(place) {
  return place.schema.properties ? partFaults(place) : keyedFaults(place);
}

function* partFaults({ value, schema, root, field }) {
  for (const name of schema.required ?? []) {
    if (!has(value, name)) yield { field: joined(field, name), code: "required" };
  }
  for (const [name, inner] of Object.entries(value)) {
    const here = joined(field, name);
    if (!has(schema.properties, name)) yield { field: here, code: "unknown-field" };
    else yield* valueFaults({ value: inner, schema: schema.properties[name], root, field: here });
  }
}

function* keyedFaults({ value, schema, root, field }) {
  const { maxProperties, propertyNames, additionalProperties } = schema;
  const entries = Object.entries(value);
  if (entries.length > maxProperties) {
    yield { field, code: "list-too-long", limits: { max: maxProperties } };
    return;
  }
  for (const [key, inner] of entries) {
    const here = joined(field, key);
    const fault = textFault(key, { ...propertyNames, code: "key-malformed", minLength: 1 });
    if (fault) yield { field: here, ...fault };
    else yield* valueFaults({ value: inner, schema: additionalProperties, root, field: here });
  }
}

function* listFaults({ value, schema, root, field }) {
  const { maxItems, minItems = 0, items, uniqueItems } = schema;
  if (value.length > maxItems) {
    yield { field, code: "list-too-long", limits: { max: maxItems } };
    return;
  }
  if (value.length < minItems) {
    yield { field, code: "list-too-short", limits: { min: minItems } };
    return;
  }
  let isSound = true;
  for (const [index, item] of value.entries()) {
    for (const fault of valueFaults({ value: item, schema: items, root, field: `${field}[${index}]` })) {
      isSound = false;
      yield fault;
    }
  }
  if (isSound && uniqueItems && new Set(value).size < value.length) yield { field, code: "list-repeats-itself" };
}

function* plainFaults({ value, schema, field }) {
  const own = OWN_WORDS[field.split(".").at(-1)];
  const fault = typeof value === "string" ? textFault(value, { own, ...schema }) : numberFault(value, { own, ...schema });
  if (fault) yield { field, ...fault };
}

function textFault(value, { own, enum: words, minLength = 0, maxLength, pattern, format, code = null }) {
  if (words) return words.includes(value) ? null : choiceFault(own, words);
  if (value.length < minLength) return { code: "text-empty" };
  if (Array.from(value).length > maxLength) return { code: "text-too-long", limits: { max: maxLength } };
  const fits = new RegExp(pattern, "u").test(value) && !LONE_SURROGATE.test(value);
  return fits ? null : { code: code ?? FORMATS[format] ?? PATTERNS.get(pattern) ?? "text-unfit" };
}

function choiceFault(own, words) {
  const listed = words.filter((word) => word !== null).join(", ");
  return { code: own ?? "not-a-choice", limits: { words: listed } };
}

function numberFault(value, { own, minimum: min, exclusiveMinimum: above, maximum: max }) {
  const isLow = value < min || value <= above;
  return isLow || value > max ? { code: own ?? "number-out-of-range", limits: { min, max } } : null;
}

function joined(field, name) {
  return field ? `${field}.${name}` : name;
}

function has(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name);
}
