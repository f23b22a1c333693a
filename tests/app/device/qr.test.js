import assert from "node:assert/strict";
import { test } from "node:test";
import { readPixels } from "../../../fieldkit/app/device/qr.js";
import decode from "../../../fieldkit/app/vendor/qr/decode.js";
import encode from "../../../fieldkit/app/vendor/qr/index.js";

const DOT_PX = 6;
const QUIET_DOTS = 6;

/** A picture of the code: dark dots on light paper, with light and dark not quite white and black. */
function pictureOf(text) {
  const rows = encode(text, "raw", { border: QUIET_DOTS });
  const side = rows.length * DOT_PX;
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const isDark = rows[Math.floor(y / DOT_PX)][Math.floor(x / DOT_PX)];
      data.set(isDark ? [40, 36, 30, 255] : [214, 208, 190, 255], (y * side + x) * 4);
    }
  }
  return { width: side, height: side, data };
}

test("a browser without a detector reads a device code", () => {
  const text = "https://bureau.example/field/enrol?code=7KQ2M9XA#thumbprint=0123456789abcdef0123456789abcdef";
  assert.equal(readPixels(decode, pictureOf(text)), text);
});

test("a licence's code in Chinese is read", () => {
  assert.equal(readPixels(decode, pictureOf("统一社会信用代码：91360734MA35F6UN0Y")), "统一社会信用代码：91360734MA35F6UN0Y");
});

test("a picture without a code gives none", () => {
  assert.equal(readPixels(decode, { width: 200, height: 200, data: new Uint8ClampedArray(200 * 200 * 4).fill(200) }), null);
});
