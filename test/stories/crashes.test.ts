// Whatever is lost in the middle of a step (the answer, the request, the whole process with its database), the story
// ends as if nothing had been: one pull request, one commit above its base, its labels, its check.

import assert from "node:assert/strict";
import type { FaultRule } from "../github/http/faults.ts";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell } from "./tell.ts";

type Step = Pick<FaultRule, "on" | "when">;

const graphql = (mutation: string, branch = ""): Step => ({
  on: "POST /graphql",
  when: ({ body }) => {
    const text = JSON.stringify(body);
    return text.includes(mutation) && text.includes(`refs/heads/${branch}`);
  },
});
const FIRST_LEDGER_COMMIT: Step = {
  on: "POST */git/commits",
  when: ({ body }) => JSON.stringify(body).includes('"parents":[]'),
};
const LEDGER_COMMIT: Step = {
  on: "POST /graphql",
  when: ({ body }) => JSON.stringify(body).includes("CommitOnBranch"),
};

const OPENING: Readonly<Record<string, Step>> = {
  "the tree": { on: "POST */git/trees", when: ({ body }) => JSON.stringify(body).includes("deployment.yaml") },
  "the commit": { on: "POST */git/commits", when: ({ body }) => JSON.stringify(body).includes("Promote") },
  "the branch": graphql("MoveRefs", "stagecoach/"),
  "the pull request": { on: "POST */pulls" },
  "the labels": { on: "POST */labels" },
  "the check": { on: "POST */check-runs" },
  "the ledger's commit": FIRST_LEDGER_COMMIT,
  "the ledger's branch": graphql("MoveRefs", "stagecoach-ledger"),
};
const UPDATING: Readonly<Record<string, Step>> = {
  "the new commit": { on: "POST */git/commits" },
  "the branch's move": graphql("MoveRefs", "stagecoach/"),
  "the new text": { on: "PATCH */pulls/{pull_number}" },
  "the new check": { on: "POST */check-runs" },
};
const MERGING: Readonly<Record<string, Step>> = {
  "the merge": { on: "PUT */merge" },
  "the branch's deletion": graphql("MoveRefs", "stagecoach/"),
  "the ledger's commit": LEDGER_COMMIT,
};

interface Mishap {
  readonly happen: (story: Story, step: Step) => { readonly met: () => number };
  /** The pass in which it happens cannot go on. */
  readonly fails?: true;
}

const MISHAPS: Readonly<Record<string, Mishap>> = {
  "the answer is lost": { happen: (story, step) => story.fault({ ...step, times: 1, fault: { kind: "reply-lost" } }) },
  "502, and nothing was done": {
    happen: (story, step) => story.fault({ ...step, times: 1, fault: { kind: "error-before" } }),
    fails: true,
  },
  "502, and it was done": {
    happen: (story, step) => story.fault({ ...step, times: 1, fault: { kind: "error-after" } }),
  },
  "the process dies with its database": {
    fails: true,
    happen: (story, step) => {
      const gone = () => story.fault({ on: "* *", fault: { kind: "error-before" } });
      story.crashWithNextFailure();
      const dies = () => void setImmediate(gone);
      story.fault({ ...step, times: 1, fault: { kind: "meanwhile", happens: dies } });
      return story.fault({ ...step, times: 1, fault: { kind: "reply-lost" } });
    },
  },
};

function expectFailures(story: Story, { fails }: Mishap): void {
  const failures = story.failures();
  if (fails) assert.notDeepEqual(failures, []);
}

function expectOnePromotion(story: Story, tag: string): void {
  assert.deepEqual(story.open(), [`live: ${tag}`]);
  const { labels, headOid } = story.promotion("live");
  assert.equal(story.promotions("live").length, 1);
  assert.equal(story.commits("live").length, 1);
  assert.deepEqual(
    labels.map(({ name }) => name),
    ["stagecoach", "env/live"],
  );
  assert.match(story.check("live") ?? "", /^success/);
  assert.equal(story.github.branchTip({ repository: CONFIG, branch: "stagecoach/checkout/live" }), headOid);
}

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const AUTO_LIVE = { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge: auto")]) };

for (const [name, mishap] of Object.entries(MISHAPS)) {
  for (const [what, step] of Object.entries(OPENING)) {
    tell(
      `opening, at ${what}: ${name}`,
      async (story) => {
        const fault = mishap.happen(story, step);
        await story.push("1.8.0");
        await story.settle();
        await story.settle();
        assert.equal(fault.met(), 1);
        expectOnePromotion(story, "1.8.0");
        expectFailures(story, mishap);
      },
      LIVE_ONLY,
    );
  }
  for (const [what, step] of Object.entries(UPDATING)) {
    tell(
      `moving to a newer version, at ${what}: ${name}`,
      async (story) => {
        await story.push("1.8.0");
        await story.settle();
        const fault = mishap.happen(story, step);
        await story.push("1.9.0");
        await story.settle();
        await story.settle();
        assert.equal(fault.met(), 1);
        expectOnePromotion(story, "1.9.0");
        expectFailures(story, mishap);
      },
      LIVE_ONLY,
    );
  }
  for (const [what, step] of Object.entries(MERGING)) {
    tell(
      `merging, at ${what}: ${name}`,
      async (story) => {
        await story.settle();
        story.rule({ requiredApprovals: 1 });
        await story.push("1.8.0");
        await story.settle();
        const fault = mishap.happen(story, step);
        await story.approve("live");
        await story.settle();
        assert.equal(fault.met(), 1);
        assert.equal(story.declares("live"), "1.8.0");
        assert.equal(story.promotions("live").length, 1);
        assert.equal(story.github.log({ repository: CONFIG, ref: "main" }).length, 2, "merged once");
        assert.equal(story.github.branchTip({ repository: CONFIG, branch: "stagecoach/checkout/live" }), undefined);
        expectFailures(story, mishap);
      },
      AUTO_LIVE,
    );
  }
}
