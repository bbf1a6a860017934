import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_LEDGER } from "../../src/domain/ledger.ts";
import type { Action, Plan } from "../../src/domain/plan.ts";
import { renderPassLine } from "../../src/report/render-pass-line.ts";
import { describePlan, renderPlan } from "../../src/report/render-plan.ts";
import { attention, driftIssue, live } from "./build-live-view.ts";
import { at, check, promotion } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const HEAD = "4f1c2ab09d3e4f1c2ab09d3e4f1c2ab09d3e4f1c";

const OPEN: Action = {
  kind: "open",
  reason: "integration has had `1.8.0` since 2026-03-02 10:02 UTC",
  key: "checkout/staging",
  base: "main",
  baseHead: HEAD,
  baseTree: HEAD,
  edit: { files: [] },
  view: promotion(),
  check: check({ kind: "promotion", key: "checkout/staging", gates: [], notes: [] }),
};
const MERGE: Action = {
  kind: "merge",
  reason: "every gate has passed",
  key: "shop/dev",
  number: 31,
  head: HEAD,
  method: "squash",
  view: promotion({ key: "shop/dev", pipeline: "shop", environment: "dev" }),
};
const REMEMBER: Action = {
  kind: "remember",
  news: [],
  reason: "checkout/integration took `1.8.0`",
  before: EMPTY_LEDGER,
  ledger: EMPTY_LEDGER,
};
const CHECK: Action = {
  kind: "set-check",
  reason: "the check says something else than it should",
  head: HEAD,
  check: check({ kind: "nothing-of-ours", notes: [] }, { state: "success" }),
};

const RETAG: Action = {
  kind: "retag",
  reason:
    "`maria` ordered that `sha256:4f1c2ab09d3e` of `ghcr.io/acme/checkout` gets the name `registry.acme.example/live/checkout:v1.8.0-stable`",
  key: "checkout/live",
  id: "comment/4711.0",
  from: "ghcr.io/acme/checkout",
  digest: `sha256:${"4f".repeat(32)}`,
  image: "registry.acme.example/live/checkout",
  tag: "v1.8.0-stable",
};

const PLAN: Plan = {
  actions: [REMEMBER, MERGE, CHECK, OPEN],
  waits: [
    { key: "checkout/live", reason: "staging has not had `1.8.0` yet", until: at("2026-03-03T10:40") },
    { reason: "`ghcr.io` answered 503" },
  ],
  needs: [],
  unanswered: [],
  lookAgainAt: at("2026-03-02T10:41"),
};
const QUIET: Plan = { actions: [], waits: [], needs: [], unanswered: [] };

describe("a plan", () => {
  test("says which name is going to be written", () => {
    const text = renderPlan({ ...QUIET, actions: [RETAG] });
    assert.match(
      text,
      /^ {2}retag {2}live registry\.acme\.example\/live\/checkout:v1\.8\.0-stable {2,}maria ordered that/m,
    );
  });

  test("reads as a page, by pipeline", () => compareCase("plan.txt", renderPlan(PLAN)));

  test("says when there is nothing to do", () => {
    assert.equal(renderPlan(QUIET), "Nothing to do, and nothing to wait for.\n");
  });

  test("cannot move the cursor of a terminal", () => {
    const text = renderPlan({ ...QUIET, waits: [{ reason: "`\u001b[2J\u0007\u202e`" }] });
    assert.match(text, /^[\n\x20-\x7e]*$/);
  });

  test("is data for other programs, without the files", () => {
    const described = describePlan(PLAN);
    assert.deepEqual(JSON.parse(JSON.stringify(described)), described);
    assert.deepEqual(described.actions[1], {
      action: "merge",
      environment: "shop/dev",
      pullRequest: 31,
      versions: promotion().release.versions,
      head: HEAD,
      summary: "merge shop/dev #31 1.8.0",
      reason: "every gate has passed",
    });
    assert.deepEqual(described.waits[0], {
      environment: "checkout/live",
      reason: "staging has not had `1.8.0` yet",
      until: "2026-03-03T10:40:00.000Z",
    });
  });
});

