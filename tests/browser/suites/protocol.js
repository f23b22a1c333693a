/** The protocol's vectors in a page, and a bundle made there. */

import { SigningKey, importVerifyingKey } from "../../../fieldkit/app/sync/keys.js";
import { makeBundle } from "../../../fieldkit/app/sync/bundle_file.js";
import { MemoryStore } from "../../../fieldkit/app/sync/memory_store.js";
import { Device, photographOf } from "../../app/sync/answers.js";
import { storeContract } from "../../app/sync/store_contract.js";
import { VECTOR_FILES, vectorSuite } from "../../app/sync/vector_suite.js";
import { run } from "./run.js";

export async function runVectors() {
  const read = async (name) => [name, await (await fetch(`/sync/vectors/${name}.json`)).json()];
  const files = Object.fromEntries(await Promise.all(VECTOR_FILES.map(read)));
  return run((test) => vectorSuite(test, files));
}

/** Sealing, keys and receipts by this browser's WebCrypto, on a store in memory. */
export function runContract() {
  return run((test) => storeContract(test, makeStore));
}

/** Return a bundle to this server key in base64, with a record and its photograph. */
export async function bundleFor(serverJwk, photograph) {
  const [store, device] = [new MemoryStore(), await Device.create()];
  const { blob, ref } = await photographOf(photograph);
  await store.putBlob(ref.sha256, blob);
  const { compact } = await savedWith(store, device, ref);
  const identity = { device_id: device.device_id, certificate: "c.c.c", server_jwk: serverJwk };
  const made = await makeBundle(store, identity, new Date());
  return { compact, sha256: ref.sha256, jwk: device.key.jwk, base64: await base64Of(made.blob) };
}

/** Tell what the signing key lets a script read. */
export async function exportedKey() {
  const key = await SigningKey.generate();
  await importVerifyingKey(key.jwk);
  return crypto.subtle.exportKey("pkcs8", key.parts.privateKey).then(
    () => "exported",
    (error) => error.name,
  );
}

async function savedWith(store, device, ref) {
  const sealed = await device.sealNext({ unit_code: "360734" }, [ref]);
  await store.append(sealed, await store.head(device.device_id), [ref]);
  return sealed;
}

async function makeStore() {
  const store = new MemoryStore();
  return { store, reopened: async () => store, photograph: (blob, { sha256 }) => store.putBlob(sha256, blob) };
}

async function base64Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
