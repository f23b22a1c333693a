import assert from "node:assert/strict";
import { test } from "node:test";
import { answersOfBody, bodyOf } from "../../../fieldkit/app/capture/answers.js";
import { isPermittedKind, standingOn } from "../../../fieldkit/app/capture/rebasing.js";

const photo = (id, sha256) => ({ id, kind: "electronic_data", file_name: `${sha256}.jpg`, sha256, bytes: 1, media_type: "image/jpeg" });
const FIRST = {
  observed_at: "2023-12-02T10:20:00+08:00",
  record_no: "360734-2023-abcdef-00001",
  site: { premises_type: "shop", name: "果店", fix: null, no_fix_reason: "室内" },
  officers: [{ name: "张三", certificate_no: "B1" }],
  goods: [{ id: "g1", product: "gannan-navel-orange", claims: ["protected_name"] }],
  violations: [{ id: "v1", code: "GI-101", primary: true }],
  evidence: [photo("e1", "aa")],
};
const target = (body, { isFinal = false, earlier = [FIRST] } = {}) => {
  const parts = [...earlier, body].flatMap(({ goods, violations, evidence }) => [...goods, ...violations, ...evidence]);
  return { newest: { id: "two", record_no: body.record_no, body }, isFinal, ids: new Set(parts.map(({ id }) => id)) };
};
const draft = (change) => {
  const answers = { ...answersOfBody(FIRST, { id: "one", record_no: null, is_final: false }), amendment_kind: "correction", amendment_reason: "写错" };
  change(answers);
  return answers;
};
const stood = (change, second, about) => {
  const answers = standingOn(draft(change), FIRST, target(second, about));
  return { answers, body: bodyOf(answers), clashes: answers.rebased.clashes };
};
const second = (changes) => ({ ...structuredClone(FIRST), amendment: { kind: "correction" }, ...changes });

test("on the version that it was begun on a draft stays as it is", () => {
  const answers = draft((one) => (one.note = "x"));
  const same = standingOn(answers, FIRST, { newest: { id: "one", body: FIRST }, isFinal: false, ids: new Set() });
  assert.deepEqual(same, answers);
});

test("what the draft left alone is the newer version's, and what it changed is the draft's", () => {
  const newer = second({ note: "二", evidence: [...FIRST.evidence, photo("e2", "bb")], site: { ...FIRST.site, address: "长宁镇" } });
  const { body, clashes, answers } = stood((one) => {
    one.site.name = "水果店";
    one.on_site_record = { scene_text: "纸箱" };
  }, newer);
  assert.deepEqual(body.evidence.map(({ sha256 }) => sha256), ["aa", "bb"]);
  assert.deepEqual([body.note, body.site.address, body.site.name, body.on_site_record], ["二", "长宁镇", "水果店", { scene_text: "纸箱" }]);
  assert.deepEqual([clashes, answers.amends.id, answers.amendment_reason], [[], "two", "写错"]);
});

test("two files of one id become two, and what named the draft's still does", () => {
  const newer = second({ evidence: [...FIRST.evidence, photo("e2", "bb")], violations: [{ ...FIRST.violations[0], evidence: ["e2"] }] });
  const { body } = stood((one) => {
    one.evidence.push(photo("e2", "cc"));
    one.violations.push({ id: "v2", code: "TM-202", evidence: ["e2", "e1"] });
    one.on_site_record = { party_signature: "e2", officer_signatures: ["e2"] };
    one.lots[0].evidenced_origins = [{ text: "e2", evidence: ["e2"] }];
    one.note = "e2";
  }, newer);
  assert.deepEqual(body.evidence.map(({ id, sha256 }) => id + sha256), ["e1aa", "e2bb", "e3cc"]);
  assert.deepEqual(body.violations.map(({ evidence }) => evidence), [["e2"], ["e3", "e1"]]);
  assert.deepEqual(body.on_site_record, { party_signature: "e3", officer_signatures: ["e3"] });
  assert.deepEqual(body.goods[0].evidenced_origins, [{ text: "e2", evidence: ["e3"] }]);
  assert.equal(body.note, "e2");
});

