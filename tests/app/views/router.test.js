import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../fieldkit/app/views/router.js";
import { NAVIGATION, ROUTES } from "../../../fieldkit/app/views/screens.js";

test("an address finds its screen and what the address says", () => {
  assert.equal(match(ROUTES, "").route.title, "nav.home");
  assert.deepEqual(match(ROUTES, "draft/3").params, { number: "3" });
  assert.deepEqual(match(ROUTES, "record/0190-a/amend").params, { id: "0190-a" });
  assert.equal(match(ROUTES, "record/0190-a/amend").route.title, "nav.amend");
});

test("an address that is none finds no screen", () => {
  assert.equal(match(ROUTES, "nowhere"), null);
  assert.equal(match(ROUTES, "draft/3/4"), null);
});

test("what an address says is read as it was written", () => {
  assert.deepEqual(match([{ pattern: "record/:id" }], "record/%E5%AF%BB%2F1").params, { id: "寻/1" });
});

test("everything in the navigation has a screen", () => {
  for (const { path } of NAVIGATION) assert.notEqual(match(ROUTES, path), null, path);
});
