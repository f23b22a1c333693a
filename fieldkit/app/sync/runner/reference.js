/**
 * Fetching newer reference documents, as a step of a sync (fieldkit/runner/reference.py).
 *
 * Records go on whatever becomes of it: a document that does not come through waits for
 * the next sync, and so does a manifest that cannot be believed.
 */

import { instantText } from "../clock.js";
import { protocolProblem } from "../problems.js";
import { isDocument, openManifest } from "../reference.js";
import { LinkProblem } from "./link_problems.js";

const PASSED_OVER = ["link-down", "server-busy", "request-refused"];

/**
 * Put the server's newest reference in force, if all of it came and is genuine. Rejects
 * with a LinkProblem when the server could not be asked for its manifest at all.
 *
 * @param {import("./exchange.js").Exchange} exchange
 * @param {Date} now
 */
export async function updateReference(exchange, now) {
  const { store, transport, serverKey } = exchange;
  exchange.progress("reference", 0, null);
  let manifest;
  try {
    const compact = await exchange.call((token) => transport.manifest(token));
    manifest = await openManifest(compact, serverKey, await store.referenceSerial());
  } catch (problem) {
    if (problem instanceof LinkProblem && problem.code !== "request-refused") throw problem;
    note(exchange, problem);
    return;
  }
  if (await fetchAll(exchange, manifest)) await store.adoptManifest(manifest, instantText(now));
}

async function fetchAll(exchange, manifest) {
  const { store, transport } = exchange;
  const lacking = await store.lackingDocuments(manifest.documents);
  for (const [number, ref] of lacking.entries()) {
    exchange.progress("reference", number, lacking.length);
    let data;
    try {
      data = await exchange.call((token) => transport.document(token, ref.sha256));
    } catch (problem) {
      if (!PASSED_OVER.includes(problem.code)) throw problem;
      note(exchange, problem);
      return false;
    }
    if (!(await isDocument(ref, data))) {
      note(exchange, protocolProblem("reference-altered", ref.name));
      return false;
    }
    await store.keepDocument(ref, data);
  }
  exchange.progress("reference", lacking.length, lacking.length);
  return true;
}

function note(exchange, problem) {
  if (!problem.zh) throw problem;
  exchange.report.noteTrouble("reference", "manifest", problem.code, problem);
}
