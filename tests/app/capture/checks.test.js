import assert from "node:assert/strict";
import { test } from "node:test";
import { newAnswers } from "../../../fieldkit/app/capture/answers.js";
import { isVisit, missingAnswers } from "../../../fieldkit/app/capture/checks.js";

const answered = () => {
  const answers = newAnswers(0);
  answers.site.premises_type = "shop";
  answers.position.no_fix_reason = "冷库内无信号";
  answers.violations = [{ id: "v1", code: "GI-105" }];
  answers.lots[0].claims = ["special_mark"];
  return answers;
};
const codes = (answers) => missingAnswers(answers).map(({ field, code }) => `${field} ${code}`);

test("a record just begun lacks its five inputs, in the order of the form", () => {
  assert.deepEqual(codes(newAnswers(0)), [
    "site.fix position-unsaid",
    "site.premises_type premises-unsaid",
    "violations code-unsaid",
    "goods[0].claims claim-unsaid",
  ]);
});

test("no position with its reason is enough, and so are no goods", () => {
  assert.deepEqual(codes(answered()), []);
  assert.deepEqual(codes({ ...answered(), lots: [] }), []);
});

test("a position placed by hand says why, unless it was sealed without", () => {
  const pinned = answered();
  pinned.position = { fix: { lon_deg: 115, lat_deg: 25, datum: "WGS84", source: "manual" }, measured_fix: null, no_fix_reason: "" };
  assert.deepEqual(codes(pinned), ["site.fix.basis pin-reason-unsaid"]);
  pinned.position.fix.basis = "冷库内";
  assert.deepEqual(codes(pinned), []);
});

test("when the inspection began is said, as the time of the act chooses law and area", () => {
  assert.deepEqual(codes({ ...answered(), observed_at: null }), ["observed_at time-unsaid"]);
});

test("a credit code is checked where it stands", () => {
  const answers = answered();
  answers.party.uscc = "91360734MA35F6UN0X";
  answers.lots[0].uscc_on_mark = "9136 0734 MA35 F6UN 0y";
  assert.deepEqual(codes(answers), ["party.uscc uscc-check-digit"]);
});

test("none stands beside no other claim", () => {
  const answers = answered();
  answers.lots[0].claims = ["none", "cert_mark"];
  assert.deepEqual(codes(answers), ["goods[0].claims claim-none-among-others"]);
});

test("an amendment says why; finalising is reason enough", () => {
  const amends = { id: "0190", record_no: "1", is_final: false };
  assert.deepEqual(codes({ ...answered(), amends, amendment_kind: "correction", amendment_reason: " " }), ["amendment.reason amendment-reason-unsaid"]);
  assert.deepEqual(codes({ ...answered(), amends, amendment_kind: "finalise" }), []);
});

test("a visit is nothing found and no goods", () => {
  assert.equal(isVisit({ ...answered(), lots: [] }), false);
  assert.equal(isVisit({ ...answered(), violations: [{ id: "v1", code: "NV-000" }], lots: [] }), true);
});
