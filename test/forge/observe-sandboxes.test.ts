// Our pull requests that lend an environment, as the observing question shows them: neither promotions nor people's.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Snapshot } from "../../src/forge/snapshot.ts";
import { type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

const BRANCH = "stagecoach-sandbox/checkout/dev";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
const observe = (): Promise<Snapshot> => world.forge.observe(world.at, { branches: [] });

beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});

after(async () => {
  for (const one of worlds) await one.close();
});

async function lend(): Promise<{ readonly number: number; readonly head: string }> {
  const { branches, node } = await observe();
  const main = branches.main;
  assert.ok(main?.kind === "known" && main.value);
  const files = [{ path: "clusters/dev.yaml", mode: "100644", text: "branch: faster-cart\n" }];
  const message = "Lend dev of checkout to #12";
  const { head: parent, tree: baseTree } = main.value;
  const { oid: head } = await world.forge.commit(world.at, { parent, baseTree, files, message });
  await world.forge.moveRefs(world.at, { node, moves: [{ branch: BRANCH, to: head }] });
  const request = { branch: BRANCH, base: "main", title: message, body: "<!-- stagecoach:description f1 -->" };
  const opened = await world.forge.openPullRequest(world.at, request);
  assert.ok(opened.kind === "done");
  return { number: opened.value.number, head };
}

describe("a pull request of ours that lends", () => {
  it("is no promotion, is not guarded, and says whose its head is", async () => {
    const { number, head } = await lend();
    const { promotions, guarded, strays, sandboxPulls } = await observe();
    assert.deepEqual([promotions, guarded, strays, sandboxPulls.strays], [[], [], [], []]);
    const [one] = sandboxPulls.open;
    assert.deepEqual(
      [one?.number, one?.key, one?.describedAs, one?.head.oid, one?.head.ownership],
      [number, "checkout/dev", "f1", head, { kind: "ours" }],
    );
    assert.deepEqual(world.github.deviations(), []);
  });

  it("is over with who ended it, and its branch is told of until it is gone", async () => {
    const { number, head } = await lend();
    world.github.closePullRequest({ repository: REPOSITORY, number, by: "ann" });
    const { sandboxPulls, past } = await observe();
    assert.deepEqual(past, []);
    assert.deepEqual(
      sandboxPulls.past.map(({ key, outcome, by, byUs }) => [key, outcome, by, byUs]),
      [["checkout/dev", "closed", "ann", false]],
    );
    assert.deepEqual(
      sandboxPulls.strays.map((stray) => [stray.branch, stray.head.oid, stray.head.ownership.kind]),
      [[BRANCH, head, "ours"]],
    );
  });

  it("keeps no merge group waiting", async () => {
    world.github.setRule({ repository: REPOSITORY, branch: "main", mergeQueue: { method: "squash" } });
    const { number, head } = await lend();
    await observe();
    await world.forge.mergePullRequest(world.at, { number, head, method: "queue", title: "t", message: "m" });
    const group = world.github.buildMergeGroup({ repository: REPOSITORY, branch: "main" });
    const { guarded } = await observe();
    assert.deepEqual(guarded, [{ head: group?.headOid, base: "main", contains: [] }]);
  });

  it("T10: is not ours any more once a person pushed to it", async () => {
    await lend();
    world.github.commitFiles({
      repository: REPOSITORY,
      branch: BRANCH,
      files: { "clusters/dev.yaml": "branch: evil\n" },
      author: "eve",
      message: "More",
    });
    const { sandboxPulls } = await observe();
    const ownership = sandboxPulls.open[0]?.head.ownership;
    assert.deepEqual([ownership?.kind, ownership?.kind === "foreign" && ownership.by], ["foreign", "eve"]);
  });
});

it("T13: a person's pull request from a branch under that prefix is guarded as everybody's", async () => {
  world.github.commitFiles({ repository: REPOSITORY, branch: BRANCH, files: { a: "1" }, author: "eve", message: "x" });
  const pull = world.github.openPullRequest({ repository: REPOSITORY, by: "eve", head: BRANCH, title: "x" });
  const { guarded, sandboxPulls } = await observe();
  assert.deepEqual(
    guarded.map(({ number, branch }) => [number, branch]),
    [[pull.number, BRANCH]],
  );
  assert.deepEqual(sandboxPulls.open, []);
  assert.deepEqual(
    sandboxPulls.strays.map(({ head }) => head.ownership.kind),
    ["foreign"],
  );
});
