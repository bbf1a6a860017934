import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Finding } from "../../src/domain/finding.ts";
import type { CheckText } from "../../src/forge/write-request.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { at, check, gate } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());
const render = (view: ReturnType<typeof check>) => renderer.check(view) satisfies CheckText;

const TYPO: Finding = {
  severity: "error",
  file: ".github/stagecoach.yaml",
  line: 12,
  column: 16,
  path: "pipelines[0].environments[1].after[0]",
  message: "Environment `staging` comes after `intgration`, which this pipeline does not have.",
  hint: "Did you mean `integration`?",
  excerpt: "        after: [intgration]",
  length: 10,
};

const READ = [
  {
    name: "check-promotion.md",
    says: "every gate and what a person should know",
    view: check(
      {
        kind: "promotion",
        key: "checkout/staging",
        gates: [
          gate("merged in integration", "passed", { reason: "integration took it with pull request 12" }),
          gate("approvals", "waiting", { reason: "0 of 2 approvals", unblock: "/override approvals <reason>" }),
          gate("window mon-thu 09:00–16:00 Europe/London", "waiting", {
            reason: "the window is closed",
            expectedAt: at("2026-03-05T09:00"),
          }),
        ],
        notes: ["`1.9.0` waits behind it, because `maria` has approved this head"],
      },
      { title: "`approvals`: 0 of 2 approvals, and 1 more gate waits" },
    ),
  },
  {
    name: "check-merge-group.md",
    says: "which promotions the group contains",
    view: check(
      { kind: "merge-group", promotions: [12, 14, 15], notes: [] },
      { state: "success", title: "3 promotions may merge" },
    ),
  },
  {
    name: "check-findings.md",
    says: "what is wrong, where, and how to mend it",
    view: check(
      {
        kind: "findings",
        findings: [
          { ...TYPO, column: 17 },
          {
            severity: "warning",
            file: ".github/stagecoach/web.yaml",
            line: 3,
            column: 5,
            path: "pipelines[0]",
            message: "No file matches `apps/web/**`.",
          },
        ],
        notes: ["Pipeline `web` goes on as it is on `main`"],
      },
      { state: "failure", title: "1 error in the pipeline file" },
    ),
  },
  {
    name: "check-nothing-of-ours.md",
    says: "that nothing is to be judged",
    view: check({ kind: "nothing-of-ours", notes: [] }, { state: "success", title: "Nothing of Stagecoach’s" }),
  },
];

describe("the check", () => {
  for (const { name, says, view } of READ) {
    test(`says ${says} (${name})`, () => {
      const { state, title, summary } = render(view);
      compareCase(name, `${state}: ${title}\n\n${summary}`);
    });
  }

  test("says why nothing is promoted where there is no finding", () => {
    const why = "the ledger has a commit by `mallory`";
    const { summary } = render(check({ kind: "findings", findings: [], notes: [why] }, { state: "failure" }));
    assert.equal(summary, `- ${why}`);
  });

  test("puts findings at their lines, in plain text", () => {
    const { annotations } = render(check({ kind: "findings", findings: [TYPO], notes: [] }));
    assert.deepEqual(annotations, [
      {
        path: ".github/stagecoach.yaml",
        line: 12,
        level: "failure",
        message:
          "Environment staging comes after intgration, which this pipeline does not have.\nDid you mean integration?",
      },
    ]);
  });

  test("keeps titles within 120 characters and summaries within 60,000", () => {
    const long = "x y ".repeat(5_000);
    const findings = Array.from({ length: 3_000 }, () => ({
      ...TYPO,
      message: long,
      hint: long,
      excerpt: long,
      file: long,
    }));
    const gates = Array.from({ length: 200 }, () => gate(long, "waiting", { reason: long, unblock: long }));
    const notes = Array.from({ length: 2_000 }, () => long);
    const subjects = [
      { kind: "findings", findings, notes },
      { kind: "promotion", key: "checkout/live", gates, notes },
      { kind: "merge-group", promotions: Array.from({ length: 9_000 }, (_, index) => index + 1), notes },
      { kind: "nothing-of-ours", notes },
    ] as const;
    for (const subject of subjects) {
      const { title, summary, annotations } = render(check(subject, { title: long }));
      assert.ok(title.length <= 120);
      assert.ok(summary.length < 60_000);
      assert.ok(annotations.length <= 50);
      assert.match(summary, /not shown here/);
    }
  });
});
