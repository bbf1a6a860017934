// An environment with a registry and a tag rule of its own waits for a name; a person orders one, the registry writes it,
// and the digest that was proven goes on. What may not be written is refused with the reason, and nothing is written twice.

import assert from "node:assert/strict";
import type { Settings } from "../../src/domain/settings.ts";
import type { Story, StoryOptions } from "./begin-story.ts";
import { checkoutFile, deployment, environment, INTEGRATION, runs } from "./sample-files.ts";
import { tell, tellInAllConditions } from "./tell.ts";

const RULE = "^v(?P<version>.*)-stable$";

function pushing(tags: readonly string[]): (host: string) => Partial<Settings> {
  return (host) => ({
    registries: [
      { host, prefix: "", for: ["*"], insecure: true, every: 600_000 },
      { host, prefix: "live", for: ["acme/*"], insecure: true, every: 600_000, push: { tags, most: 2 ** 20 } },
    ],
  });
}

const OWN_NAMES: StoryOptions = {
  pipeline: checkoutFile([
    INTEGRATION,
    environment(
      "live",
      `after: [integration], images: [ { image: REGISTRY/live/checkout, as: REGISTRY/acme/checkout, policy: { tags: "${RULE}" } } ]`,
    ),
  ]),
  files: {
    ...runs("1.7.0", ["integration"]),
    "apps/checkout/live/deployment.yaml": deployment("v1.7.0-stable", "live/checkout"),
  },
  settings: pushing(["v.*-stable"]),
};

/** 1.8.0 is in integration, and live has no name for it. Gives the digest, and the promotion that brought it. */
async function untilLiveWaits(story: Story) {
  const seven = { repository: "live/checkout", tag: "v1.7.0-stable", digestSeed: "acme/checkout:1.7.0" };
  await story.registry.push(seven);
  const digest = await story.push("1.8.0");
  await story.settle();
  assert.deepEqual(story.open(), []);
  assert.equal(story.declares("integration"), "1.8.0");
  const { number = 0 } = story.promotions("integration").at(-1) ?? {};
  return { digest, number };
}

function nameIn(story: Story, tag = "v1.8.0-stable") {
  return story.registry.digestOf({ repository: "live/checkout", tag });
}

tellInAllConditions(
  "a person gives the proven digest the name that live needs, and the promotion goes on with that digest",
  async (story) => {
    const { digest, number } = await untilLiveWaits(story);
    assert.match((await story.waits("live")).join(), /write `\/retag <tag> in live` with a tag that matches/);
    const said = await story.say("/retag v1.8.0-stable in live", { on: number });
    assert.equal(nameIn(story), digest);
    assert.deepEqual(story.registry.uploaded(), [], "its blobs were mounted");
    assert.deepEqual(story.open(), ["live: v1.8.0-stable"]);
    assert.equal(story.reactionTo(said), "rocket");
    const answers = story.answers(number);
    assert.equal(answers.length, 1, answers.join("\n"));
    assert.match(answers[0] ?? "", /live\/checkout:v1\.8\.0-stable` names `sha256:/);
    await story.merge("live");
    assert.match(story.reads("apps/checkout/live/deployment.yaml") ?? "", /live\/checkout:v1\.8\.0-stable/);
    const written = story.registry.requests().filter(({ method, path }) => method === "PUT" && /-stable$/.test(path));
    assert.equal(written.length, 1, "it is written once");
  },
  OWN_NAMES,
);

tellInAllConditions(
  "a registry that is out of order for a while holds the name up, and then it is written",
  async (story) => {
    const { digest, number } = await untilLiveWaits(story);
    let failures = 0;
    const isWrite = (method: string) => method === "PUT" || method === "POST";
    story.registry.fail({ kind: "status", status: 503 }, ({ method }) => isWrite(method) && ++failures <= 3);
    const said = await story.say("/retag v1.8.0-stable in live", { on: number });
    await story.wait(5 * 60_000);
    assert.ok(failures > 3);
    assert.equal(nameIn(story), digest);
    assert.equal(story.reactionTo(said), "rocket");
    assert.deepEqual(story.open(), ["live: v1.8.0-stable"]);
    assert.equal(story.answers(number).length, 1);
  },
  OWN_NAMES,
);

