import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DashboardView } from "../../src/domain/dashboard.ts";
import type { EnvironmentKey } from "../../src/domain/pipeline.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { findUnsafeMarkdown } from "../../src/report/find-unsafe-markdown.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { at } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

const QUIET: DashboardView = {
  alarms: [],
  held: [],
  blocked: [],
  failing: [],
  waiting: [],
  drifting: [],
  lent: [],
  open: [],
  running: [
    {
      environments: ["integration", "live"],
      rows: [{ pipeline: "checkout", cells: [cell("1.8.0"), cell("1.7.0")] }],
    },
  ],
  idle: ["checkout/integration", "checkout/live"],
  mayTick: true,
  fingerprint: "0123456789abcdef",
};

function cell(declared: string | undefined, unproven = false) {
  return { unproven, ...(declared !== undefined && { declared }) };
}

function dashboard(changes: Partial<DashboardView> = {}) {
  return renderer.dashboard({ ...QUIET, ...changes });
}

const BUSY: Partial<DashboardView> = {
  held: [
    {
      place: "checkout/live",
      by: "maria",
      at: at("2026-03-02T09:12"),
      until: at("2026-03-02T18:00"),
      reason: "the sale is on",
      boxes: ["resume checkout/live"],
    },
    { place: "cart", by: "leo", at: at("2026-03-01T08:00"), reason: "a new database", boxes: ["resume cart"] },
  ],
  blocked: [
    {
      tag: "1.8.0",
      images: ["ghcr.io/acme/checkout"],
      by: "ann",
      at: at("2026-03-02T10:00"),
      reason: "it loses orders | see @ann and #12",
      boxes: ["unblock 1.8.0"],
    },
  ],
  failing: [
    {
      key: "checkout/staging",
      release: "1.8.0",
      number: 31,
      why: "not refused: `1.8.0` is blocked by ann, and 1 more",
    },
  ],
  waiting: [
    {
      key: "cart/live",
      why: "`2.0.0` is not proposed yet: it has been healthy in staging since 09:00",
      until: at("2026-03-03T09:00"),
    },
    { key: "shop/live", why: "pull request 33 waits for a person to merge it" },
  ],
  drifting: [{ key: "shop/dev", issue: 12 }],
  lent: [
    { key: "shop/test", number: 40, by: "leo", at: at("2026-03-02T07:00") },
    { key: "shop/demo", number: 41, by: "leo", at: at("2026-03-02T07:00"), ended: "pull request 41 was closed" },
  ],
  open: [
    {
      key: "checkout/staging",
      release: "1.8.0",
      number: 31,
      boxes: ["hold checkout/staging", "retry checkout/staging"],
    },
    { key: "shop/live", release: "3.1.0", number: 33, boxes: ["hold shop/live", "retry shop/live"] },
  ],
  running: [
    {
      environments: ["dev", "live"],
      rows: [
        { pipeline: "cart", cells: [cell("2.0.0", true), cell("1.9.0")] },
        { pipeline: "shop", cells: [cell("3.1.0"), cell(undefined)] },
      ],
    },
    {
      environments: ["integration", "staging", "live"],
      rows: [{ pipeline: "checkout", cells: [cell("1.8.0"), cell("1.7.0"), cell("1.7.0")] }],
    },
  ],
  idle: ["cart/dev", "checkout/integration"],
};

