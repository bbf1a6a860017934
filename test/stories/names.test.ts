// The digest is the identity, a tag is its name in one environment: pairs stay pairs, each environment may have its own
// registry and its own names, and a name that is missing or points elsewhere stops the promotion there.

import assert from "node:assert/strict";
import { checkoutFile, deployment, digestOf, environment, INTEGRATION, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const [PAIR, ALONE] = [digestOf("1.7.0"), digestOf("1.6.0")];

tellInAllConditions(
  "a tag and a digest that stand together change together, and a digest alone stays alone",
  async (story) => {
    const digest = await story.push("1.8.0");
    await story.settle();
    await story.merge("live");
    assert.equal(story.declares("integration"), `1.8.0@${digest}`);
    const live = story.reads("apps/checkout/live/deployment.yaml") ?? "";
    assert.match(live, new RegExp(`image: REGISTRY/acme/checkout@${digest}\n`));
  },
  {
    pipeline: checkoutFile([INTEGRATION, environment("live", "after: [integration]")]),
    files: {
      "apps/checkout/integration/deployment.yaml": deployment(`1.7.0@${PAIR}`),
      "apps/checkout/live/deployment.yaml": deployment("1.6.0").replace(":1.6.0", `@${ALONE}`),
    },
    pushed: ["checkout:1.5.0", "checkout:1.6.0", "checkout:1.7.0"],
  },
);

const OWN_REGISTRY = {
  pipeline: checkoutFile([
    INTEGRATION,
    environment(
      "live",
      "after: [integration], images: [ { image: REGISTRY/live/checkout, as: REGISTRY/acme/checkout } ]",
    ),
  ]),
  files: {
    ...runs("1.7.0", ["integration"]),
    "apps/checkout/live/deployment.yaml": deployment("1.7.0", "live/checkout"),
  },
};
const SAME = { repository: "live/checkout", digestSeed: "acme/checkout:1.8.0" };

tellInAllConditions(
  "an environment with its own registry waits for the copy of the digest that was proven, and says how to make it",
  async (story) => {
    await story.registry.push({ ...SAME, tag: "1.7.0", digestSeed: "acme/checkout:1.7.0" });
    const digest = await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    const [wait = ""] = await story.waits("live");
    assert.match(wait, /has no tag `1\.8\.0`/);
    assert.match(wait, new RegExp(`skopeo copy --all --preserve-digests docker://\\S+/acme/checkout@${digest}`));
    assert.equal(await story.registry.push({ ...SAME, tag: "1.8.0" }), digest);
    await story.settle();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.merge("live");
    assert.match(story.reads("apps/checkout/live/deployment.yaml") ?? "", /REGISTRY\/live\/checkout:1\.8\.0/);
  },
  OWN_REGISTRY,
);

tell(
  "a name that points to another digest than the one that was proven is not promoted",
  async (story) => {
    await story.registry.push({ ...SAME, tag: "1.7.0", digestSeed: "acme/checkout:1.7.0" });
    await story.registry.push({ ...SAME, tag: "1.8.0", digestSeed: "something else" });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), []);
    assert.match((await story.waits("live")).join(), /is what was proven as `1\.8\.0`/);
  },
  OWN_REGISTRY,
);

tellInAllConditions(
  "a name that moves while its promotion is open turns the check red, and moves nothing",
  async (story) => {
    await story.registry.push({ ...SAME, tag: "1.7.0", digestSeed: "acme/checkout:1.7.0" });
    await story.registry.push({ ...SAME, tag: "1.8.0" });
    await story.push("1.8.0");
    await story.settle();
    const head = story.promotion("live").headOid;
    await story.registry.push({ ...SAME, tag: "1.8.0", digestSeed: "something else" });
    await story.wait(11 * 60_000);
    assert.match(story.check("live") ?? "", /^failure: .* is what /);
    assert.equal(story.promotion("live").headOid, head);
  },
  OWN_REGISTRY,
);

tell(
  "the last environment may name its versions by a rule of its own",
  async (story) => {
    await story.registry.push({ ...SAME, tag: "v1.7.0-stable", digestSeed: "acme/checkout:1.7.0" });
    await story.registry.push({ ...SAME, tag: "v1.8.0-stable" });
    await story.push("1.8.0");
    await story.settle();
    assert.deepEqual(story.open(), ["live: v1.8.0-stable"]);
    await story.merge("live");
    assert.match(story.reads("apps/checkout/live/deployment.yaml") ?? "", /live\/checkout:v1\.8\.0-stable/);
    assert.deepEqual(story.open(), []);
  },
  {
    pipeline: checkoutFile([
      INTEGRATION,
      environment(
        "live",
        'after: [integration], images: [ { image: REGISTRY/live/checkout, as: REGISTRY/acme/checkout, policy: { tags: "^v(?P<version>.*)-stable$" } } ]',
      ),
    ]),
    files: {
      ...runs("1.7.0", ["integration"]),
      "apps/checkout/live/deployment.yaml": deployment("v1.7.0-stable", "live/checkout"),
    },
  },
);

tell("a tag that is moved in the first registry is not promoted by itself", async (story) => {
  await story.push("1.8.0");
  await story.settle();
  await story.merge("live");
  await story.push("1.8.0", { seed: "moved" });
  await story.wait(11 * 60_000);
  assert.deepEqual(story.open(), []);
  assert.equal(story.declares("integration"), "1.8.0");
});

tell("a registry out of reach opens nothing and closes nothing, and is asked again", async (story) => {
  await story.push("1.8.0");
  await story.settle();
  story.registry.fail({ kind: "status", status: 503 });
  await story.push("1.9.0");
  await story.wait(11 * 60_000);
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  assert.match((await story.waits("integration")).join(), /503/);
  story.registry.fail();
  await story.wait(9 * 60_000);
  assert.deepEqual(story.open(), ["live: 1.9.0"]);
});