tellInAllConditions(
  "a name that the registry refuses is answered with its reason, and asked for no more",
  async (story) => {
    const { number } = await untilLiveWaits(story);
    story.registry.fail({ kind: "immutable" }, ({ path }) => path.endsWith("-stable"));
    await story.say("/retag v1.8.0-stable in live", { on: number });
    const [answer = ""] = story.answers(number);
    assert.match(answer, /no name was written: .* answered 409 \(`TAG_IMMUTABLE`\)/);
    story.registry.fail();
    await story.wait(11 * 60_000);
    assert.equal(nameIn(story), undefined);
    assert.equal(story.answers(number).length, 1);
  },
  OWN_NAMES,
);

/** Where the process dies, with its database: at the registry's first write, or when the name is written. */
const DEATHS = {
  "before a blob is mounted": ({ method }: { method: string }) => method === "POST",
  "after the name is written": ({ method, path }: { method: string; path: string }) =>
    method === "PUT" && path.endsWith("-stable"),
};
for (const [when, isTheMoment] of Object.entries(DEATHS)) {
  tell(
    `a process that dies ${when} is followed by one that ends the order: one name, one answer, one promotion`,
    async (story) => {
      const { digest, number } = await untilLiveWaits(story);
      let deaths = 0;
      story.registry.fail({ kind: "lost-reply" }, (request) => {
        if (deaths > 0 || !isTheMoment(request)) return false;
        deaths += 1;
        story.crashWithNextFailure();
        story.fault({ on: "* *", fault: { kind: "error-before" } });
        return true;
      });
      const said = await story.say("/retag v1.8.0-stable in live", { on: number });
      await story.wait(2 * 60_000);
      assert.equal(deaths, 1);
      assert.ok(story.failures().length > 0, "the process did not die");
      assert.equal(nameIn(story), digest);
      assert.equal(story.reactionTo(said), "rocket");
      assert.equal(story.answers(number).length, 1);
      assert.deepEqual(story.open(), ["live: v1.8.0-stable"]);
      const named = story.registry
        .requests()
        .filter(({ method, path }) => method === "PUT" && path.endsWith("-stable"));
      assert.equal(named.length, 1, "it is written once");
    },
    OWN_NAMES,
  );
}

tell(
  "what may not be written is refused before anybody is asked",
  async (story) => {
    const { number } = await untilLiveWaits(story);
    const answerTo = async (text: string, by = "maria") => {
      await story.say(text, { on: number, by });
      return story.answers(number).at(-1) ?? "";
    };
    assert.match(await answerTo("/retag 1.8.0 in live"), /does not match `\^v/);
    assert.match(
      await answerTo("/retag v1.9.0-stable in live"),
      /no version `1\.9\.0` of .* has been in `integration`/,
    );
    assert.match(await answerTo("/retag v1.8.0-stable"), /none is missing[\s\S]*`\/retag v1\.8\.0-stable in live`/);
    assert.match(
      await answerTo("/retag v1.8.0-stable in live", "stranger"),
      /takes the role write or more in this repository, and `stranger` has read/,
    );
    assert.match(await answerTo("/retag v1.7.0-stable in live"), /names `sha256:.*` already/);
    assert.ok(story.registry.requests().every(({ method }) => method === "GET" || method === "HEAD"));
    assert.deepEqual(story.open(), []);
  },
  { ...OWN_NAMES, pushed: ["checkout:1.7.0"] },
);

tell(
  "the operator's patterns are asked, whatever the repository's own rule allows",
  async (story) => {
    const { number } = await untilLiveWaits(story);
    await story.say("/retag v1.8.0-stable in live", { on: number });
    assert.match(story.answers(number)[0] ?? "", /operator's settings let only tags be written .* `v2\.\*`/);
    assert.ok(story.registry.requests().every(({ method }) => method === "GET" || method === "HEAD"));
  },
  { ...OWN_NAMES, settings: pushing(["v2.*"]) },
);
