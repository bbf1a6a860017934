// When a window is open, when it closes and when it opens next, in its own zone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DayRange } from "../../src/domain/gate.ts";
import { judgeWindow } from "../../src/plan/judge-window.ts";

const at = (text: string) => Date.parse(text);
const office = {
  ...{ days: [1, 2, 3, 4], from: 9 * 60, to: 16 * 60, zone: "Europe/London" },
  except: [] as readonly DayRange[],
};

const rows: readonly {
  readonly name: string;
  readonly window?: Partial<typeof office>;
  readonly now: string;
  readonly open?: string;
  readonly opens?: string;
}[] = [
  { name: "in the middle of it", now: "2026-11-17T12:00Z", open: "2026-11-17T16:00Z" },
  { name: "at its first moment", now: "2026-11-17T09:00Z", open: "2026-11-17T16:00Z" },
  { name: "at the moment of its end it is closed", now: "2026-11-17T16:00Z", opens: "2026-11-18T09:00Z" },
  { name: "before it, on the same day", now: "2026-11-17T08:59Z", opens: "2026-11-17T09:00Z" },
  { name: "over the days that have none", now: "2026-11-19T18:00Z", opens: "2026-11-23T09:00Z" },
  { name: "in summer time", now: "2026-07-14T08:30Z", open: "2026-07-14T15:00Z" },
  {
    name: "over the night in which clocks go forward",
    window: { days: [7], from: 90, to: 240 },
    now: "2026-03-28T12:00Z",
    opens: "2026-03-29T01:30Z",
  },
  {
    name: "to the end of the day",
    window: { days: [6], from: 0, to: 1440, zone: "Asia/Tokyo" },
    now: "2026-11-21T00:00Z",
    open: "2026-11-21T15:00Z",
  },
  {
    name: "on the same weekday of the next week",
    window: { days: [2] },
    now: "2026-11-17T17:00Z",
    opens: "2026-11-24T09:00Z",
  },
  {
    name: "over a holiday",
    window: { except: [{ from: "2026-11-18", to: "2026-11-18" }] },
    now: "2026-11-17T17:00Z",
    opens: "2026-11-19T09:00Z",
  },
  {
    name: "on a holiday, which is a day of the window's own zone",
    window: { days: [5], zone: "Asia/Tokyo", from: 0, to: 1440, except: [{ from: "2026-12-25", to: "2026-12-25" }] },
    now: "2026-12-24T16:00Z",
    opens: "2026-12-31T15:00Z",
  },
  {
    name: "over a range of holidays, with both its ends",
    window: { except: [{ from: "2026-12-21", to: "2027-01-04" }] },
    now: "2026-12-18T10:00Z",
    opens: "2027-01-05T09:00Z",
  },
  {
    name: "after most of a year",
    window: { days: [1], except: [{ from: "2026-11-01", to: "2027-10-31" }] },
    now: "2026-11-17T12:00Z",
    opens: "2027-11-01T09:00Z",
  },
  {
    name: "at an hour that the clocks leave out, which begins when they have gone forward",
    window: { days: [7], from: 90, to: 120 },
    now: "2026-03-29T00:00Z",
    opens: "2026-03-29T01:30Z",
  },
  {
    name: "through the hour that comes twice",
    window: { days: [7], from: 60, to: 150 },
    now: "2026-10-25T01:15Z",
    open: "2026-10-25T02:30Z",
  },
  {
    name: "with holidays all year",
    window: { except: [{ from: "2026-01-01", to: "2029-12-31" }] },
    now: "2026-11-17T12:00Z",
  },
  { name: "without a day", window: { days: [] }, now: "2026-11-17T12:00Z" },
];

describe("a window", () => {
  for (const { name, window, now, open, opens } of rows) {
    test(`${open ? "is open" : opens ? "is closed" : "never opens"}: ${name}`, () => {
      const state = judgeWindow({ ...office, ...window }, at(now));
      const expected = open
        ? { kind: "open", until: at(open) }
        : { kind: "closed", ...(opens !== undefined && { opens: at(opens) }) };
      assert.deepEqual(state, expected);
    });
  }
});
