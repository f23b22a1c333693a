import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  ANSWERS_VERSION,
  answersOfBody,
  bodyOf,
  changesOf,
  newAnswers,
  nextId,
  upgraded,
} from "../../../fieldkit/app/capture/answers.js";
import { fenOfYuan, percentOfShare, shareOfPercent, yuanOfFen } from "../../../fieldkit/app/capture/typed_numbers.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../schemas/examples/${name}`, import.meta.url), "utf8"));
const AT_MS = Date.parse("2023-12-02T10:20:00+08:00");
const FIX = { lon_deg: 115.6512, lat_deg: 24.9633, datum: "WGS84", radius95_m: 7.5, source: "network", is_mock: null };

function quick() {
  const answers = newAnswers(AT_MS);
  answers.site.premises_type = "warehouse";
  answers.position.fix = FIX;
  answers.violations.push({ id: "v1", code: "TM-202" });
  answers.lots[0].claims = ["protected_name"];
  return answers;
}

test("five answers make a body with nothing that was not said", () => {
  assert.deepEqual(bodyOf(quick()), {
    observed_at: "2023-12-02T10:20:00+08:00",
    site: { premises_type: "warehouse", fix: FIX },
    goods: [{ id: "g1", product: "gannan-navel-orange", claims: ["protected_name"] }],
    violations: [{ id: "v1", code: "TM-202", primary: true }],
    evidence: [],
  });
});

test("without a position the reason stands in its place", () => {
  const answers = quick();
  answers.position = { fix: null, measured_fix: null, no_fix_reason: " 冷库内无信号 " };
  assert.deepEqual(bodyOf(answers).site, { premises_type: "warehouse", fix: null, no_fix_reason: "冷库内无信号" });
});

test("a pin placed by hand keeps what the receiver had measured", () => {
  const answers = quick();
  answers.position.measured_fix = FIX;
  answers.position.fix = { ...FIX, source: "manual", radius95_m: 50 };
  const { site } = bodyOf(answers);
  assert.equal(site.fix.source, "manual");
  assert.deepEqual(site.measured_fix, FIX);
});

test("blanks typed into a field and taken out again leave nothing", () => {
  const answers = quick();
  Object.assign(answers, { party: { name: "  ", uscc: "" }, note: " ", measures: [], on_site_record: { scene_text: "" } });
  answers.lots[0].quantity = { value: "", unit: "jin" };
  answers.lots[0].evidenced_origins = [{ text: "", share_percent: "50" }];
  assert.deepEqual(bodyOf(answers), bodyOf(quick()));
});

test("money is written in fen, shares as a part of one, a credit code in capitals", () => {
  const answers = quick();
  answers.party = { type: "company", uscc: "9136 0734 ma35f6un0y" };
  answers.lots[0].unit_price_yuan = "12.5";
  answers.lots[0].evidenced_origins = [{ admin_code: "350426", basis: "documented", share_percent: "12.5" }];
  const body = bodyOf(answers);
  assert.equal(body.party.uscc, "91360734MA35F6UN0Y");
  assert.equal(body.goods[0].unit_price_fen, 1250);
  assert.equal(body.goods[0].evidenced_origins[0].share, 0.125);
});

test("a party of whom only the name is known is of unknown type", () => {
  const answers = { ...quick(), party: { name: "某果品有限公司" } };
  assert.deepEqual(bodyOf(answers).party, { type: "unknown", name: "某果品有限公司" });
});

test("in an orchard no origin is evidenced beside the place itself", () => {
  const answers = quick();
  answers.lots[0].evidenced_origins = [{ text: "尤溪" }];
  assert.deepEqual(bodyOf(answers).goods[0].evidenced_origins, [{ text: "尤溪" }]);
  answers.site.premises_type = "orchard";
  assert.equal("evidenced_origins" in bodyOf(answers).goods[0], false);
});

test("the first act is the primary one unless another is marked", () => {
  const answers = quick();
  answers.violations.push({ id: "v2", code: "OR-301" });
  assert.deepEqual(bodyOf(answers).violations.map(({ primary }) => primary), [true, false]);
  answers.violations[1].primary = true;
  assert.deepEqual(bodyOf(answers).violations.map(({ primary }) => primary), [false, true]);
});

/** A body without texts and values that say nothing. */
const spoken = (value) => JSON.parse(JSON.stringify(value, (_name, held) => (held === "" || held === null ? undefined : held)));

for (const name of ["xunwu_observation.json", "full_amendment.json"]) {
  test(`the answers of a sealed body make it again: ${name}`, () => {
    const { amendment: _dropped, ...body } = read(name).body ?? read(name);
    const again = bodyOf(answersOfBody(body, { id: "0190", record_no: body.record_no, is_final: false }));
    assert.deepEqual(spoken(again), spoken({ evidence: [], ...body }));
  });
}

test("an amendment says null for a part that went away", () => {
  const body = read("xunwu_observation.json");
  const answers = answersOfBody(body, { id: "0190", record_no: null, is_final: false });
  answers.party = {};
  const changes = changesOf(answers, body);
  assert.equal(changes.party, null);
  assert.deepEqual(changes.site, body.site);
});

test("answers survive being kept as JSON, and an update that asks more", () => {
  const kept = JSON.parse(JSON.stringify(quick()));
  assert.deepEqual(upgraded(kept), quick());
  const { measures: _older, ...before } = kept;
  assert.deepEqual(upgraded({ ...before, version: 0 }).measures, []);
});

test("a draft of a newer app is refused in words, not misread", () => {
  assert.throws(() => upgraded({ ...quick(), version: ANSWERS_VERSION + 1 }), { code: "draft-from-later" });
});

test("an id is never drawn twice", () => {
  assert.equal(nextId([{ id: "g1" }, { id: "g3" }], "g"), "g4");
  assert.equal(nextId([], "g", (id) => id === "g1"), "g2");
});

test("money and shares as typed are exact; what is none is passed on as typed", () => {
  assert.equal(fenOfYuan("32,570"), 3257000);
  assert.equal(fenOfYuan("0.1"), 10);
  assert.equal(fenOfYuan("十元"), "十元");
  assert.equal(yuanOfFen(3257000), "32570");
  assert.equal(yuanOfFen(1205), "12.05");
  assert.equal(shareOfPercent("30 %"), 0.3);
  assert.equal(shareOfPercent("some"), "some");
  assert.equal(percentOfShare(0.07), "7");
});
