import assert from "node:assert/strict";
import { test } from "node:test";
import { foundAgain } from "../../../fieldkit/app/capture/held_photos.js";

const AT = "2023-12-02T10:20:00+08:00";
const photo = (sha256, told = {}) => ({ sha256, bytes: 5, media_type: "image/png", file_name: `${sha256}.png`, captured_at: null, kind: null, ...told });
const found = (evidence, photos, isIdUsed = () => false) => foundAgain(evidence, photos, { isIdUsed, method: "again", captured_by: "张三", at: AT });

test("what the answers name is not found again", () => {
  assert.deepEqual(found([{ id: "e1", sha256: "aa" }], [photo("aa")]), []);
});

test("what they lack is told as it was kept, under ids that nothing has", () => {
  const told = { captured_at: "2023-12-01T09:00:00+08:00", kind: "documentary" };
  const items = found([{ id: "e1", sha256: "aa" }], [photo("aa"), photo("bb", told), photo("cc")], (id) => id === "e2");
  assert.deepEqual(items, [
    { id: "e3", file_name: "bb.png", ...told, sha256: "bb", bytes: 5, media_type: "image/png", method: "again", captured_by: "张三" },
    { id: "e4", file_name: "cc.png", captured_at: AT, kind: "electronic_data", sha256: "cc", bytes: 5, media_type: "image/png", method: "again", captured_by: "张三" },
  ]);
});
