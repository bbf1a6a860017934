// What is kept of live sources from pass to pass: since when something is as it is, and when each place was heard of last.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../src/domain/live-state.ts";
import type { LiveReading } from "../../src/domain/observed.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { type LiveShell, observeLive } from "../../src/reconcile/observe-live.ts";
import { configuration, environment, minutes, pipeline } from "../plan/build.ts";
import { git, liveState, MERGE, target } from "../plan/build-live.ts";

const other = { ...target, name: "apps/checkout-live" };
const followed = configuration({
  pipelines: [
    pipeline({ environments: [environment("staging", { live: [target] }), environment("live", { live: [other] })] }),
  ],
});
const at = { installation: 1, repository: 1, owner: "acme", name: "platform-config" };

type Shown = Seen<LiveState> | Partial<LiveState>;

/** Looks at both places as often as there are looks: minutes after noon, what `staging` and what `live` show. */
async function look(looks: readonly (readonly [minute: number, staging: Shown, live?: Shown])[]) {
  const kept = new Map<string, string>();
  let readings: Readonly<Record<string, readonly LiveReading[]>> = {};
  let writes = 0;
  for (const [minute, staging, live = {}] of looks) {
    const shell: LiveShell = {
      now: () => minutes(minute),
      live: {
        read: async () => [staging, live].map((each) => asSeen(each, minutes(minute))),
        readClaims: async () => [],
      },
      store: {
        cache: {
          read: async (_, keys) => new Map(keys.flatMap((key) => (kept.has(key) ? [[key, kept.get(key) ?? ""]] : []))),
          write: async (_, entries) => {
            writes += 1;
            for (const [key, text] of entries) kept.set(key, text);
          },
        },
      },
    };
    readings = await observeLive(followed, { at, shell });
  }
  return { staging: readings["checkout/staging"]?.[0], live: readings["checkout/live"]?.[0], writes };
}

function asSeen(shown: Shown, readAt: number): Seen<LiveState> {
  if ("kind" in shown) return shown;
  return known(liveState({ freshness: { readAt, proof: "read" }, ...shown }));
}

function sinceOf(reading: LiveReading | undefined): number | undefined {
  return reading?.state.kind === "known" ? reading.state.value.health.since : undefined;
}

const healthy: Partial<LiveState> = { health: { state: "healthy", basis: "kstatus" } };
const failed: Partial<LiveState> = { sync: { state: "failed", cause: "apply-failed" } };

describe("when a place was heard of last", () => {
  test("is not when its neighbour in the same source was", async () => {
    const { staging, live } = await look([
      [0, {}],
      [5, unknown("there is no such Kustomization")],
      [20, unknown("there is no such Kustomization")],
    ]);
    assert.equal(staging?.heardAt, minutes(0));
    assert.equal(live?.heardAt, minutes(20));
  });

  test("and since when it is silent, by the looks themselves", async () => {
    const gone = unknown("there is no such Kustomization");
    const { staging, live } = await look([
      [0, {}],
      [20, gone],
      [25, gone],
    ]);
    assert.equal(staging?.silentSince, minutes(20));
    assert.equal(live?.silentSince, undefined);
    assert.equal((await look([[5, gone]])).staging?.silentSince, minutes(5));
  });

  test("is not when it said something stale", async () => {
    const stale = { freshness: { readAt: minutes(20), proof: "none", stale: "it has not looked since" } } as const;
    const { staging } = await look([
      [0, {}],
      [20, stale],
    ]);
    assert.equal(staging?.heardAt, minutes(0));
  });

  test("is not known of what was never heard of", async () => {
    const { staging } = await look([[0, unknown("connection refused")]]);
    assert.equal(staging?.heardAt, undefined);
  });
});

describe("since when it has been healthy, where the source does not say", () => {
  test("since the first look, as long as nobody looks away for too long", async () => {
    const { staging } = await look([
      [0, healthy],
      [10, healthy],
      [20, healthy],
    ]);
    assert.equal(sinceOf(staging), minutes(0));
  });

  for (const [name, between] of [
    ["something else was seen", { health: { state: "progressing", basis: "kstatus" } }],
    ["it was silent", unknown("timed out")],
    ["another commit was applied", { ...healthy, observed: git(MERGE) }],
  ] as const) {
    test(`anew after ${name}`, async () => {
      const { staging } = await look([
        [0, healthy],
        [5, between],
        [6, healthy],
      ]);
      assert.equal(sinceOf(staging), minutes(6));
    });
  }

  test("anew after nobody looked for too long", async () => {
    const { staging } = await look([
      [0, healthy],
      [16, healthy],
    ]);
    assert.equal(sinceOf(staging), minutes(16));
  });
});

describe("since when applying fails", () => {
  test("since it was first seen to fail, however often it was tried again", async () => {
    const { staging, live } = await look([
      [0, failed],
      [10, failed],
      [20, failed],
    ]);
    assert.equal(staging?.failingSince, minutes(0));
    assert.equal(live?.failingSince, undefined);
  });

  test("anew after it had succeeded", async () => {
    const { staging } = await look([
      [0, failed],
      [5, {}],
      [6, failed],
    ]);
    assert.equal(staging?.failingSince, minutes(6));
  });
});

test("an unchanged world is written down once a minute at most", async () => {
  assert.equal((await look([0, 0.2, 0.4, 0.6, 0.8].map((minute) => [minute, {}]))).writes, 1);
});
