/** The reference documents in force on this tablet: the server's, else those shipped. */

import { AreaCatalogue } from "../geo/catalogue.js";
import { sha256Hex } from "../sync/sha256.js";

const SINGLE = ["codes", "laws", "products", "seasons", "units", "vocabulary", "counties"];
const AREA = "area";

/** What a record names that was made without any reference (fieldkit/capture.py). */
export const NO_REFERENCE = Object.freeze({ products: { products: [] }, code_list_version: "none", areasOn: () => ({}) });

/**
 * Return every document in force (fieldkit/telling/reference.py). What a server signed
 * was checked when it was taken.
 *
 * @param {import("../sync/store_port.js").SyncStore} store
 * @param {(name: string) => Promise<Uint8Array>} readShipped a document of the app itself
 */
export async function referenceDocuments(store, readShipped) {
  const held = await store.manifest();
  const found = held === null ? [] : await heldDocuments(store, held.documents);
  const kinds = new Set(found.map(({ kind }) => kind));
  const lacking = [...SINGLE, AREA].filter((kind) => !kinds.has(kind));
  found.push(...(await Promise.all(lacking.map((kind) => shipped(kind, readShipped)))));
  const ofKind = (kind) => found.filter((one) => one.kind === kind).map((one) => one.document);
  const { serial = null, issued_at = null, received_at = null } = held ?? {};
  return {
    ...Object.fromEntries(SINGLE.map((kind) => [kind, ofKind(kind)[0]])),
    areas: ofKind(AREA),
    versions: Object.fromEntries(found.map(({ name, version, sha256 }) => [name, { version, sha256 }])),
    ...{ serial, issued_at, received_at },
  };
}

/**
 * Return what a record names of the reference that it was advised by.
 *
 * @param {object} reference of `referenceDocuments`
 * @returns {import("../capture/recorder.js").ReferenceVersions}
 */
export function versionsOf({ codes, products, areas, versions }) {
  const terms = areas.map(termsOf);
  const catalogue = new AreaCatalogue(terms);
  const rights = [...new Set(terms.map(({ right }) => right))].sort();
  const named = (right, version) => [right, { version, sha256: versions[`area/${right}/${version}`].sha256 }];
  const areasOn = (day) => {
    const inForce = rights.map((right) => catalogue.at(right, day)).filter((area) => area !== null);
    return Object.fromEntries(inForce.map(({ right, version }) => named(right, version)));
  };
  return { products, code_list_version: codes.version, areasOn };
}

/** What the catalogue asks of an area; its border is not needed to name it. */
function termsOf({ properties }) {
  const { right, version, supersedes, in_force_from: inForceFrom, in_force_to: last } = properties;
  const isInForce = (day) => inForceFrom <= day && (!last || day <= last);
  return { right, version, supersedes, inForceFrom, isInForce };
}

async function heldDocuments(store, refs) {
  const found = [];
  for (const { name, kind, version, sha256 } of refs) {
    const data = await store.document(sha256);
    if (data !== null && (kind === AREA || SINGLE.includes(kind))) {
      found.push({ name, kind, version, sha256, document: parsed(data) });
    }
  }
  return found;
}

async function shipped(kind, readShipped) {
  const data = await readShipped(kind);
  const [document, sha256] = [parsed(data), await sha256Hex(data)];
  const { name = kind, version = sha256.slice(0, 12), properties } = document;
  if (kind !== AREA) return { name, kind, version, sha256, document };
  return { name: `area/${properties.right}/${properties.version}`, kind, version: properties.version, sha256, document };
}

function parsed(data) {
  return JSON.parse(new TextDecoder().decode(data));
}
