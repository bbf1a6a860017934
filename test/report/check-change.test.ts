import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CheckSubject } from "../../src/domain/check-view.ts";
import type { Finding } from "../../src/domain/finding.ts";
import type { GuardVerdict } from "../../src/domain/guard-verdict.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { findUnsafeMarkdown } from "../../src/report/find-unsafe-markdown.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { check } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

type Change = Extract<CheckSubject, { kind: "change" }>;

const SECRET: GuardVerdict = {
  guard: "secrets",
  keys: ["checkout/live"],
  state: "failed",
  at: { path: "apps/checkout/live/db.yaml", line: 4 },
  why: "a value of a Secret stands in `stringData.password` in plain text",
  cure: "Encrypt it, or refer to where it is kept; or somebody who may writes `/override secrets <reason>`",
};
const SPREAD: GuardVerdict = {
  guard: "several-environments",
  keys: ["checkout/staging", "checkout/live"],
  state: "remark",
  why: "it changes `checkout/staging` and `checkout/live` at once",
  cure: "Change one environment after the other, a pull request for each",
};
const FINDING: Finding = {
  severity: "warning",
  file: ".github/stagecoach.yaml",
  line: 12,
  column: 16,
  path: "pipelines[0].environments[1].paths[0]",
  message: "No file matches `apps/web/**`.",
};

function render(changes: Partial<Change>) {
  const subject: Change = {
    kind: "change",
    verdicts: [],
    findings: [],
    preview: [],
    removals: [],
    approvals: [],
    notes: [],
    ...changes,
  };
  return renderer.check(check(subject, { state: "failure", title: "secrets" }));
}

describe("the check on somebody's pull request", () => {
  test("says what the guards found, what is in its pipeline file and what that would lead to", () => {
    const { summary } = render({
      verdicts: [
        SPREAD,
        { ...SECRET, state: "overridden", guard: "downgrades", why: "`a` goes back to `1.6.0` from `1.7.0`" },
        SECRET,
        { ...SECRET, state: "waiting", guard: "unproven", why: "nobody can say what it has proven" },
      ],
      findings: [FINDING],
      preview: ["`web/live` is a new environment", "`web/live` waits: `1.8.0` has not been in staging"],
      notes: ["Nothing of this pipeline file counts before it is on the default branch"],
    });
    compareCase("check-change.md", summary);
  });

  test("stands at the lines, in plain text; what was overridden stands nowhere", () => {
    const { annotations } = render({
      verdicts: [SECRET, SPREAD, { ...SECRET, state: "overridden" }],
      findings: [FINDING],
    });
    assert.deepEqual(
      annotations.map(({ path, line, level }) => `${level} ${path}:${line}`),
      ["warning .github/stagecoach.yaml:12", "failure apps/checkout/live/db.yaml:4"],
    );
    assert.match(annotations[1]?.message ?? "", /^secrets: a value of a Secret stands in stringData\.password/);
  });

  test("T14: shows hostile names as code", () => {
    const hostile = "@everyone | <img src=x> `x` #1 https://example.com\n| a | b |";
    const { summary } = render({
      verdicts: [{ ...SECRET, at: { path: hostile, line: 1 }, why: hostile, cure: hostile, keys: ["a/b", "c/d"] }],
      findings: [{ ...FINDING, file: hostile, message: hostile }],
      preview: [hostile],
      notes: [hostile],
    });
    assert.deepEqual(findUnsafeMarkdown(summary), []);
  });

  test("T24: shows no token, wherever it slipped in", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const slack = `xoxb-${"1234567890-".repeat(2)}abcdef`;
    const text = `it holds \`${token}\` and \`${slack}\``;
    const report = render({ verdicts: [{ ...SECRET, why: text, cure: text }], preview: [text], notes: [text] });
    assert.doesNotMatch(JSON.stringify(report), new RegExp(`${token}|${slack}`));
  });

  test("stays under GitHub's limit with thousands of findings, and says that there are more", () => {
    const long = "x y ".repeat(5_000);
    const { summary, annotations } = render({
      verdicts: Array.from({ length: 3_000 }, () => ({ ...SECRET, why: long, cure: long })),
      findings: Array.from({ length: 3_000 }, () => ({ ...FINDING, message: long })),
      preview: Array.from({ length: 20 }, () => long),
      notes: Array.from({ length: 100 }, () => long),
    });
    assert.ok(summary.length < 60_000);
    assert.match(summary, /findings? of the guards not shown here/);
    assert.ok(annotations.length <= 50);
  });
});
