import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_FILE_BYTES, NEEDED_BYTES, capturedAt, fileNameOf, mediaTypeOf, requireFile, roomProblem } from "../../../fieldkit/app/device/photo.js";

test("a file of which the browser knows no type gets one by its ending", () => {
  assert.equal(mediaTypeOf({ name: "IMG_1.HEIC", type: "" }), "image/heic");
  assert.equal(mediaTypeOf({ name: "a.jpg", type: "image/JPEG; q=1" }), "image/jpeg");
  assert.equal(mediaTypeOf({ name: "scan", type: "" }), "application/octet-stream");
});

test("a file's name fits the record and keeps its ending", () => {
  assert.equal(fileNameOf({ name: "a/b\u0001.jpg" }, "x"), "a_b_.jpg");
  assert.equal(fileNameOf({ name: `${"长".repeat(300)}.jpg` }, "x").length, 200);
  assert.equal(fileNameOf({ name: " " }, "photo.jpg"), "photo.jpg");
});

test("an empty file and one that is too large are refused in words", () => {
  assert.throws(() => requireFile({ name: "a.jpg", size: 0 }), { code: "photo-empty" });
  assert.throws(() => requireFile({ name: "a.mp4", size: MAX_FILE_BYTES + 1 }), { code: "photo-too-large" });
  requireFile({ name: "a.jpg", size: MAX_FILE_BYTES });
});

test("a full disk is told before the shutter; unknown figures stop nobody", () => {
  assert.equal(roomProblem({ usage_bytes: 1, quota_bytes: NEEDED_BYTES }).code, "storage-full");
  assert.equal(roomProblem({ usage_bytes: 1, quota_bytes: NEEDED_BYTES + 1 }), null);
  assert.equal(roomProblem({ usage_bytes: null, quota_bytes: null }), null);
  assert.equal(roomProblem(), null);
  assert.equal(roomProblem({ usage_bytes: 1, quota_bytes: 2 * NEEDED_BYTES, is_short: true }).code, "storage-full");
});

test("a photograph just taken is of now, a chosen file of its own time", () => {
  const now = Date.parse("2023-12-02T10:20:00+08:00");
  const file = { lastModified: now - 60_000 };
  assert.equal(capturedAt(file, true, now), "2023-12-02T10:20:00+08:00");
  assert.equal(capturedAt(file, false, now), "2023-12-02T10:19:00+08:00");
  assert.equal(capturedAt({ lastModified: now + 60_000 }, false, now), "2023-12-02T10:20:00+08:00");
});
