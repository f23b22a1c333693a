/**
 * A tablet for the journeys: one line of JSON in, one out, over a store in memory.
 *
 * In: {"do": name, …}. Out: {"ok": answer} or {"problem": {code, zh, en, field}}.
 * Pauses are told and not waited for.
 */

import { createInterface } from "node:readline";

import { Recorder } from "../../../fieldkit/app/capture/recorder.js";
import { makeBundle } from "../../../fieldkit/app/sync/bundle_file.js";
import { MemoryStore } from "../../../fieldkit/app/sync/memory_store.js";
import { enrolDevice } from "../../../fieldkit/app/sync/runner/enrolment.js";
import { runSync } from "../../../fieldkit/app/sync/runner/run.js";
import { sha256Hex } from "../../../fieldkit/app/sync/sha256.js";

const store = new MemoryStore();
const pauses = [];
const stages = [];
const clock = () => ({ now: new Date(), boot_id: "page-1", uptime_ms: Math.round(performance.now()) });
const around = {
  fetch,
  clock,
  randomUnit: () => 0,
  pause: async (ms) => pauses.push(ms / 1000),
  onProgress: ({ stage }) => stages.at(-1) === stage || stages.push(stage),
};
const recorder = new Recorder({
  store,
  clock,
  requireAccepted: () => {},
  versions: async () => ({ products: { products: [] }, code_list_version: "2025-1", areasOn: () => ({}) }),
});

const COMMANDS = {
  enrol: async ({ url, code, thumbprint = null }) => enrolDevice(store, { url, code, thumbprint }, around),
  record: async ({ body, photos = [] }) => {
    const taken = new Map();
    for (const text of photos) {
      const blob = new Blob([Buffer.from(text, "base64")], { type: "image/jpeg" });
      const sha256 = await sha256Hex(blob);
      await store.putBlob(sha256, blob);
      taken.set(sha256, { bytes: blob.size, media_type: blob.type, file_name: "photo.jpg" });
    }
    const evidence = [...taken.keys()].map((sha256) => ({ sha256 }));
    return recorder.record({ ...body, evidence }, { photos: taken });
  },
  /** Be a browser of 2021: Chromium 92 has gzip and no raw deflate; a WebView may have neither. */
  forgetCompression: async () => {
    delete globalThis.CompressionStream;
  },
  losePhoto: async ({ sha256 }) => store.putBlob(sha256, null),
  sync: async ({ mayUploadPhotos = true, stopAfter = null }) => {
    [pauses.length, stages.length] = [0, 0];
    const stop = new AbortController();
    const onProgress = (told) => {
      around.onProgress(told);
      if (told.stage === stopAfter) stop.abort();
    };
    const wanted = { mayUploadPhotos: () => mayUploadPhotos, signal: stop.signal, onProgress };
    const report = await runSync(store, { ...around, ...wanted });
    return { report, pauses, stages };
  },
  syncTwice: async () => {
    const both = await Promise.allSettled([runSync(store, around), runSync(store, around)]);
    return both.map(({ value, reason }) => value?.outcomes ?? reason.code);
  },
  records: async () => store.records(),
  photoCounts: async ({ id }) => store.blobCounts(id),
  reference: async () => store.manifest(),
  bundle: async () => {
    const { blob, ...told } = await makeBundle(store, await store.meta("identity"), new Date());
    return { ...told, base64: Buffer.from(await blob.arrayBuffer()).toString("base64") };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...words } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await COMMANDS[name](words)) ?? null };
  } catch (error) {
    const { code = "fault", zh = "", en = error.stack, field = "" } = error;
    answer = { problem: { code, zh, en, field } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
