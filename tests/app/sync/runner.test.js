/** The runner's parts that no journey reaches: answers, pauses, locks, words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { HttpLink, answerWithinMs } from "../../../fieldkit/app/sync/runner/http.js";
import { onlySync } from "../../../fieldkit/app/sync/runner/lock.js";
import { Reply, retryAfterS } from "../../../fieldkit/app/sync/runner/replies.js";
import { SyncReport } from "../../../fieldkit/app/sync/runner/report.js";

const JSON_TYPE = { "Content-Type": "application/json" };
const PROBLEM_TYPE = { "Content-Type": "application/problem+json" };

/** A link over a network that answers what it is told, in order; a thrown answer is a failure. */
function linkOver(...answers) {
  return linkWhere({}, ...answers);
}

function linkWhere(surroundings, ...answers) {
  const [asked, pauses] = [[], []];
  const fetch = async (url, request) => {
    asked.push([request.method, url]);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer();
  };
  const around = { fetch, randomUnit: () => 0.5, pause: async (ms) => pauses.push(ms), ...surroundings };
  return { link: new HttpLink("http://bureau/", around), asked, pauses };
}

const answer = (status, headers, body) => () => new Response(body, { status, headers });

test("a broken link is tried five times with growing pauses, then told", async () => {
  const { link, asked, pauses } = linkOver(new TypeError("Failed to fetch"));
  await assert.rejects(link.call("GET", "/api/v1/server"), { code: "link-down", zh: /连接不上服务器/ });
  assert.deepEqual(asked[0], ["GET", "http://bureau/api/v1/server"]);
  assert.deepEqual([asked.length, pauses], [5, [1500, 3000, 6000, 12000]]);
});

test("where the machine knows that it has no link it is told at once", async () => {
  const { link, asked } = linkWhere({ hasLink: () => false }, new TypeError("Failed to fetch"));
  await assert.rejects(link.call("GET", "/x"), { code: "link-down", zh: "没有网络；有了网络再同步" });
  assert.equal(asked.length, 1);
});

test("what the server refuses is told in its own words and not repeated", async () => {
  const problem = { code: "code-used", title: "The code was used", zh: { title: "登记码已被使用" } };
  const { link, asked } = linkOver(answer(409, PROBLEM_TYPE, JSON.stringify(problem)));
  const refusal = await link.call("POST", "/x", { document: {} }).catch((error) => error);
  assert.deepEqual([refusal.code, refusal.zh, refusal.en], ["request-refused", "登记码已被使用", "The code was used"]);
  assert.deepEqual(refusal.details, { status: 409, problem_code: "code-used" });
  assert.equal(asked.length, 1);
});

test("redirects and pages of others are no answers of this protocol", async () => {
  const answers = [
    answer(302, { Location: "http://portal/" }),
    answer(404, { "Content-Type": "text/html" }, "<html>"),
    () => Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" }),
  ];
  for (const one of answers) {
    await assert.rejects(linkOver(one).link.call("GET", "/x"), { code: "protocol-broken", zh: /上网认证/ });
  }
});

test("an upload that something cut off is a broken link", async () => {
  const { link, asked } = linkOver(answer(400, PROBLEM_TYPE, '{"code": "body-truncated"}'));
  await assert.rejects(link.call("PUT", "/x", { part: new Uint8Array(3) }), { code: "link-down" });
  assert.equal(asked.length, 5);
});

test("an answer that breaks off in the middle is a broken link", async () => {
  const broken = () => {
    const stream = new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    return new Response(stream, { headers: JSON_TYPE });
  };
  const { link } = linkOver(broken, answer(200, JSON_TYPE, "{}"));
  assert.equal((await link.call("GET", "/x")).text, "{}");
});

test("a slow link is given time for what it carries", () => {
  assert.equal(answerWithinMs(0), 60_000);
  assert.equal(answerWithinMs(300 * 1024), 360_000);
});

test("a sync that was stopped asks nothing and waits for nothing", async () => {
  const stop = new AbortController();
  stop.abort();
  const fetch = () => assert.fail("asked");
  const link = new HttpLink("http://bureau", { fetch, signal: stop.signal });
  await assert.rejects(link.call("GET", "/x"), { code: "sync-cancelled" });
});

test("answers are read with their types or not at all", () => {
  const reply = (text, contentType = "application/json; charset=utf-8") => Reply.of({ contentType, text });
  assert.equal(reply('{"a": 1}').integer("a"), 1);
  assert.deepEqual(reply('{"a": ["x"]}').list("a", "text"), ["x"]);
  assert.equal(reply("{}").textOrNull("a"), null);
  const broken = [
    () => reply("[]"),
    () => reply("{"),
    () => reply("{}", "text/html"),
    () => reply('{"a": true}').integer("a"),
    () => reply('{"a": 1.5}').integer("a"),
    () => reply('{"a": ["x", 1]}').list("a", "text"),
    () => reply('{"a": 1}').textOrNull("a"),
    () => reply("{}").mapping("a"),
  ];
  for (const read of broken) assert.throws(read, { code: "protocol-broken" });
});

test("Retry-After is a number of seconds or nothing", () => {
  assert.deepEqual(["20", " 0 ", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "", null].map(retryAfterS), [20, 0, null, null, null, null]);
});

test("one sync at a time, here and in other tabs", async () => {
  const free = { request: (_name, _options, work) => work({}) };
  const held = { request: (_name, _options, work) => work(null) };
  assert.equal(await onlySync(async () => 1, free), 1);
  await assert.rejects(onlySync(async () => 1, held), { code: "sync-running" });
  await onlySync(async () => {
    await assert.rejects(onlySync(async () => 1, undefined), { code: "sync-running" });
  }, undefined);
  await assert.rejects(onlySync(() => Promise.reject(new Error("fault")), undefined), /fault/);
  assert.equal(await onlySync(async () => 2, undefined), 2);
});

test("the account tells what is well in numbers and all else in words", () => {
  const report = new SyncReport();
  const reason = { zh: "中", en: "e" };
  const item = (outcome, standing, code = null) => ({ id: "i", outcome, standing, code, reason: code && reason });
  report.noteItem(item("stored", "stored"));
  report.noteItem(item("replayed", "stored"));
  report.noteItem(item("replayed", "parked", "target-missing"));
  report.noteItem(item("refused", null, "over-size"));
  const told = report.toJson();
  assert.deepEqual(told.outcomes, { stored: 1, replayed: 2, refused: 1 });
  assert.deepEqual(told.troubles, [
    { stage: "records", id: "i", record_id: "i", outcome: "parked", code: "target-missing", reason },
    { stage: "records", id: "i", record_id: "i", outcome: "refused", code: "over-size", reason },
  ]);
});
