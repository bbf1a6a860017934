// How looks become rarer as the hour's budget goes down.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { paceLook } from "../../src/reconcile/pace-look.ts";

const now = 1_000_000;

describe("a look in thirty seconds", () => {
  for (const [left, seconds] of [
    [1, 30],
    [0.51, 30],
    [0.5, 60],
    [0.25, 120],
    [0.1, 300],
    [0, 300],
  ] as const) {
    test(`comes in ${seconds} seconds with ${left * 100} % of the budget left`, () => {
      assert.equal(paceLook(now + 30_000, { left, now }), now + seconds * 1_000);
    });
  }

  test("what was done goes on at once, whatever is left", () => {
    assert.equal(paceLook(now, { left: 0, now }), now);
    assert.equal(paceLook(now + 2_000, { left: 0, now }), now + 2_000);
  });
});
