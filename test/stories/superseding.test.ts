// A newer version while a promotion is open: the pull request is edited in place, quietly, and the head that a person
// has approved stays.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { checkoutFile, environment, ONLY_LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };

tellInAllConditions(
  "a burst of versions ends in one pull request with one commit, and nobody is written to",
  async (story) => {
    for (const tag of ["1.7.1", "1.7.2", "1.8.0-rc.1"]) await story.push(tag);
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.7.2"]);
    const { number } = story.promotion("live");
    story.github.forgetRequests();
    for (let patch = 3; patch < 23; patch += 1) await story.push(`1.7.${patch}`);
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.7.22"]);
    assert.equal(story.promotions("live").length, 1);
    assert.equal(story.commits("live").length, 1);
    assert.deepEqual(story.github.comments({ repository: CONFIG, number }), []);
    const commits = story.github.requests().filter(({ route }) => route.endsWith("/git/commits"));
    assert.ok(commits.length <= 2, `${commits.length} commits for twenty versions`);
  },
  LIVE_ONLY,
);

tellInAllConditions(
  "a person's approval keeps the head: the newer version waits for the merge",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.approve("live");
    const { headOid, number } = story.promotion("live");
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.equal(story.promotion("live").headOid, headOid);
    await story.merge("live");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    assert.notEqual(story.promotion("live").number, number);
  },
  LIVE_ONLY,
);

tell(
  "`supersede: always` moves the head although it is approved",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.approve("live");
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    assert.equal(story.promotions("live").length, 1);
  },
  { ...LIVE_ONLY, pipeline: checkoutFile([environment("live", "supersede: always")]) },
);

tell(
  "an approval that was dismissed keeps nothing",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("live");
    const review = story.github.review({ repository: CONFIG, number, by: "maria" });
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    story.github.dismissReview({ review, by: "leo", message: "Take the newer one" });
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

tell(
  "what somebody without write access approves keeps nothing",
  async (story) => {
    story.github.setRole({ repository: CONFIG, user: "visitor", role: "read" });
    await story.push("1.8.0");
    await story.settle();
    await story.approve("live", { by: "visitor" });
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

tell(
  "a version that vanishes from the registry is replaced by the newest that is left",
  async (story) => {
    await story.push("1.8.0");
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
    await story.registry.remove({ repository: "acme/checkout", tag: "1.9.0" });
    await story.wait(11 * 60_000);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  LIVE_ONLY,
);

tell(
  "what the pipeline file stops allowing is no longer offered",
  async (story) => {
    await story.push("2.0.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 2.0.0"]);
    await story.configure(ONLY_LIVE.replace('semver: "*"', 'semver: "<2.0"'));
    assert.deepEqual(story.open(), []);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  LIVE_ONLY,
);

tell(
  "a title, a label and a text that people changed are put right again",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const pull = story.promotion("live");
    const body = pull.body;
    pull.body = "Nothing to see here";
    pull.labels = [];
    await story.wait(11 * 60_000);
    assert.equal(story.promotion("live").body, body);
    assert.deepEqual(
      story.promotion("live").labels.map(({ name }) => name),
      ["stagecoach", "env/live"],
    );
  },
  LIVE_ONLY,
);
