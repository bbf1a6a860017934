// People and Stagecoach want the same thing at the same time: the branch, the pull request, the queue, the environment.
// People win, nothing is lost, and nobody fights.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { checkoutFile, deployment, environment, INTEGRATION, ONLY_LIVE, placeOf, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const AUTO_LIVE = { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "merge: auto")]) };
const BRANCH = "stagecoach/checkout/live";
const QUEUE = { requiredChecks: [{ context: "stagecoach" }], mergeQueue: { method: "squash" } } as const;

tellInAllConditions(
  "a person takes a promotion out of the merge queue: it is not put back against their will",
  async (story) => {
    story.rule(QUEUE);
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    story.github.dequeuePullRequest({ repository: CONFIG, number, by: "maria" });
    await story.settle();
    await story.wait(3_600_000);
    const added = story.github
      .pullRequest({ repository: CONFIG, number })
      .timeline.filter(({ kind }) => kind === "added-to-merge-queue");
    assert.equal(added.length, 1);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.match((await story.waits("live")).join(), /taken out of the merge queue by `maria`/);
    await story.push("1.9.0");
    await story.settle();
    const entry = story.github.buildMergeGroup({ repository: CONFIG, branch: "main" })?.entries[0];
    assert.equal(entry?.pullRequest.title, "Promote checkout 1.9.0 to live", "a newer version is another matter");
  },
  AUTO_LIVE,
);

tell(
  "a promotion whose group fails leaves the queue, and people can see it",
  async (story) => {
    story.rule(QUEUE);
    await story.push("1.8.0");
    await story.settle();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      story.github.buildMergeGroup({ repository: CONFIG, branch: "main" });
      await story.settle();
      const [queue] = [...story.github.model.repositories.values()].flatMap(({ mergeQueues }) => [
        ...mergeQueues.values(),
      ]);
      if ((queue?.groups.length ?? 0) > 0)
        story.github.finishMergeGroup({ repository: CONFIG, branch: "main", passed: false });
      await story.settle();
    }
    const added = story.promotion("live").timeline.filter(({ kind }) => kind === "added-to-merge-queue").length;
    assert.equal(added, 1, "what failed in a group is not put back by us");
  },
  AUTO_LIVE,
);

tell(
  "a person has a pull request from our branch already: it is theirs",
  async (story) => {
    story.github.commitFiles({
      repository: CONFIG,
      branch: BRANCH,
      files: { "notes.md": "Mine\n" },
      author: "leo",
      message: "Mine",
    });
    const mine = story.github.openPullRequest({ repository: CONFIG, by: "leo", head: BRANCH, title: "Mine" });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.equal(mine.state, "open");
    assert.match((await story.waits("live")).join(), /leo/);
    story.github.closePullRequest({ repository: CONFIG, number: mine.number, by: "leo" });
    await story.deleteBranch(BRANCH);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a person merges the promotion at the moment in which a newer version moves it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    const happens = () =>
      void story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
    story.fault({ on: "POST */git/trees", times: 1, fault: { kind: "meanwhile", happens } });
    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.declares("live"), "1.8.0");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    assert.notEqual(story.promotion("live").number, number);
    assert.equal(story.commits("live").length, 1);
  },
  LIVE_ONLY,
);

tell(
  "a person closes the promotion at the moment in which a newer version moves it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    const happens = () => story.github.closePullRequest({ repository: CONFIG, number, by: "maria" });
    story.fault({ on: "POST */git/trees", times: 1, fault: { kind: "meanwhile", happens } });
    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.promotions("live").filter(({ state }) => state === "open").length <= 1, true);
    await story.push("2.0.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 2.0.0"]);
  },
  LIVE_ONLY,
);

tell(
  "the base moves between the decision and the opening: what is opened is right all the same",
  async (story) => {
    const text = `# edited meanwhile\n${deployment("1.7.0")}`.replaceAll("REGISTRY", story.registry.host);
    const happens = () =>
      void story.github.commitFiles({
        repository: CONFIG,
        files: { [placeOf("live")]: text },
        author: "leo",
        message: "Meanwhile",
      });
    story.fault({ on: "POST */git/trees", times: 1, fault: { kind: "meanwhile", happens } });
    await story.push("1.8.0");
    await story.settle();
    await story.settle();
    await story.merge("live");
    assert.equal(story.reads(placeOf("live")), `# edited meanwhile\n${deployment("1.8.0")}`);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a promotion that is declined after a newer version took its place: the newer one is declined",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.push("1.9.0");
    await story.settle();
    await story.close("live");
    await story.wait(3_600_000);
    assert.deepEqual(story.open(), []);
    await story.push("1.8.5");
    await story.settle();
    assert.deepEqual(story.open(), [], "an older one than what was declined is not offered instead");
  },
  LIVE_ONLY,
);

tell(
  "an environment whose branch is gone waits, and goes on when it is back",
  async (story) => {
    const head = story.github.branchTip({ repository: CONFIG, branch: "production" }) ?? "";
    await story.deleteBranch("production");
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("production")).join(), /production/);
    story.github.commitFiles({
      repository: CONFIG,
      branch: "production",
      onto: head,
      files: {},
      author: "ann",
      message: "Back",
    });
    await story.wait(600_000);
    assert.deepEqual(story.open(), ["production: 1.8.0"]);
  },
  {
    pipeline: checkoutFile([INTEGRATION, environment("production", "after: [integration], branch: production")]),
    files: runs("1.7.0", ["integration"]),
    branches: { production: runs("1.7.0", ["production"]) },
  },
);

tell(
  "approvals that a push dismisses are asked for again, and nothing merges without them",
  async (story) => {
    story.rule({ requiredApprovals: 1, dismissStaleReviews: true });
    await story.push("1.8.0");
    await story.settle();
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    await story.approve("live");
    assert.equal(story.declares("live"), "1.9.0");
  },
  AUTO_LIVE,
);

tell(
  "the default branch gets another name",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const head = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    story.github.commitFiles({
      repository: CONFIG,
      branch: "trunk",
      onto: head,
      files: {},
      author: "ann",
      message: "Renamed",
    });
    for (const repository of story.github.model.repositories.values()) repository.defaultBranch = "trunk";
    await story.wait(3_600_000);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.equal(story.promotion("live").baseRef, "trunk");
  },
  LIVE_ONLY,
);
