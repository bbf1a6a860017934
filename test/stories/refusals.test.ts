// People have the last word: what they decline, take back, merge themselves or push to stays as they left it, until a
// newer version comes or they undo it.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, environment, INTEGRATION, LIVE, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };
const numbered = (number: number) => ({ repository: CONFIG, number, by: "maria" });

tellInAllConditions(
  "a declined version stays declined, and a newer one is offered",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.close("live");
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /declined here by `?maria/);
    await story.wait(24 * 3_600_000);
    assert.deepEqual(story.open(), []);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    await story.merge("live");
    assert.deepEqual(story.open(), []);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "declined stays declined when the branch is deleted, too",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    story.github.closePullRequest(numbered(number));
    await story.deleteBranch("stagecoach/checkout/live");
    await story.wait(3_600_000);
    assert.deepEqual(story.open(), []);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "deleting the branch alone declines, because GitHub closes the pull request in that person's name",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.deleteBranch("stagecoach/checkout/live");
    await story.wait(3_600_000);
    assert.deepEqual(story.open(), []);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a declined promotion that a person opens again goes on",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    await story.close("live");
    story.github.reopenPullRequest(numbered(number));
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.merge("live");
    assert.equal(story.declares("live"), "1.8.0");
  },
  LIVE_ONLY,
);

async function travel(story: Story, tag: string): Promise<void> {
  await story.push(tag);
  await story.settle();
}

tellInAllConditions(
  "what a person's commit takes back in one environment stays back, there and after",
  async (story) => {
    await travel(story, "1.8.0");
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.commit(runs("1.7.0", ["staging"]), { message: "1.8.0 eats orders" });
    assert.equal(story.declares("staging"), "1.7.0");
    assert.deepEqual(story.open(), [], "the promotion to the environment after is closed");
    await story.wait(3_600_000);
    assert.equal(story.declares("staging"), "1.7.0");
    assert.deepEqual(story.open(), []);
    await travel(story, "1.9.0");
    assert.equal(story.declares("staging"), "1.9.0");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
);

tellInAllConditions("what a revert pull request takes back stays back", async (story) => {
  await travel(story, "1.8.0");
  const revert = story.propose(runs("1.7.0", ["staging"]), { by: "leo" });
  await story.settle();
  assert.equal(story.github.mergePullRequest({ ...numbered(revert), method: "squash" }).kind, "merged");
  await story.settle();
  await story.wait(3_600_000);
  assert.equal(story.declares("integration"), "1.8.0");
  assert.equal(story.declares("staging"), "1.7.0");
  assert.deepEqual(story.open(), []);
});

tellInAllConditions(
  "what was taken back in the last environment does not come back with the next look",
  async (story) => {
    await travel(story, "1.8.0");
    await story.merge("live");
    await story.commit(runs("1.7.0", ["live"]));
    await story.wait(3_600_000);
    assert.equal(story.declares("live"), "1.7.0");
    assert.deepEqual(story.open(), []);
    await story.commit(runs("1.8.0", ["live"]), { message: "It was not the release after all" });
    await travel(story, "1.9.0");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
);

tell(
  "a version that was taken back before is blocked on the way although it was merged by hand after",
  async (story) => {
    await travel(story, "1.8.0");
    await story.commit(runs("1.7.0", ["integration"]));
    assert.deepEqual(story.open(), []);
    await story.commit(runs("1.8.0", ["integration"]), { message: "And forth again" });
    assert.deepEqual(story.open(), ["live: 1.8.0"], "what Git declares again is no longer refused");
  },
);

tellInAllConditions(
  "a person merges by hand what would merge by itself, and changes by hand what would be promoted",
  async (story) => {
    await travel(story, "1.8.0");
    await story.commit(runs("1.8.0", ["live"]), { message: "By hand, we could not wait" });
    assert.deepEqual(story.open(), [], "there is nothing left to propose");
    await story.commit(runs("2.0.0", ["live"]), { message: "Hotfix" });
    await travel(story, "1.9.0");
    assert.deepEqual(story.open(), [], "nothing older than what runs is proposed by itself");
  },
  { pushed: ["checkout:1.7.0", "checkout:2.0.0-hotfix.1"] },
);

tell("all environments may be merged by hand against the rules", async (story) => {
  story.rule({ requiredApprovals: 1 });
  await travel(story, "1.8.0");
  assert.deepEqual(story.open(), ["integration: 1.8.0"]);
  assert.match((await story.waits("integration")).join(), /required review or check/);
  await story.merge("integration", { ignoreRules: true });
  assert.deepEqual(story.open(), ["staging: 1.8.0"]);
  await story.approve("staging");
  await story.wait(60_000);
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
});

tell(
  "a closed promotion to the middle keeps the version from everything after, and not from a way beside",
  async (story) => {
    await travel(story, "1.8.0");
    await story.close("staging");
    assert.deepEqual(story.open(), ["side: 1.8.0"]);
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      environment("staging", "after: [integration]"),
      environment("side", "after: [integration]"),
      LIVE,
    ]),
    files: runs("1.7.0", ["integration", "staging", "side", "live"]),
  },
);
