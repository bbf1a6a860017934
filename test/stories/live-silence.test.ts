// One environment in two clusters, and one of them says nothing: unknown is never healthy, silence is shown once it
// lasts, and what was proven before stays proven.

import assert from "node:assert/strict";
import { livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";

const MINUTE = 60_000;
const TWO_CLUSTERS = {
  pipeline: checkoutFile([
    environment("live", `merge: auto, ${livesIn("live", "prod-eu", "prod-us")}`),
    environment("archive", "after: [live]"),
  ]),
  sources: { "prod-eu": { environments: ["live"] }, "prod-us": { environments: ["live"] } },
  files: runs("1.7.0", ["live", "archive"]),
};

tellLiveInAllConditions(
  "one of two clusters is silent: never healthy, until it is back and says so",
  async (story) => {
    story.health.follows({ archive: ["live"] });
    await story.settle();
    await story.source("prod-eu").isSilent();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("live", "prod-us").takes();
    await story.wait(15 * MINUTE);
    assert.equal(story.told("live").stage, "no-news");
    assert.match(story.told("live").text, /no news from prod-eu/i);
    assert.match(story.told("live").text, /prod-us.*healthy/s);
    const written = story.told("live").stages.length;
    await story.wait(60 * MINUTE);
    assert.equal(story.told("live").stages.length, written, "the same silence is no news");
    assert.deepEqual(story.open(), []);
    await story.source("prod-eu").speaks();
    assert.notEqual(story.told("live").stage, "healthy");
    await story.cluster("live", "prod-eu").takes();
    assert.equal(story.told("live").stage, "healthy");
    assert.deepEqual(story.open(), ["archive: 1.8.0"]);
  },
  TWO_CLUSTERS,
);

tellLive(
  "silence after health changes the comment once, takes nothing back, and ends with the first word",
  async (story) => {
    story.health.follows({ archive: ["live"] });
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    for (const source of ["prod-eu", "prod-us"]) await story.cluster("live", source).takes();
    assert.equal(story.told("live").stage, "healthy");
    const { stages } = story.told("live");
    await story.source("prod-eu").isSilent();
    assert.deepEqual(story.told("live").stages, stages, "a moment of silence is nothing to tell");
    await story.wait(15 * MINUTE);
    await story.wait(60 * MINUTE);
    assert.deepEqual(story.told("live").stages, [...stages, "no-news"]);
    assert.match(story.told("live").text, /No news from prod-eu since/);
    assert.equal(story.told("live").deployment.at(-1), "success");
    assert.deepEqual(story.open(), ["archive: 1.8.0"], "it was healthy once");
    story.source("prod-eu").argocd.fail({ kind: "reset" });
    await story.wait(10 * MINUTE);
    story.source("prod-eu").argocd.fail({ kind: "status", status: 401 });
    await story.restart({ forget: true });
    await story.wait(10 * MINUTE);
    assert.deepEqual(story.told("live").stages, [...stages, "no-news"], "why it is silent is no other silence");
    assert.match(story.check("archive") ?? "", /^success/);
    await story.source("prod-eu").speaks();
    assert.deepEqual(story.told("live").stages, [...stages, "no-news", "healthy"]);
  },
  TWO_CLUSTERS,
);

tellLive(
  "one cluster is sick and the other silent: the sick one speaks",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.source("prod-eu").isSilent();
    await story.cluster("live", "prod-us").takes({ healthy: false });
    await story.cluster("live", "prod-us").degrades("CrashLoopBackOff");
    assert.equal(story.told("live").stage, "degraded");
    assert.match(story.told("live").text, /no news from prod-eu/i);
    await story.source("prod-eu").speaks();
  },
  TWO_CLUSTERS,
);

tellLive(
  "an Argo CD whose controller is asleep says old things, and old things prove nothing",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    for (const source of ["prod-eu", "prod-us"]) await story.cluster("live", source).takes({ healthy: false });
    await story.cluster("live", "prod-us").recovers();
    story.cluster("live", "prod-eu").application.healthy().suspended();
    await story.wait(15 * MINUTE);
    assert.notEqual(story.told("live").stage, "healthy");
    assert.deepEqual(story.open(), []);
    await story.cluster("live", "prod-eu").isSuspended(false);
    await story.wait(MINUTE);
    assert.equal(story.told("live").stage, "healthy");
  },
  TWO_CLUSTERS,
);

tellLive(
  "one Application of many is gone from a source that speaks: the silence is that Application's",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").takes();
    await story.cluster("staging").takes();
    const { stages } = story.told("staging");
    story.source("dev").argocd.remove("checkout-staging");
    await story.wait(5 * MINUTE);
    assert.deepEqual(story.told("staging").stages, stages, "a moment is nothing to tell");
    for (let round = 0; round < 3; round += 1) await story.wait(11 * MINUTE);
    assert.deepEqual(story.told("staging").stages, [...stages, "no-news"]);
    assert.equal(story.told("integration").stage, "healthy");
  },
);
