/**
 * Rules between the fields of the envelope, and between it and the body
 * (schemas/envelope_rules.py). JavaScript cannot tell 1.0 from 1, so "not-an-integer" is
 * the server's alone; what this device writes has no point.
 */

import { bodyFaults } from "./cross_rules.js";

/**
 * Yield what is wrong between the fields of a payload.
 *
 * @param {object} payload
 * @returns {Generator<{field: string, code: string}>}
 */
export function* recordFaults(payload) {
  const { kind, clock, body, blobs } = payload;
  yield* chainFaults(payload);
  if ((clock.offset_ms === null) !== (clock.offset_source === null)) {
    yield { field: "clock.offset_source", code: "offset-source-missing" };
  }
  if (kind !== "withdrawal") yield* bodyFaults(body);
  yield* blobFaults(blobs, body.evidence ?? []);
}

function* chainFaults({ id, seq, prev, kind, amends }) {
  if ((seq === 1) !== (prev === null)) yield { field: "prev", code: "prev-misfit" };
  if (kind === "observation" && amends !== null) yield { field: "amends", code: "amends-misfit" };
  if (amends === id) yield { field: "amends", code: "amends-itself" };
}

function* blobFaults(blobs, evidence) {
  const announced = new Set(blobs.map(told));
  const named = new Set(evidence.map((item) => item.sha256));
  for (const [index, item] of evidence.entries()) {
    if (!announced.has(told(item))) yield { field: `evidence[${index}].sha256`, code: "blob-missing" };
  }
  const seen = new Set();
  for (const [index, { sha256 }] of blobs.entries()) {
    const field = `blobs[${index}].sha256`;
    if (!named.has(sha256)) yield { field, code: "blob-not-named" };
    else if (seen.has(sha256)) yield { field, code: "id-repeated" };
    seen.add(sha256);
  }
}

function told({ sha256, bytes, media_type }) {
  return `${sha256} ${bytes} ${media_type}`;
}
