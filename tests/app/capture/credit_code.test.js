import assert from "node:assert/strict";
import { test } from "node:test";
import { creditCodeIn } from "../../../fieldkit/app/capture/credit_code.js";

const CODE = "91360734MA35F6UN0Y";

test("a credit code is found in whatever a licence's QR code says", () => {
  assert.equal(creditCodeIn(CODE), CODE);
  assert.equal(creditCodeIn(`https://example.cn/licence?uniscid=${CODE.toLowerCase()}&v=1`), CODE);
  assert.equal(creditCodeIn(`统一社会信用代码：${CODE}；企业名称：某果品有限公司`), CODE);
});

test("a number whose check digit does not agree is none", () => {
  assert.equal(creditCodeIn("91360734MA35F6UN0X"), null);
  assert.equal(creditCodeIn("https://example.cn/3607340000000000000000000001"), null);
  assert.equal(creditCodeIn(""), null);
});
