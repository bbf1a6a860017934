// The shapes that a pipeline may have: ways that part and join, one pipeline for every folder, images that move
// together, an environment that is a branch, an environment that copies another.

import assert from "node:assert/strict";
import { checkoutFile, deployment, environment, INTEGRATION, LIVE, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const FAN = {
  pipeline: checkoutFile([
    INTEGRATION,
    environment("europe", "after: [integration]"),
    environment("america", "after: [integration]"),
    environment("live", "after: [europe, america]"),
  ]),
  files: runs("1.7.0", ["integration", "europe", "america", "live"]),
};

tellInAllConditions(
  "ways part after one environment and join again before the last",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["america: 1.8.0", "europe: 1.8.0"]);
    await story.merge("europe");
    assert.deepEqual(story.open(), ["america: 1.8.0"], "the last one waits for both");
    await story.merge("america");
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    assert.match(story.promotion("live").body ?? "", /The way so far/);
    await story.merge("live");
    assert.deepEqual(story.open(), []);
  },
  FAN,
);

tell(
  "where ways join, only what went all of them goes on",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.merge("europe");
    await story.push("1.9.0");
    await story.settle();
    assert.deepEqual(story.open(), ["america: 1.9.0", "europe: 1.9.0"]);
    await story.merge("america");
    assert.deepEqual(story.open(), ["europe: 1.9.0"], "1.8.0 was never in America, 1.9.0 is not in Europe yet");
    await story.merge("europe");
    assert.deepEqual(story.open(), ["live: 1.9.0"]);
  },
  FAN,
);

const APPS = ["cart", "catalogue", "payment", "search", "shipping"];
const EACH_IN_ALL = APPS.flatMap((app) => [`${app}/dev`, `${app}/prod`]);

tellInAllConditions(
  "one pipeline for every folder carries five services side by side",
  async (story) => {
    for (const name of APPS) await story.push("1.1.0", { name });
    await story.settle();
    assert.deepEqual(
      story.open(),
      APPS.map((app) => `${app}/prod: 1.1.0`),
    );
    await story.merge("cart/prod");
    await story.push("1.2.0", { name: "search" });
    await story.settle();
    assert.equal(story.declares("search/dev"), "1.2.0");
    assert.deepEqual(story.open(), [
      "catalogue/prod: 1.1.0",
      "payment/prod: 1.1.0",
      "search/prod: 1.2.0",
      "shipping/prod: 1.1.0",
    ]);
  },
  {
    pipeline: `version: 1
mode: full
pipelines:
  - name: "{app}"
    for-each: "apps/{app}"
    images: [ { image: "REGISTRY/acme/{app}", policy: { semver: "*" } } ]
    environments:
      - { name: dev,  paths: ["apps/{app}/dev"], merge: auto }
      - { name: prod, after: [dev], paths: ["apps/{app}/prod"] }
`,
    files: runs("1.0.0", EACH_IN_ALL),
    pushed: APPS.map((app) => `${app}:1.0.0`),
  },
);

const TWO_IMAGES = `version: 1
mode: full
pipelines:
  - name: checkout
    images:
      - { image: REGISTRY/acme/web, policy: { semver: "*" } }
      - { image: REGISTRY/acme/worker, policy: { semver: "*" } }
    environments:
      - { name: integration, paths: [apps/checkout/integration], merge: auto }
      - { name: live, after: [integration], paths: [apps/checkout/live] }
`;

tellInAllConditions(
  "two images move together, in one pull request and one commit",
  async (story) => {
    await story.push("1.1.0", { name: "web" });
    await story.settle();
    await story.push("2.1.0", { name: "worker" });
    await story.settle();
    assert.deepEqual(story.open(), ["live: (web 1.1.0, worker 2.1.0)"]);
    assert.equal(story.promotions("live").length, 1);
    assert.equal(story.commits("live").length, 1);
    await story.merge("live");
    assert.match(story.reads("apps/checkout/live/web.yaml") ?? "", /web:1\.1\.0/);
    assert.match(story.reads("apps/checkout/live/worker.yaml") ?? "", /worker:2\.1\.0/);
  },
  {
    pipeline: TWO_IMAGES,
    files: Object.fromEntries(
      ["integration", "live"].flatMap((name) => [
        [`apps/checkout/${name}/web.yaml`, deployment("1.0.0", "acme/web")],
        [`apps/checkout/${name}/worker.yaml`, deployment("2.0.0", "acme/worker")],
      ]),
    ),
    pushed: ["web:1.0.0", "worker:2.0.0"],
  },
);

tellInAllConditions(
  "an environment that is a branch takes its promotions there",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["production: 1.8.0"]);
    assert.equal(story.promotion("production").baseRef, "production");
    await story.merge("production");
    assert.equal(story.declares("production", { branch: "production" }), "1.8.0");
    assert.equal(story.declares("production"), undefined, "the default branch has no such file");
    assert.deepEqual(story.open(), []);
  },
  {
    pipeline: checkoutFile([INTEGRATION, environment("production", "after: [integration], branch: production")]),
    files: runs("1.7.0", ["integration"]),
    branches: { production: runs("1.7.0", ["production"]) },
  },
);

tellInAllConditions(
  "an environment that copies another takes exactly what that one runs, also when it goes back",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.merge("live");
    assert.deepEqual(story.open(), ["standby: 1.8.0"]);
    await story.merge("standby");
    await story.commit(runs("1.7.0", ["live"]), { message: "Back to the old one" });
    assert.deepEqual(story.open(), ["standby: 1.7.0"]);
    await story.merge("standby");
    assert.equal(story.declares("standby"), "1.7.0");
    assert.deepEqual(story.open(), []);
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      environment("live", "after: [integration]"),
      environment("standby", "same-as: live"),
    ]),
    files: runs("1.7.0", ["integration", "live", "standby"]),
  },
);

const VALUES = `# the version of the shop
image:
  tag: "1.7.0" # moves
  pullPolicy: Always
`;

tell(
  "a bare value that names no image is written where `fields` says so, and nothing beside it",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.merge("live");
    assert.equal(story.reads("apps/checkout/live/values.yaml"), VALUES.replace("1.7.0", "1.8.0"));
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      "name: live, after: [integration], fields: [ { file: apps/checkout/live/values.yaml, path: image.tag, writes: tag } ]",
    ]),
    files: { ...runs("1.7.0", ["integration"]), "apps/checkout/live/values.yaml": VALUES },
  },
);

tell("a new environment in the pipeline file takes what the one before has", async (story) => {
  await story.push("1.8.0");
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  await story.commit(runs("1.7.0", ["dr"]));
  await story.configure(
    checkoutFile([
      INTEGRATION,
      environment("staging", "after: [integration], merge: auto"),
      LIVE,
      environment("dr", "after: [staging]"),
    ]),
  );
  assert.deepEqual(story.open(), ["dr: 1.8.0", "live: 1.8.0"]);
});
