import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { orderTimes } from "../../src/cli/order-times.ts";
import { readTime } from "../../src/cli/read-time.ts";

const READ: readonly (readonly [string, string])[] = [
  ["2026-11-01T12:00Z", "2026-11-01T12:00:00.000Z"],
  ["2026-11-01 12:00Z", "2026-11-01T12:00:00.000Z"],
  ["2026-11-01T12:00:30+01:00", "2026-11-01T11:00:30.000Z"],
  ["2026-11-01T12:00-0330", "2026-11-01T15:30:00.000Z"],
  ["2026-07-01T12:00[Europe/London]", "2026-07-01T11:00:00.000Z"],
  ["2026-12-01T12:00[Europe/London]", "2026-12-01T12:00:00.000Z"],
];

const WRONG: readonly (readonly [string, RegExp])[] = [
  ["", /is not a point in time/],
  ["yesterday", /is not a point in time\. Write it as `2026-11-01T12:00Z`/],
  ["2026-10-10", /is not a point in time/],
  ["2026-10-10T10:00", /says no time zone/],
  ["2026-02-30T10:00Z", /There is no time `2026-02-30T10:00Z`/],
  ["2026-10-10T25:00Z", /There is no time/],
  ["2026-10-10T10:00[Europe/Lodnon]", /There is no time/],
  [
    "2026-10-25T01:30[Europe/London]",
    /is twice in Europe\/London, because the clocks change\..*such as `2026-10-25T00:30Z`/,
  ],
  ["2026-03-29T01:30[Europe/London]", /does not exist in Europe\/London/],
];

describe("a time on the command line", () => {
  for (const [written, expected] of READ) {
    it(`may be ${written}`, () => {
      const reading = readTime(written);
      assert.equal(reading.kind === "time" && new Date(reading.at).toISOString(), expected);
    });
  }
  for (const [written, message] of WRONG) {
    it(`may not be "${written}"`, () => {
      const reading = readTime(written);
      assert.match(reading.kind === "wrong" ? reading.why : "", message);
    });
  }
});

const ORDERS: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["nothing", [], []],
  ["times in order", [1, 2, 2, 3], [1, 2, 2, 3]],
  ["one from the future", [1, 99, 2, 3], [1, 1, 2, 3]],
  ["one from the past", [10, 11, 0, 12], [10, 11, 11, 12]],
  ["a first one from the future", [99, 10, 11], [10, 10, 11]],
  ["a last one from the past", [10, 11, 0], [10, 11, 11]],
];

describe("the times of commits", () => {
  for (const [what, given, expected] of ORDERS) {
    it(`are believed as far as they agree with the order: ${what}`, () =>
      assert.deepEqual(orderTimes(given), expected));
  }

  it("are put in order quickly, however many they are", () => {
    const times = Array.from({ length: 200_000 }, (_, index) => (index % 7 === 0 ? index * 31 : index));
    const ordered = orderTimes(times);
    assert.equal(
      ordered.every((time, index) => index === 0 || time >= (ordered[index - 1] ?? 0)),
      true,
    );
  });
});
