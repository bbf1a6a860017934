// Many changes are told once, soon, and not again at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gatherChanges } from "../../../src/live/cluster/gather-changes.ts";

function scene() {
  const clock = { now: 0 };
  let waiting: { readonly at: number; readonly call: () => void }[] = [];
  const timer = {
    now: () => clock.now,
    after: (milliseconds: number, call: () => void) => {
      const entry = { at: clock.now + milliseconds, call };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
  };
  const told: number[] = [];
  const gathered = gatherChanges(() => told.push(clock.now), { times: { delay: 1_000, every: 10_000 }, timer });
  const passTo = (time: number) => {
    for (;;) {
      const [next] = waiting.filter(({ at }) => at <= time).toSorted((one, other) => one.at - other.at);
      if (next === undefined) break;
      waiting = waiting.filter((entry) => entry !== next);
      clock.now = next.at;
      next.call();
    }
    clock.now = time;
  };
  return { told, gathered, passTo };
}

describe("gathered changes", () => {
  test("are told once, a moment after the first", () => {
    const { told, gathered, passTo } = scene();
    for (let index = 0; index < 100; index++) gathered.changed();
    passTo(5_000);
    assert.deepEqual(told, [1_000]);
  });

  test("are told again only after some time, and none is lost", () => {
    const { told, gathered, passTo } = scene();
    gathered.changed();
    passTo(1_500);
    gathered.changed();
    passTo(30_000);
    gathered.changed();
    passTo(40_000);
    assert.deepEqual(told, [1_000, 11_000, 31_000]);
  });

  test("are not told once it is stopped", () => {
    const { told, gathered, passTo } = scene();
    gathered.changed();
    gathered.stop();
    gathered.changed();
    passTo(60_000);
    assert.deepEqual(told, []);
  });
});
