// What it costs to follow what runs, counted: requests to GitHub from the merge to health, a pass over a quiet world, and
// one list for each source however many environments run there. `npm run bench` prints such figures for a fleet.

import assert from "node:assert/strict";
import { type LiveStory, livesIn, tellLive } from "./live-story.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";

const ONE = {
  pipeline: checkoutFile([environment("integration", `merge: auto, ${livesIn("integration", "dev")}`)]),
  sources: { dev: { environments: ["integration"] } },
};

interface Count {
  readonly github: readonly string[];
  readonly argocd: readonly string[];
}

async function count(story: LiveStory, happens: () => Promise<unknown>): Promise<Count> {
  story.github.forgetRequests();
  const { argocd } = story.source("dev");
  const before = argocd.requests().length;
  await happens();
  return {
    github: story.github
      .requests()
      .filter(({ kind }) => kind !== "token")
      .map(({ method, route, operation }) => operation ?? `${method} ${route.replace("/repos/{owner}/{repo}", "")}`),
    argocd: argocd
      .requests()
      .slice(before)
      .filter(({ path }) => !path.includes("/stream/"))
      .map(({ method, path }) => `${method} ${path}`),
  };
}

const LIST = "GET /api/v1/applications";

const LEDGER = ["CommitOnBranch"];

/** Only what is due now; what is due later is not counted. */
async function onePass(story: LiveStory): Promise<void> {
  await story.github.webhooks.settled();
  await story.store().runOne();
}

tellLive(
  "an unchanged pass with live: one question to GitHub, one list from Argo CD",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").takes();
    await story.wait(20 * 60_000);
    const quiet = await count(story, async () => {
      await story.app().shell.store.work.wake(await idOf(story));
      await onePass(story);
    });
    assert.deepEqual(quiet, { github: ["Observe"], argocd: [LIST] });
  },
  ONE,
);

tellLive(
  "from the merge to health: what is written is a comment, a deployment and their changes, and nothing else",
  async (story) => {
    await story.push("1.8.0");
    await story.settle();
    const following = await count(story, async () => {
      await story.merge("integration");
      await story.cluster("integration").begins();
      await story.cluster("integration").takes({ healthy: false });
      await story.cluster("integration").recovers();
    });
    assert.deepEqual(
      following.github.filter((name) => name !== "Observe"),
      [
        ...["GET /git/trees/{tree_sha}", "Blobs"],
        // Where the commit stands that still runs, and what stands on the pull request.
        ...["GET /compare/{basehead}", "Told"],
        ...LEDGER,
        "POST /issues/{issue_number}/comments",
        ...["POST /deployments", "POST /deployments/{deployment_id}/statuses"],
        "MoveRefs",
        // reconciling
        "PATCH /issues/comments/{comment_id}",
        "POST /deployments/{deployment_id}/statuses",
        // synced: the deployment goes on as it was
        "PATCH /issues/comments/{comment_id}",
        // healthy
        ...LEDGER,
        "PATCH /issues/comments/{comment_id}",
        "POST /deployments/{deployment_id}/statuses",
      ],
    );
  },
  { ...ONE, pipeline: ONE.pipeline.replace("merge: auto, ", "") },
);

tellLive(
  "a reconciler that looks again and finds nothing new is no reason to write",
  async (story) => {
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.cluster("integration").takes();
    // The last that is remembered of it is that it was healthy for as long as it was on trial.
    await story.wait(20 * 60_000);
    const quiet = await count(story, async () => {
      for (let round = 0; round < 10; round += 1) {
        story.cluster("integration").application.looks();
        await story.wait(3 * 60_000);
      }
    });
    assert.deepEqual([...new Set(quiet.github)], ["Observe"]);
    assert.ok(quiet.argocd.every((path) => path === LIST));
  },
  ONE,
);

const SERVICES = 500;
const EACH = `version: 1
mode: full
pipelines:
  - name: "{app}"
    for-each: "apps/{app}"
    images: [ { image: "REGISTRY/acme/{app}", policy: { semver: "*" } } ]
    environments: [ { name: dev, paths: ["apps/{app}/dev"], live: { source: dev, argocd: "{app}-dev" } } ]
`;
const NAMES = Array.from({ length: SERVICES }, (_, index) => `service-${index}`);

tellLive(
  `${SERVICES} environments on one Argo CD: one list a pass, and one question to GitHub`,
  async (story) => {
    await story.settle();
    const quiet = await count(story, async () => {
      await story.app().shell.store.work.wake(await idOf(story));
      await onePass(story);
    });
    assert.deepEqual(quiet, { github: ["Observe"], argocd: [LIST] });
  },
  {
    pipeline: EACH,
    files: runs(
      "1.0.0",
      NAMES.map((name) => `${name}/dev`),
    ),
    pushed: NAMES.map((name) => `${name}:1.0.0`),
    sources: { dev: { environments: NAMES.map((name) => `${name}/dev`) } },
  },
);

const FEW = NAMES.slice(0, 6).map((name) => `${name}/dev`);

tellLive(
  "a push costs one comparison, however many commits clusters are at",
  async (story) => {
    await story.settle();
    for (const name of NAMES.slice(0, 6)) await story.push("1.1.0", { name });
    await story.settle();
    await story.settle();
    for (const place of FEW) {
      await story.cluster(place).takes();
      await story.commit({ "README.md": `After ${place}\n` });
    }
    await story.settle();
    for (let round = 0; round < 3; round += 1) {
      const pushed = await count(story, async () => {
        await story.commit({ "README.md": `Words ${round}\n` });
      });
      assert.deepEqual(
        pushed.github.filter((name) => name !== "Observe"),
        ["GET /git/trees/{tree_sha}", "GET /compare/{basehead}"],
      );
    }
  },
  {
    pipeline: EACH.replace("name: dev,", "name: dev, merge: auto,"),
    files: runs("1.0.0", FEW),
    pushed: NAMES.slice(0, 6).map((name) => `${name}:1.0.0`),
    sources: { dev: { environments: FEW } },
  },
);

async function idOf(story: LiveStory): Promise<number> {
  const [at] = await story.app().shell.store.repositories.list();
  assert.ok(at);
  return at.repository;
}
