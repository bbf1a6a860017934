// A private package on GitHub's registry, which answers an app's token as little as anybody else: what GitHub's own
// event said has to do, and the pull request says so. The registry's refusal is played at the edge of the transport.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import nock from "nock";
import { CONFIG, type Story } from "./begin-story.ts";
import { deployment, digestOf } from "./sample-files.ts";
import { tell } from "./tell.ts";

const IMAGE = "ghcr.io/acme/checkout";
const place = (environment: string) => `apps/checkout/${environment}/deployment.yaml`;
const runs = (tag: string) => deployment(tag).replace("REGISTRY/acme/checkout", IMAGE);
const PRIVATE = {
  pipeline: `version: 1
mode: full
pipelines:
  - name: checkout
    images: [ { image: ${IMAGE} } ]
    environments:
      - { name: integration, paths: [apps/checkout/integration] }
      - { name: live, after: [integration], paths: [apps/checkout/live] }
`,
  files: {
    [place("integration")]: runs(`1.7.0@${digestOf("1.7.0")}`),
    [place("live")]: runs(`1.7.0@${digestOf("1.7.0")}`),
  },
  pushed: [],
};

before(() => {
  const registry = nock("https://ghcr.io").persist();
  const challenge = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/checkout:pull"';
  registry.get(/^\/v2\//).reply(401, { errors: [{ code: "UNAUTHORIZED" }] }, { "www-authenticate": challenge });
  registry.head(/^\/v2\//).reply(401, "", { "www-authenticate": challenge });
  registry.get(/^\/token/).reply(403, { errors: [{ code: "DENIED" }] });
});
after(() => nock.restore());

function publish({ github }: Story, tag: string): string {
  const digest = digestOf(tag);
  github.publishPackage({ repository: CONFIG, name: "checkout", tag, digest });
  // What a build for several platforms sends besides.
  github.publishPackage({ repository: CONFIG, name: "checkout", tag: "", digest: digestOf(`part of ${tag}`) });
  return digest;
}

async function expectPromoted(story: Story, digest: string): Promise<void> {
  assert.deepEqual(story.open(), ["integration: 1.8.0"]);
  const { body } = story.promotion("integration");
  assert.match(body ?? "", /is the word of GitHub's event alone: the registry answers nobody without credentials/);
  await story.merge("integration");
  assert.ok(story.reads(place("integration"))?.includes(`${IMAGE}:1.8.0@${digest}`));
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
}

tell(
  "a private package that GitHub told of is promoted, and the pull request says whose word it is",
  async (story) => {
    await story.settle();
    const digest = publish(story, "1.8.0");
    await story.settle();
    await expectPromoted(story, digest);
  },
  PRIVATE,
);

tell(
  "T25: what GitHub told of somebody else's private package is not told on",
  async (story) => {
    await story.settle();
    story.github.createRepository({ owner: "other", name: "builds", files: { "README.md": "Builds" } });
    await story.app().lookEverywhere();
    const image = { name: "checkout", tag: "1.8.0", digest: digestOf("1.8.0") };
    story.github.publishPackage({ repository: "other/builds", ...image });
    await story.settle();
    assert.deepEqual(story.open(), []);
    const [wait = ""] = await story.waits("integration");
    assert.match(wait, /it does not let anybody read other\/checkout without credentials/);
    assert.doesNotMatch(wait, /1\.8\.0/);
  },
  {
    ...PRIVATE,
    pipeline: PRIVATE.pipeline.replace(IMAGE, "ghcr.io/other/checkout"),
    files: Object.fromEntries(
      Object.entries(PRIVATE.files).map(([path, text]) => [path, text.replace(IMAGE, "ghcr.io/other/checkout")]),
    ),
  },
);

tell(
  "an event that was lost on its way is found in GitHub's log of deliveries",
  async (story) => {
    story.github.webhooks.setSwitch({ mode: "fail", event: "registry_package" });
    const digest = publish(story, "1.8.0");
    await story.github.webhooks.settled();
    story.github.webhooks.clearSwitches();
    await story.wait(11 * 60_000);
    await expectPromoted(story, digest);
  },
  PRIVATE,
);

tell(
  "a program that has forgotten everything asks GitHub what it told",
  async (story) => {
    const digest = publish(story, "1.8.0");
    await story.settle();
    await story.restart({ forget: true });
    await story.settle();
    await expectPromoted(story, digest);
  },
  PRIVATE,
);

tell(
  "of packages without a date the one that was told last is the newest, also for a program that has forgotten everything",
  async (story) => {
    await story.settle();
    publish(story, "sha-f00");
    await story.wait(60_000);
    publish(story, "sha-0aa");
    await story.wait(60_000);
    assert.deepEqual(story.open(), ["integration: sha-0aa"]);
    await story.restart({ forget: true });
    await story.wait(11 * 60_000);
    assert.deepEqual(story.open(), ["integration: sha-0aa"]);
  },
  { ...PRIVATE, pipeline: PRIVATE.pipeline.replace(`image: ${IMAGE}`, `image: ${IMAGE}, policy: newest`) },
);