const LIVE: readonly (readonly [Action, string])[] = [
  [
    {
      kind: "tell-live",
      reason: "Flux applies it",
      key: "checkout/staging",
      number: 31,
      view: live({ stage: "synced" }),
    },
    "tell-live checkout/staging #31 synced",
  ],
  [
    { kind: "call-for-attention", reason: "it is sick", key: "checkout/staging", number: 31, view: attention() },
    "call checkout/staging #31 degraded-bbbbbbbbbbbb",
  ],
  [
    {
      kind: "report-deployment",
      reason: "it is healthy",
      key: "checkout/staging",
      number: 31,
      commit: HEAD,
      status: { state: "success", description: "healthy" },
    },
    "deployment checkout/staging #31 4f1c2ab success",
  ],
  [
    { kind: "tell-drift", reason: "it was seen", key: "checkout/live", view: driftIssue() },
    "tell-drift checkout/live in a new issue",
  ],
  [
    { kind: "tell-drift", reason: "there is more", key: "checkout/live", view: driftIssue(), issue: 41 },
    "tell-drift checkout/live in #41",
  ],
  [{ kind: "settle-drift", reason: "it is gone", key: "checkout/live", issue: 41 }, "settle-drift checkout/live #41"],
  [
    {
      kind: "adopt-drift",
      reason: "maria wants it",
      key: "checkout/live",
      label: "stagecoach/adopt",
      issue: 41,
      branch: "adopt/checkout/live",
      base: "main",
      baseHead: HEAD,
      baseTree: HEAD,
      edit: { files: [] },
      title: "Adopt",
    },
    "adopt-drift checkout/live #41 on adopt/checkout/live",
  ],
  [
    {
      kind: "ask-to-sync",
      issue: 31,
      label: "stagecoach/sync",
      reason: "it heals nothing by itself",
      key: "checkout/live",
      target: { source: "prod-eu", kind: "argocd", name: "checkout-live" },
    },
    "ask-to-sync checkout/live checkout-live in prod-eu",
  ],
];

describe("what is done about what runs", () => {
  for (const [action, expected] of LIVE) {
    test(`is told as "${expected}"`, () => {
      const plan: Plan = { ...QUIET, actions: [action] };
      const [told] = describePlan(plan).actions;
      assert.equal(told?.summary, expected);
      assert.equal(told.environment, "key" in action ? action.key : undefined);
      assert.match(renderPlan(plan), new RegExp(`${action.reason}\n$`));
      const pass = { repository: 7, plan, outcomes: [], requests: 1, milliseconds: 1 };
      assert.deepEqual(renderPassLine(pass).fields.actions, [expected]);
    });
  }

  test("is data with the issue and the pull request that it is about", () => {
    const [told] = describePlan({ ...QUIET, actions: LIVE.slice(4, 5).map(([action]) => action) }).actions;
    assert.deepEqual(told, {
      action: "tell-drift",
      environment: "checkout/live",
      issue: 41,
      summary: "tell-drift checkout/live in #41",
      reason: "there is more",
    });
  });
});

describe("the line of a pass", () => {
  test("has a message that never changes and the facts in fields", () => {
    const line = renderPassLine({
      repository: 7,
      plan: PLAN,
      outcomes: [
        { action: REMEMBER, kind: "done" },
        { action: MERGE, kind: "moved-on", why: "the head is no longer `4f1c2ab`" },
      ],
      requests: 9,
      milliseconds: 840,
    });
    assert.deepEqual(line, {
      level: "info",
      message: "pass finished",
      fields: {
        repository: 7,
        actions: ["remember", "merge shop/dev #31 1.8.0", "check 4f1c2ab success", "open checkout/staging 1.8.0"],
        waits: ["checkout/live: staging has not had 1.8.0 yet", "repository: ghcr.io answered 503"],
        outcomes: { done: 1, "moved-on": 1 },
        setbacks: ["merge shop/dev #31 1.8.0: moved-on, the head is no longer 4f1c2ab"],
        lookAgainAt: "2026-03-02 10:41 UTC",
        requests: 9,
        milliseconds: 840,
      },
    });
  });

  test("is for debugging only when there was nothing to do", () => {
    const pass = { repository: 7, plan: QUIET, outcomes: [], requests: 1, milliseconds: 40 };
    assert.equal(renderPassLine(pass).level, "debug");
  });

  test("counts what it would be too long to name", () => {
    const waits = Array.from({ length: 500 }, () => ({ reason: "waits" }));
    const { fields } = renderPassLine({
      repository: 7,
      plan: { ...QUIET, waits },
      outcomes: [],
      requests: 1,
      milliseconds: 1,
    });
    assert.equal(fields.waits.length, 21);
    assert.equal(fields.waits.at(-1), "and 480 more");
  });

  test("T22: holds no credential that a registry put into its error", () => {
    const secret = `ghs_${"a1B2".repeat(9)}`;
    const reasons = [
      `token ${secret} refused`,
      `https://bot:${secret}@ghcr.io failed`,
      `Authorization: Bearer ${secret}`,
    ];
    const { fields } = renderPassLine({
      repository: 7,
      plan: { ...QUIET, waits: reasons.map((reason) => ({ reason })) },
      outcomes: [],
      requests: 1,
      milliseconds: 1,
    });
    assert.doesNotMatch(JSON.stringify(fields), /a1B2/);
  });
});
