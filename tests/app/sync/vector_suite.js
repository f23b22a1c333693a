/**
 * The vectors that any client of the protocol can check itself against, for node and for a
 * browser: `vectorSuite(test, files)`, where `files.jws` is sync/vectors/jws.json.
 */

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
import { equal, rejects, throws } from "./checks.js";

/** The names of the files that a suite needs. */
export const VECTOR_FILES = ["backoff", "clock", "enrolment", "jws", "parts", "receipts", "records", "reference"];

/** @param {(name: string, body: () => Promise<void>) => unknown} test @param {Record<string, any>} files */
export function vectorSuite(test, files) {
  const load = (name) => files[name];
  signatures(test, load);
  records(test, load);
  documents(test, load);
  numbers(test, load);
}

/** A browser before Chromium 137 or Safari 17 has no Ed25519, and is told so in words. */
async function keyOrWords(jwk) {
  if (jwk.kty === "EC") return importVerifyingKey(jwk);
  try {
    return await importVerifyingKey(jwk);
  } catch (problem) {
    equal([problem.code, problem.zh.length > 0], ["ed25519-unsupported", true]);
    return null;
  }
}

function signatures(test, load) {
  for (const { name, compact, jwk, is_valid, hash } of load("jws").verify) {
    test(`signature: ${name}`, async () => {
      const jws = parse(compact);
      equal(await recordHash(jws.signing_input), hash);
      const key = await keyOrWords(jwk);
      if (key !== null) equal(await key.verify(jws), is_valid);
    });
  }

  for (const { name, compact } of load("jws").malformed) {
    test(`malformed: ${name}`, () => {
      throws(() => parse(compact), "malformed");
    });
  }

  test("thumbprints are those of RFC 7638", async () => {
    for (const vector of load("jws").thumbprints) {
      equal(await thumbprint(vector.jwk), vector.thumbprint);
    }
  });
}

function records(test, load) {
  test("the chain links by hash", async () => {
    let prev = null;
    for (const [place, link] of load("records").chain.entries()) {
      const opened = await openRecord(link.compact);
      equal(opened.fault, null);
      equal(opened.payload, link.payload);
      equal([opened.seq, opened.prev, opened.hash], [place + 1, prev, link.hash]);
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
    for (const [document, compact] of written) {
        equal(Array.from(canonicalJson(document)), Array.from(parse(compact).payload));
      }
  });

  for (const vector of load("records").unreadable) {
    test(`filed and said: ${vector.name}`, async () => {
      const opened = await openRecord(vector.compact);
      equal([opened.id, opened.hash], [vector.filed_under, vector.hash]);
      equal(opened.fault, { field: vector.field, code: vector.code });
    });
  }
}

function documents(test, load) {
  test("receipts cover what the vectors say and nothing else", async () => {
    const vectors = load("receipts");
    const key = await importVerifyingKey(vectors.server_jwk);
    const receipt = await openReceipt(vectors.receipt, key, "device-x");
    equal(vectors.covers.every(([id, hash]) => receipt.covers(id, hash)), true);
    equal(!vectors.covers_not.some(([id, hash]) => receipt.covers(id, hash)), true);
    equal(receipt.order, [1, 8]);
    equal((await openBlobReceipt(vectors.blob_receipt, key)).bytes, 2_500_000);
    await rejects(openReceipt(vectors.receipt, key, "device-y"), "wrong-audience");
    await rejects(openReceipt(vectors.blob_receipt, key), "malformed-document");
  });

  test("enrolment reads as the vectors say", async () => {
    const vectors = load("enrolment");
    const server = await importVerifyingKey(vectors.server_jwk);
    for (const typed of vectors.typed) equal(await codeHash(typed), vectors.code_sha256);
    const device = await importVerifyingKey(vectors.device_jwk);
    const proof = await openDocument(vectors.proof, "gi-enrol-proof+jws", device);
    equal(proof, vectors.proof_payload);
    const certificate = await openCertificate(vectors.certificate, server);
    equal(certificate.jwk, vectors.device_jwk);
    const { url, code, thumbprint: named } = readQrText(vectors.qr_text);
    equal([url.startsWith("http"), code, named], [true, vectors.code, server.thumbprint]);
    throws(() => readQrText("https://example.org"), "malformed-document");
  });

  test("an older manifest is stale and the same one is not", async () => {
    const vectors = load("reference");
    const key = await importVerifyingKey(vectors.server_jwk);
    for (const held of vectors.taken_when_held) {
      const { compact, ...manifest } = await openManifest(vectors.manifest, key, held);
      equal({ v: 1, ...manifest }, vectors.payload);
    }
    for (const held of vectors.stale_when_held) {
      await rejects(openManifest(vectors.manifest, key, held), "stale-manifest");
    }
  });
}

function numbers(test, load) {
  test("the day of the act is Shanghai's", () => {
    for (const { payload, acted_on } of load("clock").cases) equal(actedOn(payload), acted_on);
  });

  test("the pauses are the protocol's", () => {
    for (const vector of load("backoff").cases) {
      equal(delayS(vector.attempt, vector.random_unit, vector.retry_after_s), vector.delay_s);
    }
  });

  test("a photograph is cut as the protocol says", () => {
    const vectors = load("parts");
    equal(PART_BYTES, vectors.part_bytes);
    for (const { bytes, ranges } of vectors.cases) {
      const cut = Array.from({ length: partCount(bytes) }, (_, number) => partRange(number, bytes));
      equal(cut, ranges);
    }
    for (const vector of vectors.missing) {
      equal(missing(vector.held, vector.bytes), vector.missing);
    }
  });
}
