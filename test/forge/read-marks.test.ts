// Which marks count in what stands on GitHub, and which only look like one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  readAnswerMark,
  readCommentMark,
  readDashboardMark,
  readDescriptionMark,
  readDriftMark,
} from "../../src/forge/read-marks.ts";
import { answerMark, dashboardMark } from "../../src/report/write-marks.ts";

const rows: readonly { readonly name: string; readonly body: string; readonly mark: unknown }[] = [
  {
    name: "the state of a promotion",
    body: "Healthy.\n\n<!-- stagecoach:live f1 -->",
    mark: { topic: "live", fingerprint: "f1" },
  },
  {
    name: "a call for attention, with its situation",
    body: "<!-- stagecoach:attention/degraded/prod-eu ab.c_D-9 -->\nPlease look.",
    mark: { topic: "attention/degraded/prod-eu", fingerprint: "ab.c_D-9" },
  },
  {
    name: "the last one counts, whatever somebody wrote above it",
    body: "<!-- stagecoach:live forged -->\n<!-- stagecoach:live f2 -->",
    mark: { topic: "live", fingerprint: "f2" },
  },
  {
    name: "the state of a sandbox",
    body: "<!-- stagecoach:sandbox/checkout/dev lent.f1 -->",
    mark: { topic: "sandbox/checkout/dev", fingerprint: "lent.f1" },
  },
  { name: "a sandbox of no environment", body: "<!-- stagecoach:sandbox/Dev f1 -->", mark: undefined },
  {
    name: "one environment of a group",
    body: "<!-- stagecoach:live/cart/prod f1 -->",
    mark: { topic: "live/cart/prod", fingerprint: "f1" },
  },
  {
    name: "a situation of one environment of a group",
    body: "<!-- stagecoach:attention/stopped/my_cart.v2/prod f1 -->",
    mark: { topic: "attention/stopped/my_cart.v2/prod", fingerprint: "f1" },
  },
  { name: "no mark", body: "Hello", mark: undefined },
  { name: "an unknown topic", body: "<!-- stagecoach:description f1 -->", mark: undefined },
  { name: "attention without a situation", body: "<!-- stagecoach:attention f1 -->", mark: undefined },
  { name: "a situation in capitals", body: "<!-- stagecoach:attention/Oops f1 -->", mark: undefined },
  { name: "no fingerprint", body: "<!-- stagecoach:live  -->", mark: undefined },
  { name: "a fingerprint with something else in it", body: "<!-- stagecoach:live a b -->", mark: undefined },
  { name: "a fingerprint without end", body: `<!-- stagecoach:live ${"a".repeat(101)} -->`, mark: undefined },
  { name: "a mark over two lines", body: "<!-- stagecoach:live\nf1 -->", mark: undefined },
];

describe("the mark of a comment", () => {
  for (const { name, body, mark } of rows) it(name, () => assert.deepEqual(readCommentMark(body), mark));

  it("is looked for in a long text without much work", () => {
    const body = "<!-- stagecoach:attention/".repeat(2_500);
    const before = performance.now();
    assert.equal(readCommentMark(body), undefined);
    assert.ok(performance.now() - before < 500);
  });
});

describe("the mark of an issue about drift", () => {
  const drift = (key: string) => `<!-- stagecoach:drift ${key} f1 -->`;
  const keys: readonly (readonly [string, boolean])[] = [
    ["checkout/staging", true],
    ["a/b", true],
    ["check.out_1/prod-eu", true],
    ["checkout", false],
    ["checkout/prod/eu", false],
    ["Checkout/staging", false],
    ["checkout/-x", false],
    ["../..", false],
    [`${"a".repeat(61)}/b`, false],
  ];
  for (const [key, isOne] of keys) {
    it(`${isOne ? "names" : "does not name"} ${key.slice(0, 30)}`, () =>
      assert.deepEqual(readDriftMark(drift(key)), isOne ? { key, fingerprint: "f1" } : undefined));
  }
});

it("a description has a mark of its own kind", () => {
  assert.equal(readDescriptionMark("x\n<!-- stagecoach:description f1 -->"), "f1");
  assert.equal(readDescriptionMark("x\n<!-- stagecoach:live f1 -->"), undefined);
});

describe("the mark of an answer", () => {
  const answers: readonly (readonly [body: string, id: number | undefined])[] = [
    [`Done.\n\n${answerMark(4_711)}`, 4_711],
    [answerMark(9_007_199_254_740_991), 9_007_199_254_740_991],
    [`${answerMark(1)}\n${answerMark(2)}`, 2],
    ["<!-- stagecoach:answer 0 -->", undefined],
    ["<!-- stagecoach:answer 9999999999999999 -->", undefined],
    ["<!-- stagecoach:answer -1 -->", undefined],
    ["<!-- stagecoach:answer 1e3 -->", undefined],
    ["<!-- stagecoach:answer 4711 because -->", undefined],
    ["Done.", undefined],
  ];
  for (const [body, id] of answers) {
    it(`${id === undefined ? "is none" : "names a comment"}: ${body.slice(0, 50).replaceAll("\n", " ")}`, () =>
      assert.equal(readAnswerMark(body), id));
  }

  it("is written for ids only", () => {
    for (const id of [0, -1, 1.5, Number.NaN, 1e21]) assert.throws(() => answerMark(id), /cannot hold/);
  });
});

it("the dashboard has a mark of its own kind", () => {
  assert.equal(readDashboardMark(`x\n${dashboardMark("f1")}`), "f1");
  assert.equal(readDashboardMark("x\n<!-- stagecoach:live f1 -->"), undefined);
});
