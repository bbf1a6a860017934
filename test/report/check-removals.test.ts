import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CheckSubject } from "../../src/domain/check-view.ts";
import type { RemovedObject } from "../../src/domain/removal.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { findUnsafeMarkdown } from "../../src/report/find-unsafe-markdown.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { check } from "./build-view.ts";
import { compareCase } from "./compare-case.ts";

const renderer = createRenderer(loadTemplates());

type Removals = Extract<CheckSubject, { kind: "removals" }>;

const service: RemovedObject = {
  apiVersion: "v1",
  kind: "Service",
  namespace: "shop",
  name: "web",
  path: "apps/checkout/live/service.yaml",
  protection: ["argocd.argoproj.io/sync-options: Prune=false", "helm.sh/resource-policy: keep"],
  holdsData: false,
};
const volume: RemovedObject = {
  ...service,
  kind: "PersistentVolumeClaim",
  name: "data",
  path: "apps/checkout/live/volume.yaml",
  protection: [],
  holdsData: true,
};

function summary(changes: Partial<Removals>): string {
  const subject: Removals = { kind: "removals", removals: [], approvals: [], notes: [], ...changes };
  return renderer.check(check(subject, { state: "failure", title: "2 objects would be removed" })).summary;
}

describe("the check on a pull request that removes objects", () => {
  test("lists them for each environment, with what keeps them and what holds data", () => {
    const text = summary({
      removals: [
        { key: "checkout/live", objects: [volume, service], emptied: false, notes: [] },
        { key: "checkout/staging", objects: [service], emptied: true, notes: [] },
      ],
      approvals: [
        { key: "checkout/live", by: ["maria", "ken"] },
        { key: "checkout/staging", by: [] },
      ],
      notes: ["To approve, write the line `approve removal checkout/staging`"],
    });
    compareCase("check-removals.md", text);
  });

  test("says only why, where it is not known what is removed", () => {
    assert.equal(summary({ notes: ["It is not known yet"] }), "- It is not known yet");
  });

  test("T14: shows hostile names as code, in a table that stays one", () => {
    const hostile = "@everyone | <img src=x> `x` #1 https://example.com\n| a | b |";
    const object = { ...volume, name: hostile, path: hostile, protection: [hostile], kind: hostile };
    const text = summary({
      removals: [{ key: "checkout/live", objects: [object], emptied: false, notes: [] }],
      approvals: [{ key: "checkout/live", by: [hostile] }],
    });
    assert.deepEqual(findUnsafeMarkdown(text), []);
    assert.equal(text.split("\n").filter((line) => line.startsWith("|")).length, 3);
  });

  test("stays under GitHub's limit with thousands of long names, and says that there are more", () => {
    const objects = Array.from({ length: 1_000 }, (_, index) => ({
      ...volume,
      name: `${index}-${"n".repeat(240)}`,
      path: "p".repeat(400),
    }));
    const removals = Array.from({ length: 40 }, (_, index) => ({
      key: `checkout/e${index}` as const,
      objects,
      emptied: false,
      notes: [],
    }));
    const text = summary({ removals });
    assert.ok(text.length < 60_000);
    assert.match(text, /1000 objects not shown here/);
    assert.match(text, /20 more environments not shown here/);
  });
});
