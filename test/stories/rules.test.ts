// What GitHub's rules demand of a governed branch: required checks, reviews, up-to-date heads, a merge queue, a method.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const AUTO_LIVE = { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge: auto")]) };
const REQUIRED = { requiredChecks: [{ context: "stagecoach" }] };

tellInAllConditions(
  "where the check is required, people's pull requests get it at once, and promotions merge",
  async (story) => {
    story.rule(REQUIRED);
    const number = story.propose({ "README.md": "Better\n" });
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    const { headOid } = story.github.pullRequest({ repository: CONFIG, number });
    assert.match(story.check(headOid) ?? "", /^success/);
    const merged = story.github.mergePullRequest({ repository: CONFIG, number, by: "leo", method: "squash" });
    assert.equal(merged.kind, "merged");
    await story.settle();
    story.propose({ "README.md": "Best\n" });
    await story.settle();
  },
  AUTO_LIVE,
);

tell(
  "T13: a pull request from a fork gets the check and nothing else",
  async (story) => {
    story.rule(REQUIRED);
    story.github.forkRepository({ repository: CONFIG, owner: "stranger" });
    story.github.commitFiles({
      repository: "stranger/platform-config",
      branch: "stagecoach/checkout/live",
      files: { ".github/stagecoach.yaml": "version: 1\nmode: full\npipelines: []\n" },
      author: "stranger",
      message: "Promote checkout 9.9.9 to live",
    });
    const pull = story.github.openPullRequest({
      repository: CONFIG,
      by: "stranger",
      head: "stranger:stagecoach/checkout/live",
      title: "Promote checkout 9.9.9 to live",
    });
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    assert.equal(pull.state, "open");
    assert.match(story.check(pull.headOid) ?? "", /^success/);
  },
  AUTO_LIVE,
);

tell(
  "T13: a fork with more folders than are read waits by itself, and stops no promotion",
  async (story) => {
    story.github.settings.treeLimit = 100;
    story.github.forkRepository({ repository: CONFIG, owner: "stranger" });
    const folders = Array.from({ length: 510 }, (_, n) => [`${n}/a.yaml`, "a: 1\n"] as const);
    const change = { branch: "big", files: Object.fromEntries(folders), author: "stranger", message: "Big" };
    story.github.commitFiles({ repository: "stranger/platform-config", ...change });
    const pull = story.github.openPullRequest({
      repository: CONFIG,
      by: "stranger",
      head: "stranger:big",
      title: "Big",
    });
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    assert.match(story.check(pull.headOid) ?? "", /^in.progress.*more files than are looked at/);
  },
  AUTO_LIVE,
);

tellInAllConditions(
  "a required review that is missing is a person's affair, and ours again when it is there",
  async (story) => {
    story.rule({ ...REQUIRED, requiredApprovals: 1 });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.approve("live");
    assert.equal(story.declares("live"), "1.8.0");
  },
  AUTO_LIVE,
);

const THREE_APPS = {
  pipeline: checkoutFile([
    INTEGRATION,
    ...["a", "b", "c"].map((name) => environment(name, "after: [integration], merge: auto")),
  ]),
  files: runs("1.7.0", ["integration", "a", "b", "c"]),
};

tellInAllConditions(
  "where a head has to be up to date, only the next one to merge is brought up to date",
  async (story) => {
    story.rule({ ...REQUIRED, strict: true, requiredApprovals: 1 });
    await story.push("1.8.0");
    await story.settle();
    await story.approve("integration");
    const heads = () => ["a", "b", "c"].map((name) => story.promotion(name).headOid);
    const before = heads();
    await story.commit({ "README.md": "The base moves\n" });
    assert.deepEqual(heads(), before, "a moved base alone moves no head");
    for (const name of ["a", "b", "c"]) await story.approve(name);
    assert.deepEqual(story.open(), []);
    assert.deepEqual(
      ["a", "b", "c"].map((name) => story.declares(name)),
      ["1.8.0", "1.8.0", "1.8.0"],
    );
    const updates = (name: string) =>
      story.promotions(name)[0]?.timeline.filter(({ kind }) => kind === "head-ref-force-pushed").length;
    assert.ok(Math.max(...["a", "b", "c"].map((name) => updates(name) ?? 0)) <= 1, "nobody was updated twice");
  },
  THREE_APPS,
);

const QUEUE = { ...REQUIRED, mergeQueue: { method: "squash" } } as const;

function finishGroup(story: Story, passed = true): void {
  story.github.finishMergeGroup({ repository: CONFIG, branch: "main", passed });
}

tellInAllConditions(
  "a base with a merge queue: enqueued, checked in its group, merged",
  async (story) => {
    story.rule(QUEUE);
    await story.push("1.8.0");
    await story.settle();
    const { headOid } = story.promotion("live");
    const group = story.github.buildMergeGroup({ repository: CONFIG, branch: "main" });
    assert.equal(group?.entries.length, 1);
    await story.settle();
    assert.match(story.check(group?.headOid ?? "") ?? "", /^success/);
    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.promotion("live").headOid, headOid, "never while it is in the queue");
    finishGroup(story);
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  AUTO_LIVE,
);

tell(
  "people's merge groups get the check, too",
  async (story) => {
    story.rule(QUEUE);
    const number = story.propose({ "README.md": "Better\n" });
    await story.settle();
    story.github.enqueuePullRequest({ repository: CONFIG, number, by: "leo" });
    const group = story.github.buildMergeGroup({ repository: CONFIG, branch: "main" });
    await story.settle();
    assert.match(story.check(group?.headOid ?? "") ?? "", /^success/);
    finishGroup(story);
    await story.settle();
    assert.equal(story.reads("README.md"), "Better\n");
  },
  LIVE_ONLY,
);

tell(
  "a draft waits for a person to mark it ready",
  async (story) => {
    story.rule({ requiredChecks: [{ context: "build" }] });
    await story.push("1.8.0");
    await story.settle();
    story.promotion("live").draft = true;
    story.github.reportCheck({ repository: CONFIG, ref: story.promotion("live").headOid, name: "build" });
    await story.settle();
    assert.match((await story.waits("live")).join(), /is a draft/);
    story.promotion("live").draft = false;
    await story.wait(10 * 60_000);
    assert.equal(story.declares("live"), "1.8.0");
  },
  AUTO_LIVE,
);

for (const method of ["merge", "rebase"] as const) {
  tell(
    `a repository that allows only ${method} gets that, and the commit still says what it was`,
    async (story) => {
      story.github.model.repositories.forEach((repository) => {
        repository.mergeMethods = [method];
      });
      await story.push("1.8.0");
      await story.settle();
      assert.equal(story.declares("live"), "1.8.0");
      const [first, second] = story.github.log({ repository: CONFIG, ref: "main" });
      assert.match(`${first?.message}${second?.message}`, /Environment: live/);
    },
    AUTO_LIVE,
  );
}

tell(
  "a squash keeps the trailers",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const [commit] = story.github.log({ repository: CONFIG, ref: "main" });
    assert.match(commit?.message ?? "", /^Promote checkout 1\.8\.0 to live \(#1\)\n/);
    assert.match(commit?.message ?? "", /Pipeline: checkout\nEnvironment: live\nImage: \S+@sha256:/);
  },
  AUTO_LIVE,
);

tell(
  "branches that GitHub deletes after the merge are missed by nobody, and others we sweep",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.equal(story.github.branchTip({ repository: CONFIG, branch: "stagecoach/checkout/live" }), undefined);
    story.github.model.repositories.forEach((repository) => {
      repository.deleteBranchOnMerge = true;
    });
    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.9.0");
  },
  AUTO_LIVE,
);
