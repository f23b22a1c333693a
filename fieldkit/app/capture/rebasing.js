/**
 * An amendment begun on one version of a record, put onto a version sealed meanwhile: what
 * the draft changed stays, all else is the newer version's. Pure.
 */
import { answersOfBody, nextId } from "./answers.js";

/** Lists whose items have ids that are drawn once in a record's life: how such an id begins. */
const ITEMS = { lots: "g", violations: "v", evidence: "e" };
/** Where an id stands for an item: of which list. */
const REFERENCES = {
  goods: "lots",
  ...{ evidence: "evidence", signature: "evidence", party_signature: "evidence" },
  ...{ officer_signatures: "evidence", refusal_video: "evidence" },
};
/** Objects whose fields are said one by one; any other value is said as a whole. */
const BY_FIELD = new Set(["site", "party", "on_site_record", "on_site_record.witness", "kept"]);
const WRITTEN = { lots: "goods", position: "site.fix" };
const OF_THE_DRAFT = ["version", "amends", "amendment_kind", "amendment_reason", "rebased"];

/** Tell whether an amendment of this kind may follow: after finalising, an addendum and nothing else. */
export function isPermittedKind(kind, isFinal) {
  return (kind === "addendum") === isFinal;
}

/**
 * Return the answers of an amendment's draft as they stand on the newest version.
 *
 * Where both changed the same, the draft's stays and its path in the body is in
 * `rebased.clashes`. What the draft added keeps its id unless a version gave it meanwhile.
 *
 * @param {object} answers the draft's
 * @param {object} begunOn body of the version that it was begun on
 * @param {{newest: {id: string, record_no: string | null, body: object}, isFinal: boolean,
 *   ids: Set<string>}} target `ids`: all that any version ever gave
 */
export function standingOn(answers, begunOn, { newest, isFinal, ids }) {
  const own = { ...answers, amendment_kind: permitted(answers.amendment_kind, isFinal) };
  if (answers.amends.id === newest.id) return own;
  const amends = { id: newest.id, record_no: newest.record_no, is_final: isFinal };
  const [base, theirs] = [answersOfBody(begunOn, amends), answersOfBody(newest.body, amends)];
  const mine = withFreeIds(own, base, theirs, ids);
  const clashes = new Set(answers.rebased?.clashes);
  const whole = fieldsOf(base, theirs, mine, "", clashes);
  const kept = Object.fromEntries(OF_THE_DRAFT.map((name) => [name, own[name]]));
  return { ...whole, ...kept, amends, rebased: { clashes: [...clashes] } };
}

function permitted(kind, isFinal) {
  if (isPermittedKind(kind, isFinal)) return kind;
  return isFinal ? "addendum" : "correction";
}

/** What the draft added gets ids that are its own; a file that both added is one. */
function withFreeIds(mine, base, theirs, ids) {
  const names = {};
  const lists = {};
  for (const [part, prefix] of Object.entries(ITEMS)) {
    const isTaken = (id) => ids.has(id) || Boolean(byId(mine[part], id));
    names[part] = new Map();
    lists[part] = mine[part].filter(({ id }) => byId(base[part], id));
    for (const item of mine[part].filter(({ id }) => !byId(base[part], id))) {
      const same = item.sha256 && theirs[part].find(({ sha256 }) => sha256 === item.sha256);
      const id = same ? same.id : ids.has(item.id) ? nextId(lists[part], prefix, isTaken) : item.id;
      names[part].set(item.id, id);
      if (!same) lists[part].push({ ...item, id });
    }
  }
  return renamed({ ...mine, ...lists }, "", names);
}

function renamed(value, key, names) {
  if (typeof value === "string") return names[REFERENCES[key]]?.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => renamed(one, key, names));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, renamed(held, name, names)]));
}

function merged(base, theirs, mine, path, clashes) {
  if (isSame(mine, base) || isSame(mine, theirs)) return theirs;
  if (isSame(theirs, base)) return mine;
  if (path in ITEMS) return itemsOf(base ?? [], theirs ?? [], mine ?? [], path, clashes);
  if (BY_FIELD.has(path)) return fieldsOf(base ?? {}, theirs ?? {}, mine ?? {}, `${path}.`, clashes);
  if (Array.isArray(theirs) && Array.isArray(mine)) return listOf(base ?? [], theirs, mine, path, clashes);
  clashes.add(written(path));
  return mine;
}

function fieldsOf(base, theirs, mine, stem, clashes) {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const whole = [...names].map((name) => [name, merged(base[name], theirs[name], mine[name], stem + name, clashes)]);
  return Object.fromEntries(whole.filter(([, value]) => value !== undefined));
}

/** Items by their ids, the newer version's first; one that either removed and the other changed stays. */
function itemsOf(base, theirs, mine, part, clashes) {
  const items = [];
  for (const item of theirs) {
    const [was, is] = [byId(base, item.id), byId(mine, item.id)];
    if (is) items.push(fieldsOf(was ?? {}, item, is, `${part}[${items.length}].`, clashes));
    else if (!was || !isSame(was, item)) items.push(item);
    if (was && !is && !isSame(was, item)) clashes.add(written(`${part}[${items.length - 1}]`));
  }
  for (const item of mine.filter(({ id }) => !byId(theirs, id))) {
    const was = byId(base, item.id);
    if (was && isSame(was, item)) continue;
    items.push(item);
    if (was) clashes.add(written(`${part}[${items.length - 1}]`));
  }
  return items;
}

/** Without ids a thing is what it says: what each added is there, what either removed is not. */
function listOf(base, theirs, mine, path, clashes) {
  const has = (list, one) => list.some((other) => isSame(other, one));
  if (base.some((one) => !has(theirs, one) && !has(mine, one))) clashes.add(written(path));
  return [...theirs.filter((one) => has(mine, one) || !has(base, one)), ...mine.filter((one) => !has(base, one) && !has(theirs, one))];
}

function written(path) {
  const [first] = path.split(/[.[]/);
  return first in WRITTEN ? WRITTEN[first] + path.slice(first.length) : path;
}

function byId(items, id) {
  return items.find((item) => item.id === id);
}

/** What says nothing is the same as what was not said. */
function isSame(one, other) {
  if (isBlank(one) || isBlank(other)) return isBlank(one) && isBlank(other);
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((item, place) => isSame(item, other[place]));
  if (!isFields(one) || !isFields(other)) return one === other;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => isSame(one[name], other[name]));
}

function isBlank(value) {
  if (isFields(value) || Array.isArray(value)) return Object.values(value).every(isBlank);
  return value === undefined || value === null || value === false || (typeof value === "string" && value.trim() === "");
}

function isFields(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
