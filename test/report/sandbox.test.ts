// What people read about an environment that is lent: our pull request, its commit, its check, and the one comment.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SandboxPullView, SandboxView } from "../../src/domain/sandbox.ts";
import { readCommentMark } from "../../src/forge/read-marks.ts";
import { readTrailers } from "../../src/forge/read-trailers.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { at } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

function pull(changes: Partial<SandboxPullView> = {}): SandboxPullView {
  return {
    key: "checkout/dev",
    pipeline: "checkout",
    environment: "dev",
    direction: "lend",
    number: 12,
    by: "maria",
    path: "clusters/dev/root-sync.yaml",
    from: "main",
    to: "feature/cart#2",
    why: "`maria` claimed it for pull request 12",
    merge: "it is merged by itself",
    fingerprint: "f1",
    ...changes,
  };
}

function lent(changes: Partial<SandboxView> = {}): SandboxView {
  return {
    key: "checkout/dev",
    environment: "dev",
    stage: "lent",
    by: "maria",
    at: at("2026-03-02T10:00"),
    reason: "`checkout/dev` is lent to pull request 12: `clusters/dev/root-sync.yaml` says `feature/cart#2`",
    places: [
      {
        source: "dev",
        name: "root-sync",
        revision: "a".repeat(40),
        isHead: true,
        sync: "synced",
        health: "degraded",
        reason: "`cart crashes`",
      },
      { source: "edge", name: "root-sync", isHead: false, reason: "no news from edge" },
    ],
    fingerprint: "lent.f1",
    ...changes,
  };
}

describe("our pull request", () => {
  test("says what merging it does", () => {
    const { title, body } = renderer.sandboxPull(pull());
    assert.equal(title, "Lend dev of checkout to #12");
    compareCase("sandbox-pull.md", body);
  });

  test("says what it puts back", () => {
    const back = pull({ direction: "take-back", from: "feature/cart#2", to: "main", why: "pull request 12 is merged" });
    const { title, body } = renderer.sandboxPull(back);
    assert.equal(title, "Take dev of checkout back from #12");
    compareCase("sandbox-pull-back.md", body);
  });

  test("has a commit that GitHub closes nothing by, with who asked for it", () => {
    const message = renderer.sandboxCommit(pull());
    assert.deepEqual(
      readTrailers(message).map(({ key, value }) => `${key}: ${value}`),
      ["Pipeline: checkout", "Environment: dev", "Requested-By: maria"],
    );
    assert.ok(!/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b/i.test(message));
  });
});

describe("the comment on the pull request that borrows", () => {
  test("says who has it, what runs, and whether that is the head", () => {
    const body = renderer.sandbox(lent());
    compareCase("sandbox.md", body);
    assert.deepEqual(readCommentMark(body), { topic: "sandbox/checkout/dev", fingerprint: "lent.f1" });
  });

  test("T14: makes no mention, reference or link of what a cluster says", () => {
    const hostile = "`@everyone closes #1 <img src=x> [a](http://evil.example)`";
    const [place] = lent().places;
    assert.ok(place);
    const body = renderer.sandbox(
      lent({ reason: `it waits: ${hostile}`, places: [{ ...place, name: "`|@x", reason: hostile }] }),
    );
    assert.ok(!/(?<!`[^`\n]*)@everyone/.test(body.replace(/`[^`]*`/g, "")));
  });
});
