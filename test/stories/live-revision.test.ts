// Healthy counts only for the commit that brought the version, or a later one of the branch that holds the same.

import assert from "node:assert/strict";
import { CONFIG } from "./begin-story.ts";
import { type LiveStory, livesIn, tellLive, tellLiveInAllConditions } from "./live-story.ts";
import { checkoutFile, environment } from "./sample-files.ts";

const ONE = {
  pipeline: checkoutFile([
    environment("integration", `merge: auto, ${livesIn("integration", "dev")}`),
    environment("live", "after: [integration]"),
  ]),
  sources: { dev: { environments: ["integration", "live"] } },
};

async function bring(story: LiveStory): Promise<void> {
  story.health.follows({ live: ["integration"] });
  await story.settle();
  await story.push("1.8.0");
  await story.settle();
}

tellLiveInAllConditions(
  "a cluster that is healthy with the commit before is not healthy with this one",
  async (story) => {
    await bring(story);
    const { application } = story.cluster("integration");
    application.looks();
    await story.wait(60 * 60_000);
    assert.equal(story.told("integration").stage, "merged");
    assert.match(story.told("integration").text, /still runs commit `[0-9a-f]{7}`, from before `?1\.8\.0/);
    assert.deepEqual(story.open(), []);
    await story.cluster("integration").takes();
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
  },
  ONE,
);

tellLive(
  "a cluster that follows another branch proves nothing, also with the same files",
  async (story) => {
    await bring(story);
    const files = {
      "apps/checkout/integration/deployment.yaml": story.reads("apps/checkout/integration/deployment.yaml") ?? "",
    };
    const elsewhere = await story.commit(files, { branch: "wip" });
    await story.cluster("integration").takes({ revision: elsewhere });
    await story.wait(30 * 60_000);
    assert.notEqual(story.told("integration").stage, "healthy");
    assert.match(story.told("integration").text, /which is not on `main`/);
    assert.deepEqual(story.open(), []);
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
  },
  ONE,
);

tellLive(
  "unrelated commits: still healthy, nothing is edited, and a cluster that is ahead of the merge counts",
  async (story) => {
    await bring(story);
    await story.commit({ "README.md": "Words\n" });
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
    assert.deepEqual(story.open(), ["live: 1.8.0"]);
    await story.wait(30 * 60_000);
    const { stages } = story.told("integration");
    const asked: Record<string, number> = {};
    for (let round = 0; round < 5; round += 1) {
      story.github.forgetRequests();
      await story.commit({ "README.md": `Words ${round}\n` });
      if (round % 2 === 0) await story.cluster("integration").passesOn();
      for (const { route, operation, kind } of story.github.requests())
        if (kind !== "token") asked[operation ?? route] = (asked[operation ?? route] ?? 0) + 1;
    }
    assert.deepEqual(story.told("integration").stages, stages);
    assert.equal(story.told("integration").stage, "healthy");
    assert.ok((asked["/repos/{owner}/{repo}/compare/{basehead}"] ?? 0) <= 5, "a commit and a head are compared once");
    const writes = Object.keys(asked).filter((name) => /comments|deployments|pulls|git\/commits/.test(name));
    assert.deepEqual(writes, []);
  },
  ONE,
);

tellLive(
  "a commit after the merge that takes the version back: the cluster that runs it is not healthy with the version",
  async (story) => {
    await bring(story);
    const merged = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    await story.commit({
      "apps/checkout/integration/deployment.yaml": (
        story.reads("apps/checkout/integration/deployment.yaml") ?? ""
      ).replace("1.8.0", "1.7.0"),
    });
    await story.cluster("integration").takes();
    await story.wait(10 * 60_000);
    assert.deepEqual(story.open(), []);
    assert.notEqual(story.told("integration").stage, "healthy");
    await story.cluster("integration").takes({ revision: merged });
    await story.wait(10 * 60_000);
    assert.deepEqual(story.open(), [], "nor is it while Git says something else");
    await story.cluster("integration").takes();
  },
  ONE,
);

tellLive(
  "a branch that is pushed back by force: what a cluster runs from before is not on it any more",
  async (story) => {
    await bring(story);
    const merged = story.github.branchTip({ repository: CONFIG, branch: "main" }) ?? "";
    await story.cluster("integration").takes();
    await story.commit({ "README.md": "Words\n" });
    await story.cluster("integration").passesOn();
    await story.commit({ "README.md": "More words\n" });
    assert.equal(story.told("integration").stage, "healthy");
    await story.forcePush("main", merged);
    assert.match(story.told("integration").text, /which is not on `main`/);
    await story.cluster("integration").takes();
    assert.equal(story.told("integration").stage, "healthy");
  },
  ONE,
);
