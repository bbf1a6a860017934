import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readApplication } from "../../../src/live/argocd/read-application.ts";
import { BEHIND, DEPLOYMENT, DRIFTED, makeApplication, NOW, operation } from "./make-application.ts";

const ROUNDS = 4_000;
const SEED = Number(process.env.SEED ?? 20270301);

const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  Number.MAX_VALUE,
  "",
  "\u0000\u202e@everyone <script>",
  "x".repeat(100_000),
  "9999999-99-99T99:99:99Z",
  [],
  [null, 7, "text", [[]]],
  {},
  { length: 3, map: "no function" },
  JSON.parse('{"__proto__": {"phase": "Running"}, "constructor": 1, "toString": null}'),
];

describe("hostile Applications", () => {
  test(`T17: ${ROUNDS} mutations are read without a throw, and nothing is invented (SEED=${SEED})`, () => {
    const random = generator(SEED);
    const seeds = [
      makeApplication(),
      makeApplication(BEHIND),
      makeApplication(DRIFTED),
      makeApplication(DRIFTED, RICH),
    ];
    for (let round = 0; round < ROUNDS; round++) {
      const application = structuredClone(seeds[round % seeds.length]) ?? {};
      for (let times = 1 + random(4); times > 0; times--) mutate(application, random);
      const state = readApplication(application, { now: NOW, refreshed: random(2) === 0 });
      if (state.kind === "unknown") continue;
      const { value } = state;
      assert.deepEqual(JSON.parse(JSON.stringify(value)), value, "it survives JSON");
      assert.ok(value.resources.length <= 200 && value.suspects.length <= 200 && value.prunable.length <= 200);
      assert.ok(longestText(value) <= 1_000, `a text of ${longestText(value)} characters`);
      const status = (application.status as { sync?: { status?: unknown } } | undefined)?.sync?.status;
      if (value.sync.state === "synced") assert.equal(status, "Synced");
      if (value.health.basis === "none") assert.equal(value.health.state, "unknown");
    }
  });

  for (const value of [undefined, null, [], "Application", 7, {}, { metadata: [] }, { metadata: { name: {} } }]) {
    test(`${JSON.stringify(value)} is no Application`, () => {
      const state = readApplication(value, { now: NOW, refreshed: false });
      assert.equal(state.kind, "unknown");
    });
  }

  test("T17: nesting without end is not followed to its end", () => {
    let deep: unknown = "end";
    for (let depth = 0; depth < 50_000; depth++) deep = { in: deep };
    const application = makeApplication();
    (application.spec as { source: unknown }).source = { repoURL: "https://github.com/acme/config", helm: deep };
    assert.equal(readApplication(application, { now: NOW, refreshed: false }).kind, "known");
  });

  test("messages are cut where they come in", () => {
    const long = "<b>".repeat(10_000);
    const application = makeApplication(DRIFTED, {
      status: {
        health: { message: long },
        conditions: [{ type: "SyncError", message: long }],
        operationState: { message: long },
      },
    });
    const state = readApplication(application, { now: NOW, refreshed: false });
    assert.ok(state.kind === "known");
    assert.ok(longestText(state.value) <= 1_000);
  });

  test("T22: passwords in addresses are taken out of every message", () => {
    const message = "cannot fetch https://bot:ghp_0123456789@github.com/acme/config and ssh://key@host/x";
    const application = makeApplication(
      BEHIND,
      { status: { health: { message }, conditions: [{ type: "SyncError", message }] } },
      operation({
        phase: "Failed",
        message,
        syncResult: { resources: [{ ...DEPLOYMENT, status: "SyncFailed", message }] },
      }),
    );
    const text = JSON.stringify(readApplication(application, { now: NOW, refreshed: false }));
    assert.ok(!text.includes("ghp_0123456789"));
    assert.ok(text.includes("https://github.com/acme/config"));
  });
});

const RICH = {
  metadata: { annotations: { "argocd.argoproj.io/compare-options": "IgnoreExtraneous" } },
  spec: {
    sources: [{ repoURL: "https://charts.example", chart: "web", targetRevision: "1" }],
    ignoreDifferences: [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }],
  },
  status: {
    conditions: [{ type: "SyncError", message: "no" }],
    sourceHydrator: { lastSuccessfulOperation: { drySHA: "a", hydratedSHA: "b" } },
    resources: [
      { ...DEPLOYMENT, status: "OutOfSync", requiresPruning: true, health: { status: "Degraded", message: "no" } },
    ],
  },
};

function mutate(value: unknown, random: (below: number) => number): void {
  let at = value;
  for (let depth = 0; depth < 8; depth++) {
    if (typeof at !== "object" || at === null) return;
    const keys = Object.keys(at);
    const key = keys[random(keys.length)];
    if (key === undefined) return;
    const inner = (at as Record<string, unknown>)[key];
    if (random(4) === 0 || typeof inner !== "object" || inner === null) {
      (at as Record<string, unknown>)[key] = structuredClone(JUNK[random(JUNK.length)]);
      return;
    }
    at = inner;
  }
}

function longestText(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestText));
}

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
