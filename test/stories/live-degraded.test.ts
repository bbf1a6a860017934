// A version that is sick just after it came, for longer than allowed: it goes no further, a newer one does, and where the
// pipeline file says so it is taken back, by a pull request like any other.

import assert from "node:assert/strict";
import { type LiveStory, livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment } from "./sample-files.ts";

const MINUTE = 60_000;
const BACK = ["integration: Roll back to checkout 1.7.0 in integration"];
const TWO = { dev: { environments: ["integration", "live"] } };

function onDegraded(integration: string, more = ""): { readonly pipeline: string; readonly sources: typeof TWO } {
  return {
    pipeline: checkoutFile([
      environment("integration", `${integration}, ${livesIn("integration", "dev")}`),
      environment("live", `after: [integration], ${livesIn("live", "dev")}${more}`),
    ]),
    sources: TWO,
  };
}

const HOLD = onDegraded("merge: auto, on-degraded: { do: hold, deadline: 15m }");
const ROLL_BACK = onDegraded("merge: auto, on-degraded: { do: rollback, deadline: 15m }");
const ROLL_BACK_BY_HAND = onDegraded("on-degraded: { do: rollback, deadline: 15m }");

/** 1.8.0 came to integration and is sick there from its first moment. */
async function bringSick(story: LiveStory): Promise<void> {
  story.health.follows({ live: ["integration"] });
  await story.settle();
  await story.push("1.8.0");
  await story.settle();
  if (story.open().includes("integration: 1.8.0")) await story.merge("integration");
  await story.cluster("integration").takes({ healthy: false });
  await story.cluster("integration").degrades("CrashLoopBackOff: back-off 5m0s restarting failed container");
}

tellLiveInAllConditions(
  "hold: after its deadline a person is called once, the version goes no further, and a newer one does",
  async (story) => {
    await bringSick(story);
    const { number } = story.told("integration");
    assert.equal(story.told("integration").stage, "degraded");
    assert.match(story.told("integration").text, /CrashLoopBackOff/);
    assert.equal(story.told("integration").deployment.at(-1), "failure");
    await story.wait(20 * MINUTE);
    assert.deepEqual(story.told("integration").attention, ["stopped"]);
    await story.wait(60 * MINUTE);
    assert.deepEqual(story.told("integration").attention, ["stopped"]);
    assert.deepEqual(story.open(), []);

    await story.push("1.9.0");
    await story.settle();
    assert.equal(story.declares("integration"), "1.9.0");
    assert.equal(story.told("integration", number).stage, "replaced");
    assert.deepEqual(story.told("integration", number).deployment.at(-1), "inactive");
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  HOLD,
);

tellLive(
  "hold: before the deadline nothing is stopped, and who recovers in time goes on",
  async (story) => {
    await bringSick(story);
    await story.wait(10 * MINUTE);
    assert.deepEqual(story.told("integration").attention, []);
    await story.cluster("integration").recovers();
    assert.equal(story.told("integration").stage, "healthy");
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.cluster("integration").degrades();
    await story.wait(10 * MINUTE);
    assert.deepEqual(story.told("integration").attention, [], "the time is counted anew");
    assert.match(story.check("live") ?? "", /^in progress/);
    await story.cluster("integration").recovers();
    assert.match(story.check("live") ?? "", /^success/);
  },
  HOLD,
);

tellLive(
  "hold: what breaks long after it came has other causes than the move",
  async (story) => {
    story.health.follows({ live: ["integration"] });
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").takes();
    await story.wait(30 * MINUTE);
    await story.cluster("integration").degrades();
    await story.wait(60 * MINUTE);
    assert.equal(story.told("integration").stage, "degraded");
    assert.deepEqual(story.told("integration").attention, []);
    await story.cluster("integration").recovers();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  HOLD,
);

tellLiveInAllConditions(
  "rollback: the last healthy version comes back, and the bad one stays away there and later",
  async (story) => {
    await bringSick(story);
    await story.wait(20 * MINUTE);
    assert.equal(story.declares("integration"), "1.7.0");
    const [bad, back] = story.promotions("integration").toSorted((a, b) => a.number - b.number);
    assert.match(back?.title ?? "", /1\.7\.0/);
    assert.deepEqual(story.told("integration", bad?.number).attention, ["stopped"]);
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
    assert.equal(story.told("integration", bad?.number).stage, "replaced");
    await story.wait(60 * MINUTE);
    assert.equal(story.declares("integration"), "1.7.0");
    assert.equal(story.declares("live"), "1.7.0");
    assert.deepEqual(story.open(), []);
    await story.push("1.9.0");
    await story.settle();
    await story.cluster("integration").takes();
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  ROLL_BACK,
);

tellLiveInAllConditions(
  "rollback: a person who closes the pull request is not asked again",
  async (story) => {
    await bringSick(story);
    await story.wait(20 * MINUTE);
    assert.deepEqual(story.open(), BACK);
    await story.close("integration");
    await story.wait(60 * MINUTE);
    assert.deepEqual(story.open(), []);
    assert.equal(story.promotions("integration").length, 2);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["integration: 1.9.0"]);
  },
  ROLL_BACK_BY_HAND,
);

tellLive(
  "rollback: who recovers before the merge is not taken back, and a newer version is the better cure",
  async (story) => {
    await bringSick(story);
    await story.wait(20 * MINUTE);
    assert.deepEqual(story.open(), BACK);
    await story.cluster("integration").recovers();
    assert.deepEqual(story.open(), []);
    assert.equal(story.declares("integration"), "1.8.0");
    await story.cluster("integration").degrades();
    await story.wait(20 * MINUTE);
    assert.deepEqual(story.open(), BACK);
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["integration: 1.9.0"]);
  },
  ROLL_BACK_BY_HAND,
);

tellLive(
  "a sync that failed and is not tried again calls a person at once, once",
  async (story) => {
    story.health.follows({ live: ["integration"] });
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").fails("one or more objects failed to apply: admission webhook denied it");
    assert.equal(story.told("integration").stage, "degraded");
    assert.deepEqual(story.told("integration").attention, ["blocked"]);
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.told("integration").attention, ["blocked"]);
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  HOLD,
);
