// What the program asks of GitHub and of registries, counted: the figures of the design, whatever the number of places,
// services and files. `npm run bench` prints them.

import assert from "node:assert/strict";
import { CONFIG, type Story } from "./begin-story.ts";
import { checkoutFile, deployment, environment, ONLY_LIVE, placeOf, runs } from "./sample-files.ts";
import { beginSource, commitToSource, labelsOf, WITH_SOURCE } from "./source-code.ts";
import { tell } from "./tell.ts";

interface Count {
  readonly github: readonly string[];
  readonly contentCreating: number;
  readonly registry: number;
}

/** What was asked while it happened; the token does not count. */
async function count(story: Story, happens: () => Promise<unknown>): Promise<Count> {
  story.github.forgetRequests();
  const before = story.registry.requests().length;
  await happens();
  const asked = story.github.requests().filter(({ kind }) => kind !== "token");
  return {
    github: asked.map(
      ({ method, route, operation }) => operation ?? `${method} ${route.replace("/repos/{owner}/{repo}", "")}`,
    ),
    contentCreating: asked.filter(({ kind }) => kind === "content-creating").length,
    registry: story.registry.requests().length - before,
  };
}

/** The one pass that a hint wakes; what follows it is not counted. */
async function onePass(story: Story): Promise<void> {
  await story.github.webhooks.settled();
  await story.store().runOne();
}

const OPENING = [
  "Observe",
  "POST /git/trees",
  "POST /git/commits",
  "MoveRefs",
  "POST /pulls",
  "POST /issues/{issue_number}/labels",
  "POST /check-runs",
];

const NEW_BASE = ["GET /git/trees/{tree_sha}", "Blobs"];

async function expectSeven(story: Story): Promise<void> {
  await story.settle();
  const opening = await count(story, async () => {
    await story.push("1.8.0");
    await onePass(story);
  });
  assert.deepEqual(opening.github, OPENING);
  assert.equal(opening.contentCreating, 1);
  assert.ok(opening.registry <= 2, `${opening.registry} registry requests`);
  await story.settle();
  assert.deepEqual(story.open(), ["live: 1.8.0"]);
  const quiet = await count(story, () => story.wait(10 * 60_000));
  assert.deepEqual([...new Set(quiet.github)], ["Observe"], "an unchanged repository: one question a pass");
}

const TEN_PLACES = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`apps/checkout/live/part-${index}.yaml`, deployment("1.7.0")]),
);

tell("opening with one place: seven requests, one of them content-creating", expectSeven, {
  pipeline: ONLY_LIVE,
  files: runs("1.7.0", ["live"]),
});

tell("opening with ten places: the same seven", expectSeven, { pipeline: ONLY_LIVE, files: TEN_PLACES });

function neighbours(services: number): Readonly<Record<string, string>> {
  return runs(
    "1.0.0",
    Array.from({ length: services }, (_, index) => `service-${index}/dev`),
  );
}

const EACH = `  - name: "{app}"
    for-each: "apps/{app}"
    images: [ { image: "REGISTRY/acme/{app}", policy: { semver: "*" } } ]
    environments: [ { name: dev, paths: ["apps/{app}/dev"] } ]
`;

for (const services of [20, 2_000]) {
  tell(`opening with ${services} other services in the repository: the same seven`, expectSeven, {
    pipeline: checkoutFile([environment("live")], { more: EACH }),
    files: { ...runs("1.7.0", ["live"]), ...neighbours(services) },
    pushed: ["checkout:1.7.0", ...Array.from({ length: services }, (_, n) => `service-${n}:1.0.0`)],
  });
}

tell(
  "the base has moved since: at most two requests more",
  async (story) => {
    await story.settle();
    const opening = await count(story, async () => {
      story.github.commitFiles({
        repository: CONFIG,
        files: {
          [placeOf("live")]: deployment("1.7.0").replace(/\n/g, "\r\n").replaceAll("REGISTRY", story.registry.host),
        },
        author: "leo",
        message: "Another editor",
      });
      await story.push("1.8.0");
      await onePass(story);
    });
    const [question = "", ...writes] = OPENING;
    assert.deepEqual(opening.github, [question, ...NEW_BASE, ...writes]);
  },
  { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) },
);

tell(
  "a ledger commit costs one more, however many promotions are remembered with it",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    const { number } = story.promotion("integration");
    const remembering = await count(story, async () => {
      story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
      await onePass(story);
    });
    const [question = "", ...writes] = OPENING;
    const swept = "MoveRefs";
    assert.deepEqual(remembering.github, [question, ...NEW_BASE, "CommitOnBranch", ...writes, ...writes, swept]);
  },
  {
    pipeline: checkoutFile([
      environment("integration"),
      environment("a", "after: [integration]"),
      environment("b", "after: [integration]"),
    ]),
    files: runs("1.7.0", ["integration", "a", "b"]),
  },
);

tell(
  "moving an open promotion to a newer version costs no content-creating request",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const moving = await count(story, async () => {
      await story.push("1.9.0");
      await onePass(story);
    });
    assert.equal(moving.contentCreating, 0);
    assert.ok(moving.github.length <= 7, moving.github.join(", "));
    assert.ok(moving.registry <= 2, `${moving.registry} registry requests`);
  },
  { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) },
);

const HISTORY = ["GET /compare/{basehead}", "SourceHistory"];

tell(
  "the history of the source costs two requests more when a promotion opens, and nothing while it is open",
  async (story) => {
    await story.settle();
    const opening = await count(story, async () => {
      const commit = commitToSource(story.github, "One more");
      await story.push("1.8.0", { labels: labelsOf(commit) });
      await onePass(story);
    });
    const [question = "", ...writes] = OPENING;
    assert.deepEqual(opening.github, [question, ...HISTORY, ...writes]);
    assert.equal(opening.contentCreating, 1);
    // Two as ever, and manifest and configuration of both versions, each of which is read once for all time.
    assert.ok(opening.registry <= 2 + 4, `${opening.registry} registry requests`);
    await story.settle();
    const quiet = await count(story, () => story.wait(10 * 60_000));
    assert.deepEqual([...new Set(quiet.github)], ["Observe"]);
    assert.ok(quiet.registry <= 1, `${quiet.registry} registry requests`);
    const merging = await count(story, async () => {
      const { number } = story.promotion("live");
      story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
      await onePass(story);
    });
    assert.ok(!merging.github.some((request) => HISTORY.includes(request)), merging.github.join(", "));
    assert.equal(merging.registry, 0);
  },
  { pipeline: WITH_SOURCE, files: runs("1.7.0", ["live"]), beside: beginSource },
);

tell(
  "images that say nothing of their source cost nothing on GitHub",
  async (story) => {
    await story.settle();
    const opening = await count(story, async () => {
      await story.push("1.8.0");
      await onePass(story);
    });
    assert.deepEqual(opening.github, OPENING);
    assert.ok(opening.registry <= 2 + 2, `${opening.registry} registry requests`);
  },
  { pipeline: WITH_SOURCE, files: runs("1.7.0", ["live"]), beside: beginSource },
);
