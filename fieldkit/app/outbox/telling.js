/** Records, drafts and the device's standing as `fieldkit … --json` tells them. */

import { instant } from "../sync/clock.js";
import { lastContactAt } from "../sync/device_clock.js";
import { currentIdentity, signingKey } from "../sync/identity.js";
import { thumbprint } from "../sync/keys.js";
import { openRecord } from "../sync/record.js";
import { sayEither } from "../words.js";
import { soughtText, summaryOf } from "./summary.js";
import { keptTroubles } from "./troubles.js";

const DAY_MS = 24 * 3600 * 1000;
const NO_PHOTOS = Object.freeze({ named: 0, delivered: 0, missing: 0 });
const NOTHING_YET = ["id", "seq", "outcome", "status", "code", "field", "reason", "reasons"];

/** Return a record as `fieldkit list --json` tells it. */
export function entry(row, photos) {
  const { id, seq, kind, state, outcome, status, code, field, reason, record_no, amends } = row;
  const { root_id, sealed_at, received_at, server_position, receipt_id, hash, device_id } = row;
  return {
    ...{ id, seq, kind, state, outcome, status, code, field },
    reason: reason && sayEither(reason),
    reasons: reason,
    ...{ record_no, amends, observation_id: root_id, sealed_at, received_at },
    ...{ position: server_position, receipt_id, hash, device_id, photos },
  };
}

/** Return a row of the queue: the same, and what a person knows it by. */
export function recordRow(row) {
  return { ...entry(row, row.counts), ...(row.summary ?? summaryOf(null)), is_exported: isExported(row) };
}

/** Tell whether a record waits here while a file that was handed over holds it too. */
function isExported({ state, exported_at }) {
  return state !== "delivered" && exported_at !== null;
}

/** Return a draft in the same shape; it has no id and no sequence yet. */
export function draftRow({ number, started_at, saved_at, answers }) {
  const nothing = Object.fromEntries(NOTHING_YET.map((name) => [name, null]));
  const told = { kind: "observation", state: "draft", draft: number, started_at, saved_at, photos: NO_PHOTOS };
  return { ...nothing, ...told, ...summaryOf(answers) };
}

/** Return one page of the queue: drafts before all, then records, newest first. */
export async function listed(store, { state = null, query = "", offset = 0, limit = 50 }) {
  const sought = query.trim().toLowerCase();
  const wantsDrafts = state === null || state === "draft";
  const drafts = wantsDrafts ? (await store.drafts()).reverse().map(draftRow) : [];
  const found = drafts.filter((row) => soughtText(row).includes(sought));
  const shown = found.slice(offset, offset + limit);
  if (state === "draft") return { records: shown, total: found.length };
  const rest = { offset: Math.max(offset - found.length, 0), limit: limit - shown.length };
  const { rows, total } = await store.page({ state, query: sought, ...rest });
  return { records: [...shown, ...rows.map(recordRow)], total: found.length + total };
}

/** Return all that the device knows of a record, as `fieldkit show --json` does. */
export async function described(store, record) {
  const { payload } = await openRecord(record.compact);
  const body = payload?.body ?? {};
  const evidence = body.evidence ?? [];
  const lacking = new Set(await store.lackingPhotos(evidence.map(({ sha256 }) => sha256)));
  const versions = [];
  for (const version of await store.versions(record.root_id)) {
    versions.push(entry(version, await store.photoCounts(version.id)));
  }
  return {
    ...entry(record, await store.photoCounts(record.id)),
    is_exported: isExported(record),
    ...{ body, clock: payload?.clock ?? null, prev: payload?.prev ?? null },
    evidence_files: evidence.map(({ id, file_name, sha256 }) => ({ id, file_name, sha256, is_on_disk: !lacking.has(sha256) })),
    versions,
    jws: record.compact,
  };
}

/** Return who the device is, as it may be shown: thumbprints, no token and no key. */
export async function identityEntry(store) {
  const identity = await currentIdentity(store);
  if (identity === null) return null;
  const { device_id, unit_code, unit_name, officers, server_url, enrolled_at } = identity;
  const key = await signingKey(store, device_id);
  return {
    ...{ device_id, unit_code, unit_name, officers, server_url, enrolled_at },
    server_thumbprint: await thumbprint(identity.server_jwk),
    thumbprint: key && key.thumbprint,
  };
}

/** Return how the device stands, as `fieldkit status --json` does; nothing is asked of the server. */
export async function standing(store, now) {
  const identity = (await currentIdentity(store)) ?? {};
  const { device_id = null, unit_code = null, unit_name = null, server_url = null } = identity;
  const figures = await store.figures();
  return {
    ...{ device_id, unit_code, unit_name, server_url },
    ...figures,
    last_contact_at: await lastContactAt(store),
    epoch: await store.epoch(),
    reference: await referenceAge(store, now),
    sync_troubles: await keptTroubles(store),
    unsent: figures.counts.sealed + figures.counts.refused,
  };
}

async function referenceAge(store, now) {
  const held = await store.manifest();
  if (held === null) return null;
  const { serial, issued_at, received_at } = held;
  const age_days = Math.max(0, Math.floor((now - instant(received_at)) / DAY_MS));
  return { serial, issued_at, received_at, age_days };
}
