// The first moment at which windows and freezes agree, which is what people are told to expect.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WindowGate } from "../../src/domain/gate.ts";
import type { Freeze } from "../../src/domain/pipeline.ts";
import { findOpening } from "../../src/plan/find-opening.ts";

const at = (text: string) => Date.parse(text);
const office: WindowGate = {
  ...{ kind: "window", days: [1, 2, 3, 4], from: 9 * 60, to: 16 * 60, zone: "Europe/London" },
  except: [],
};
const freeze = (from: string, to: string): Freeze => ({ from: at(from), to: at(to), why: "sale", environments: [] });

const rows: readonly {
  readonly name: string;
  readonly windows?: readonly WindowGate[];
  readonly freezes?: readonly Freeze[];
  readonly now: string;
  readonly opens?: string;
}[] = [
  { name: "now, where nothing binds", now: "2026-11-17T12:00Z", opens: "2026-11-17T12:00Z" },
  { name: "when the window opens", windows: [office], now: "2026-11-20T12:00Z", opens: "2026-11-23T09:00Z" },
  {
    name: "when the freeze ends",
    freezes: [freeze("2026-11-01T00:00Z", "2026-11-18T10:00Z")],
    now: "2026-11-17T12:00Z",
    opens: "2026-11-18T10:00Z",
  },
  {
    name: "when the window opens after the freeze",
    windows: [office],
    freezes: [freeze("2026-12-19T00:00Z", "2027-01-02T00:00Z")],
    now: "2026-12-18T17:00Z",
    opens: "2027-01-04T09:00Z",
  },
  {
    name: "after a second freeze that begins in the meantime",
    windows: [office],
    freezes: [freeze("2026-12-19T00:00Z", "2027-01-02T00:00Z"), freeze("2027-01-04T08:00Z", "2027-01-05T12:00Z")],
    now: "2026-12-18T17:00Z",
    opens: "2027-01-05T12:00Z",
  },
  {
    name: "when two windows overlap",
    windows: [office, { ...office, days: [3], from: 15 * 60, to: 20 * 60 }],
    now: "2026-11-17T12:00Z",
    opens: "2026-11-18T15:00Z",
  },
  {
    name: "never, where two windows have no day in common",
    windows: [office, { ...office, days: [6] }],
    now: "2026-11-17T12:00Z",
  },
];

describe("what only time closes opens", () => {
  for (const { name, windows = [], freezes = [], now, opens } of rows) {
    test(name, () => {
      assert.equal(findOpening({ windows, freezes }, at(now)), opens === undefined ? undefined : at(opens));
    });
  }
});