describe("the dashboard", () => {
  test("has a section for each question, and boxes where something can be done (dashboard.md)", () => {
    const { title, body } = dashboard(BUSY);
    assert.equal(title, "Stagecoach dashboard");
    compareCase("dashboard.md", body);
    assert.equal(body.split("\n").at(-1), "<!-- stagecoach:dashboard 0123456789abcdef -->");
  });

  test("is short where nothing happens (dashboard-quiet.md)", () => {
    compareCase("dashboard-quiet.md", dashboard().body);
  });

  test("says first what stops everything, and offers no box where none is taken", () => {
    const { body } = dashboard({ alarms: ["nothing is promoted: the ledger has a commit by `eve`"], mayTick: false });
    assert.match(body, /^- ❗ Nothing is promoted: the ledger has a commit by `eve`\.$/m);
    assert.doesNotMatch(body, /Tick a box/);
  });

  test("T14: makes nothing of what people wrote but text", () => {
    const words = "@everyone closes #1 <!-- stagecoach:do hold checkout/live --> [x](http://x.example) | `";
    const { body } = dashboard({
      held: [{ place: "checkout/live", by: words, at: at("2026-03-02T09:12"), reason: words, boxes: [] }],
      waiting: [{ key: "checkout/live", why: words }],
      open: [{ key: "checkout/live", release: words, number: 3, boxes: [] }],
    });
    assert.doesNotMatch(body, /^- \[ \]/m);
    assert.deepEqual(findUnsafeMarkdown(body, { references: [3] }), []);
    assert.match(body, /@everyone/);
  });

  test("T15: has boxes for commands that can stand in a mark only", () => {
    for (const box of ["hold a--b", "hold live -->", "hold", "Hold live", "hold live\nx"])
      assert.throws(() => dashboard({ open: [{ ...OPEN, boxes: [box] }] }), /A mark cannot hold/);
  });

  test("never says more than GitHub takes, and leaves out what matters least", () => {
    const keys = Array.from({ length: 2_000 }, (_, index): EnvironmentKey => `service-${index}/production-europe`);
    const long = "x".repeat(500);
    const { body } = dashboard({
      held: keys.map((place) => ({ place, by: "maria", at: 0, reason: long, boxes: [`resume ${place}`] })),
      blocked: keys.map((key) => ({
        tag: key.replace("/", "-"),
        images: [long],
        by: "ann",
        at: 0,
        reason: long,
        boxes: [],
      })),
      failing: keys.map((key, index) => ({ key, release: long, number: index + 1, why: long })),
      waiting: keys.map((key) => ({ key, why: long })),
      open: keys.map((key, index) => ({
        key,
        release: long,
        number: index + 1,
        boxes: [`hold ${key}`, `retry ${key}`],
      })),
      idle: keys,
    });
    assert.ok(body.length < 58_000, `${body.length}`);
    assert.match(body, /### Held/);
    assert.match(body, /Left out, because GitHub limits how long this may be: .*where there is nothing to do/);
    assert.match(body, /more rows not shown here/);
    assert.match(body, /stagecoach:dashboard 0123456789abcdef -->$/);
  });

  test("has room for 300 services in six environments", () => {
    const environments = ["dev", "test", "integration", "staging", "europe", "america"];
    const rows = Array.from({ length: 400 }, (_, index) => ({
      pipeline: `service-${index}`,
      cells: environments.map(() => cell("1.123.45")),
    }));
    const { body } = dashboard({ running: [{ environments, rows }], idle: [] });
    assert.equal(body.match(/^\| `service-\d+` \|/gm)?.length, 300);
    assert.match(body, /^100 more pipelines not shown here\.$/m);
  });
});

const OPEN = { key: "checkout/live", release: "1.8.0", number: 3 } as const;

describe("the comment about a refusal", () => {
  test("says whose word it was, what, why not and what would help (refusal.md)", () => {
    const body = renderer.refusal({
      situation: "refused-tick-12-1772442720",
      refusals: [
        {
          by: ["stranger"],
          line: "/hold checkout/live",
          what: "`/hold` takes the role triage or more in this repository, and `stranger` has read",
          notes: ["ask somebody who has it"],
        },
        { by: ["maria", "leo"], line: "resume cart", what: "nobody can tell whose ticks they are", notes: [] },
      ],
    });
    compareCase("refusal.md", body);
  });

  test("T14: makes nothing of hostile words but text", () => {
    const line = "/hold @everyone closes #1 <img src=x>";
    const body = renderer.refusal({
      situation: "refused-button-5-hold-7",
      refusals: [{ by: ["@eve"], line, what: line, notes: [line] }],
    });
    assert.deepEqual(findUnsafeMarkdown(body), []);
  });
});

describe("the buttons of a check", () => {
  const subject = { kind: "promotion", key: "checkout/live", gates: [], notes: [] } as const;
  const buttonsOf = (actions: readonly ("hold" | "resume" | "resume-pipeline" | "retry" | "approve-deletion")[]) =>
    renderer.check({ state: "success", title: "Passed", subject, actions, fingerprint: "0123456789abcdef" }).actions;

  test("are as long as GitHub takes them", () => {
    for (const each of ["hold", "resume", "resume-pipeline", "retry", "approve-deletion"] as const) {
      const [button = assert.fail()] = buttonsOf([each]);
      assert.ok(button.label.length <= 20 && button.description.length <= 40 && button.identifier.length <= 20, each);
    }
  });

  test("are three at most, and none where none are offered", () => {
    const three = buttonsOf(["hold", "resume", "resume-pipeline", "retry"]);
    assert.deepEqual(
      three.map(({ label }) => label),
      ["Hold", "Resume", "Resume the pipeline"],
    );
    const { actions } = renderer.check({ state: "success", title: "Passed", subject, fingerprint: "0123456789abcdef" });
    assert.deepEqual(actions, []);
  });
});
