// A soak is unbroken health of one version. Releases that come faster than it lasts starve nobody: whatever completed it
// once may go on, whatever runs there by then.

import assert from "node:assert/strict";
import { type LiveStory, livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";

const MINUTE = 60_000;
const FILES = runs("1.7.0", ["integration", "live", "europe", "america"]);
const SOAKED = {
  pipeline: checkoutFile([
    environment("integration", `merge: auto, ${livesIn("integration", "dev")}`),
    environment("live", "after: [integration], propose-when: [ { soak: 30m } ]"),
  ]),
  sources: { dev: { environments: ["integration"] } },
  files: FILES,
};

async function release(
  story: LiveStory,
  tag: string,
  environments: readonly string[] = ["integration"],
): Promise<void> {
  await story.push(tag);
  await story.settle();
  for (const name of environments) await story.cluster(name).takes();
}

async function begin(story: LiveStory): Promise<void> {
  story.health.follows({ live: ["integration"] });
  await story.settle();
}

for (const conditions of ["with every event", "with the database deleted before every step"] as const) {
  tellLive(
    `a soak lasts as long as it is asked to, ${conditions}`,
    async (story) => {
      await begin(story);
      await release(story, "1.8.0");
      await story.wait(20 * MINUTE);
      assert.deepEqual(story.open(), []);
      assert.match((await story.waits("live")).join(), /30 minutes are asked for/);
      await story.wait(10 * MINUTE);
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
    },
    { ...SOAKED, conditions },
  );

  tellLive(
    `a soak that is broken by a degradation begins anew, ${conditions}`,
    async (story) => {
      await begin(story);
      await release(story, "1.8.0");
      await story.wait(20 * MINUTE);
      await story.cluster("integration").degrades();
      await story.cluster("integration").recovers();
      await story.wait(20 * MINUTE);
      assert.deepEqual(story.open(), []);
      await story.wait(12 * MINUTE);
      assert.deepEqual(story.open(), ["live: 1.8.0"]);
    },
    { ...SOAKED, conditions },
  );

  tellLive(
    `a release every 20 minutes: one longer gap lets one version through, ${conditions}`,
    async (story) => {
      await begin(story);
      for (const tag of ["1.8.0", "1.9.0", "1.10.0"]) {
        await release(story, tag);
        await story.wait(18 * MINUTE);
        assert.deepEqual(story.open(), [], "none was healthy for long enough");
      }
      await release(story, "1.11.0");
      await story.wait(31 * MINUTE);
      assert.deepEqual(story.open(), ["live: 1.11.0"]);
      await release(story, "1.12.0");
      await story.wait(5 * MINUTE);
      assert.deepEqual(story.open(), ["live: 1.11.0"], "what has completed it may go on although something newer runs");
      await story.merge("live");
      assert.equal(story.declares("live"), "1.11.0");
      await story.wait(31 * MINUTE);
      assert.deepEqual(story.open(), ["live: 1.12.0"]);
    },
    { ...SOAKED, conditions },
  );
}

tellLiveInAllConditions(
  "silence is no soak: what was not seen healthy does not count, and then it does",
  async (story) => {
    await begin(story);
    await story.push("1.8.0");
    await story.settle();
    await story.source("dev").isSilent();
    await story.wait(60 * MINUTE);
    assert.deepEqual(story.open(), []);
    await story.source("dev").speaks();
    await story.cluster("integration").takes();
    await story.wait(40 * MINUTE);
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  SOAKED,
);

const FAN_IN = {
  pipeline: checkoutFile([
    environment("europe", `merge: auto, ${livesIn("europe", "eu")}`),
    environment("america", `merge: auto, ${livesIn("america", "us")}`),
    environment("live", "after: [europe, america], propose-when: [ { soak: 30m } ]"),
  ]),
  sources: { eu: { environments: ["europe"] }, us: { environments: ["america"] } },
  files: FILES,
};

tellLive(
  "where ways join, the newest that completed its soak in both goes on, also when at different times",
  async (story) => {
    story.health.follows({ live: ["europe", "america"] });
    await story.settle();
    await release(story, "1.8.0", ["europe"]);
    await story.wait(31 * MINUTE);
    assert.deepEqual(story.open(), [], "america has not begun");
    await story.cluster("america").takes();
    await story.wait(10 * MINUTE);
    await release(story, "1.9.0", ["europe"]);
    await story.wait(22 * MINUTE);
    assert.deepEqual(story.open(), [], "america went on to 1.9.0 in Git before the soak of 1.8.0 was over");
    await story.cluster("america").takes();
    await story.wait(31 * MINUTE);
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  FAN_IN,
);
