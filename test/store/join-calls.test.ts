// Calls that are joined: none waits for company, none is lost, and none pays for another one's error.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joinCalls } from "../../src/store/join-calls.ts";

describe("joined calls", () => {
  it("go out together when they came together, in batches of a bounded size", async () => {
    const batches: (readonly number[])[] = [];
    const double = joinCalls(
      async (items: readonly number[]) => {
        batches.push(items);
        return items.map((item) => item * 2);
      },
      { most: 3 },
    );
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map(double)), [2, 4, 6, 8, 10]);
    assert.deepEqual(batches, [
      [1, 2, 3],
      [4, 5],
    ]);
    assert.equal(await double(6), 12);
  });

  it("fail alone", async () => {
    const check = joinCalls(
      async (items: readonly number[]) => {
        if (items.includes(3)) {
          throw new Error("3 is not welcome");
        }
        return items;
      },
      { most: 10 },
    );
    const settled = await Promise.allSettled([1, 2, 3, 4].map(check));
    assert.deepEqual(
      settled.map((each) => each.status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
  });
});