test("an id that a version in between gave and took back is not drawn again", () => {
  const between = second({ evidence: [photo("e1", "aa"), photo("e2", "bb")] });
  const { body } = stood((one) => one.evidence.push(photo("e2", "cc")), second({}), { earlier: [FIRST, between] });
  assert.deepEqual(body.evidence.map(({ id, sha256 }) => id + sha256), ["e1aa", "e3cc"]);
});

test("a file that both added is one", () => {
  const newer = second({ evidence: [...FIRST.evidence, photo("e2", "zz"), photo("e3", "bb")] });
  const { body } = stood((one) => {
    one.evidence.push(photo("e2", "bb"));
    one.on_site_record = { party_signature: "e2" };
  }, newer);
  assert.deepEqual(body.evidence.map(({ id, sha256 }) => id + sha256), ["e1aa", "e2zz", "e3bb"]);
  assert.equal(body.on_site_record.party_signature, "e3");
});

test("where both changed the same the draft's stays and its place is told", () => {
  const newer = second({ site: { ...FIRST.site, name: "果业", no_fix_reason: "冷库" }, violations: [{ ...FIRST.violations[0], description: "二" }] });
  const { body, clashes } = stood((one) => {
    one.site.name = "水果店";
    one.violations[0].description = "一";
    one.position.no_fix_reason = "地下";
  }, newer);
  assert.deepEqual(clashes.sort(), ["site.fix", "site.name", "violations[0].description"]);
  assert.deepEqual([body.site.name, body.violations[0].description, body.site.no_fix_reason], ["水果店", "一", "地下"]);
});

test("both saying the same is no clash, and neither is a field opened and left blank", () => {
  const { clashes, body } = stood((one) => {
    one.site.name = "果业";
    one.site.address = "";
    one.party = { name: "" };
  }, second({ site: { ...FIRST.site, name: "果业" }, party: { type: "company", name: "甲" } }));
  assert.deepEqual([clashes, body.party], [[], { type: "company", name: "甲" }]);
});

test("what either removed is gone, unless the other changed it", () => {
  const lots = [...FIRST.goods, { id: "g2", product: "gannan-navel-orange", claims: ["none"] }];
  const begun = { ...FIRST, goods: lots, evidence: [photo("e1", "aa"), photo("e4", "dd")] };
  const answers = { ...answersOfBody(begun, { id: "one" }), amendment_kind: "complete", amendment_reason: "补" };
  answers.lots.splice(1, 1);
  answers.evidence.splice(0, 1);
  const newer = { ...begun, goods: [lots[0], { ...lots[1], claims: ["cert_mark"] }], evidence: [photo("e1", "aa")] };
  const { rebased, ...rest } = standingOn(answers, begun, target(newer, { earlier: [begun] }));
  assert.deepEqual(bodyOf(rest).goods.map(({ id, claims }) => id + claims), ["g1protected_name", "g2cert_mark"]);
  assert.deepEqual([bodyOf(rest).evidence, rebased.clashes], [[], ["goods[1]"]]);
});

test("lists without ids hold what each added and not what either took away", () => {
  const officer = (name) => ({ name, certificate_no: name });
  const newer = second({ officers: [...FIRST.officers, officer("李四")], goods: [{ ...FIRST.goods[0], claims: ["protected_name", "cert_mark"] }] });
  const { body, clashes } = stood((one) => {
    one.officers.push(officer("王五"));
    one.lots[0].claims = ["special_mark"];
  }, newer);
  assert.deepEqual(body.officers.map(({ name }) => name), ["张三", "李四", "王五"]);
  assert.deepEqual(body.goods[0].claims, ["cert_mark", "special_mark"]);
  assert.deepEqual(clashes, []);
});

test("clashes told once are told until the draft is sealed", () => {
  const answers = draft((one) => (one.rebased = { clashes: ["note"] }));
  assert.deepEqual(standingOn(answers, FIRST, target(second({}))).rebased.clashes, ["note"]);
});

test("a record that was finalised meanwhile takes an addendum, and no other kind", () => {
  assert.equal(stood(() => {}, second({}), { isFinal: true }).answers.amendment_kind, "addendum");
  assert.equal(stood(() => {}, second({})).answers.amendment_kind, "correction");
  assert.deepEqual(["addendum", "finalise"].map((kind) => isPermittedKind(kind, true)), [true, false]);
  assert.deepEqual(["addendum", "finalise"].map((kind) => isPermittedKind(kind, false)), [false, true]);
});
