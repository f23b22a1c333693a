/** The vectors that any client of the protocol can check itself against. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { delayS } from "../../../fieldkit/app/sync/backoff.js";
import { canonicalJson } from "../../../fieldkit/app/sync/canonical_json.js";
import { actedOn } from "../../../fieldkit/app/sync/clock.js";
import { codeHash, openCertificate, readQrText } from "../../../fieldkit/app/sync/enrol.js";
import { openDocument, parse, recordHash } from "../../../fieldkit/app/sync/jws.js";
import { importVerifyingKey, thumbprint } from "../../../fieldkit/app/sync/keys.js";
import { PART_BYTES, missing, partCount, partRange } from "../../../fieldkit/app/sync/parts.js";
import { openBlobReceipt, openReceipt } from "../../../fieldkit/app/sync/receipt.js";
import { openRecord } from "../../../fieldkit/app/sync/record.js";
import { openManifest } from "../../../fieldkit/app/sync/reference.js";

const FOLDER = new URL("../../../sync/vectors/", import.meta.url);
const load = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf-8"));

for (const { name, compact, jwk, is_valid, hash } of load("jws").verify) {
  test(`signature: ${name}`, async () => {
    const jws = parse(compact);
    const key = await importVerifyingKey(jwk);
    assert.equal(await key.verify(jws), is_valid);
    assert.equal(await recordHash(jws.signing_input), hash);
  });
}

for (const { name, compact } of load("jws").malformed) {
  test(`malformed: ${name}`, () => {
    assert.throws(() => parse(compact), { code: "malformed" });
  });
}

test("thumbprints are those of RFC 7638", async () => {
  for (const vector of load("jws").thumbprints) {
    assert.equal(await thumbprint(vector.jwk), vector.thumbprint);
  }
});

test("the chain links by hash", async () => {
  let prev = null;
  for (const [place, link] of load("records").chain.entries()) {
    const opened = await openRecord(link.compact);
    assert.equal(opened.fault, null);
    assert.deepEqual(opened.payload, link.payload);
    assert.deepEqual([opened.seq, opened.prev, opened.hash], [place + 1, prev, link.hash]);
    prev = link.hash;
  }
});

test("documents are written byte for byte as Python writes them", () => {
  const shipped = ["records", "receipts", "enrolment", "reference"].map(load);
  const [records, receipts, enrolment, reference] = shipped;
  const written = [
    ...records.chain.map(({ payload, compact }) => [payload, compact]),
    [receipts.payload, receipts.receipt],
    [receipts.blob_payload, receipts.blob_receipt],
    [enrolment.proof_payload, enrolment.proof],
    [reference.payload, reference.manifest],
  ];
  for (const [document, compact] of written) assert.deepEqual(canonicalJson(document), parse(compact).payload);
});

for (const vector of load("records").unreadable) {
  test(`filed and said: ${vector.name}`, async () => {
    const opened = await openRecord(vector.compact);
    assert.deepEqual([opened.id, opened.hash], [vector.filed_under, vector.hash]);
    assert.deepEqual(opened.fault, { field: vector.field, code: vector.code });
  });
}

test("receipts cover what the vectors say and nothing else", async () => {
  const vectors = load("receipts");
  const key = await importVerifyingKey(vectors.server_jwk);
  const receipt = await openReceipt(vectors.receipt, key, "device-x");
  assert.ok(vectors.covers.every(([id, hash]) => receipt.covers(id, hash)));
  assert.ok(!vectors.covers_not.some(([id, hash]) => receipt.covers(id, hash)));
  assert.deepEqual(receipt.order, [1, 8]);
  assert.equal((await openBlobReceipt(vectors.blob_receipt, key)).bytes, 2_500_000);
  await assert.rejects(openReceipt(vectors.receipt, key, "device-y"), { code: "wrong-audience" });
  await assert.rejects(openReceipt(vectors.blob_receipt, key), { code: "malformed-document" });
});

test("enrolment reads as the vectors say", async () => {
  const vectors = load("enrolment");
  const server = await importVerifyingKey(vectors.server_jwk);
  for (const typed of vectors.typed) assert.equal(await codeHash(typed), vectors.code_sha256);
  const device = await importVerifyingKey(vectors.device_jwk);
  const proof = await openDocument(vectors.proof, "gi-enrol-proof+jws", device);
  assert.deepEqual(proof, vectors.proof_payload);
  const certificate = await openCertificate(vectors.certificate, server);
  assert.deepEqual(certificate.jwk, vectors.device_jwk);
  const { url, code, thumbprint: named } = readQrText(vectors.qr_text);
  assert.deepEqual([url.startsWith("http"), code, named], [true, vectors.code, server.thumbprint]);
  assert.throws(() => readQrText("https://example.org"), { code: "malformed-document" });
});

test("an older manifest is stale and the same one is not", async () => {
  const vectors = load("reference");
  const key = await importVerifyingKey(vectors.server_jwk);
  for (const held of vectors.taken_when_held) {
    const { compact, ...manifest } = await openManifest(vectors.manifest, key, held);
    assert.deepEqual({ v: 1, ...manifest }, vectors.payload);
  }
  for (const held of vectors.stale_when_held) {
    await assert.rejects(openManifest(vectors.manifest, key, held), { code: "stale-manifest" });
  }
});

test("the day of the act is Shanghai's", () => {
  for (const { payload, acted_on } of load("clock").cases) assert.equal(actedOn(payload), acted_on);
});

test("the pauses are the protocol's", () => {
  for (const vector of load("backoff").cases) {
    assert.equal(delayS(vector.attempt, vector.random_unit, vector.retry_after_s), vector.delay_s);
  }
});

test("a photograph is cut as the protocol says", () => {
  const vectors = load("parts");
  assert.equal(PART_BYTES, vectors.part_bytes);
  for (const { bytes, ranges } of vectors.cases) {
    const cut = Array.from({ length: partCount(bytes) }, (_, number) => partRange(number, bytes));
    assert.deepEqual(cut, ranges);
    assert.throws(() => partRange(ranges.length, bytes), RangeError);
  }
  for (const vector of vectors.missing) {
    assert.deepEqual(missing(vector.held, vector.bytes), vector.missing);
  }
});
