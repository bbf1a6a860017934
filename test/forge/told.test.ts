// What we said after a merge, read back: found by its marks, ours alone, in one request for many pull requests.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { ToldOnPullRequest } from "../../src/domain/told.ts";
import { type ForgeOnGithub, openPromotion, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

const LIVE = "Healthy.\n\n<!-- stagecoach:live f1 -->";
const HELP = "Please look.\n\n<!-- stagecoach:attention/degraded f2 -->";

async function told(number: number, commit?: string): Promise<ToldOnPullRequest> {
  const all = await world.forge.readTold(world.at, [{ number, ...(commit !== undefined && { commit }) }]);
  const seen = all.get(number);
  assert.ok(seen?.kind === "known", JSON.stringify(seen));
  return seen.value;
}

async function whyUnknown(number: number, commit?: string): Promise<string> {
  const all = await world.forge.readTold(world.at, [{ number, ...(commit !== undefined && { commit }) }]);
  const seen = all.get(number);
  return seen?.kind === "unknown" ? seen.why : "";
}

async function say(number: number, body: string, comment?: number): Promise<number> {
  const request = { number, body, ...(comment !== undefined && { comment }) };
  const outcome = await world.forge.writeComment(world.at, request);
  assert.equal(outcome.kind, "done");
  return outcome.kind === "done" ? outcome.value.id : 0;
}

async function mergedPromotion(environment = "staging"): Promise<{ readonly number: number; readonly commit: string }> {
  const { number } = await openPromotion(world, { environment });
  world.github.mergePullRequest({ repository: REPOSITORY, number, by: "ann" });
  return { number, commit: world.github.pullRequest({ repository: REPOSITORY, number }).mergeCommitOid ?? "" };
}

async function deploy(commit: string, environment: `${string}/${string}` = "checkout/staging"): Promise<number> {
  const outcome = await world.forge.createDeployment(world.at, { commit, environment, description: "1.8.0" });
  assert.equal(outcome.kind, "done", JSON.stringify(outcome));
  return outcome.kind === "done" ? outcome.value.id : 0;
}

describe("our comments", () => {
  it("are found on an issue, too", async () => {
    const { number } = world.github.openIssue({ repository: REPOSITORY, by: "ann", title: "Hello" });
    const id = await say(number, HELP);
    assert.deepEqual((await told(number)).comments, [{ id, topic: "attention/degraded", fingerprint: "f2" }]);
  });

  it("are found by their marks, and those without one do not matter", async () => {
    const { number } = await openPromotion(world);
    const live = await say(number, LIVE);
    await say(number, "Hello, without a mark.");
    const help = await say(number, HELP);
    assert.deepEqual(await told(number), {
      comments: [
        { id: live, topic: "live", fingerprint: "f1" },
        { id: help, topic: "attention/degraded", fingerprint: "f2" },
      ],
      deployments: [],
    });
    assert.deepEqual(world.github.deviations(), []);
  });

  it("T15: count only when our app wrote them, whatever mark a stranger's carries", async () => {
    const { number } = await openPromotion(world);
    for (const by of ["eve", "stagecoach", "stagecoach-bot[bot]"]) {
      world.github.comment({ repository: REPOSITORY, number, by, body: LIVE });
    }
    assert.deepEqual((await told(number)).comments, []);
  });

  it("with one topic count as the oldest", async () => {
    const { number } = await openPromotion(world);
    const first = await say(number, LIVE);
    await say(number, LIVE.replace("f1", "f9"));
    assert.deepEqual((await told(number)).comments, [{ id: first, topic: "live", fingerprint: "f1" }]);
  });

  it("are told with what stands there now, and not at all once they are deleted", async () => {
    const { number } = await openPromotion(world);
    const id = await say(number, LIVE);
    assert.equal(await say(number, LIVE.replace("f1", "f3"), id), id);
    assert.equal((await told(number)).comments[0]?.fingerprint, "f3");
    const [comment] = world.github.comments({ repository: REPOSITORY, number });
    assert.ok(comment);
    world.github.deleteComment({ comment, by: "eve" });
    assert.deepEqual((await told(number)).comments, []);
  });

  it("are found behind 120 of other people, page by page", async () => {
    const { number } = await openPromotion(world);
    for (let n = 0; n < 120; n += 1) world.github.comment({ repository: REPOSITORY, number, by: "ann", body: `${n}` });
    const id = await say(number, LIVE);
    const { value, requests } = await world.count(() => told(number));
    assert.deepEqual(requests, ["POST Told", "POST Told", "POST Told"]);
    assert.deepEqual(
      value.comments.map((comment) => comment.id),
      [id],
    );
  });

  it("keep numbers that are too large for GraphQL's own", async () => {
    const { number } = await openPromotion(world);
    world.github.model.lastId = 5_000_000_000;
    const id = await say(number, LIVE);
    assert.ok(id > 5_000_000_000);
    assert.equal((await told(number)).comments[0]?.id, id);
  });
});

describe("deployments of the merge commit", () => {
  it("are told with their newest status", async () => {
    const { number, commit } = await mergedPromotion();
    const staging = await deploy(commit);
    const live = await deploy(commit, "checkout/live");
    const status = { deployment: staging, state: "in_progress", description: "dev reconciles" } as const;
    await world.forge.setDeploymentStatus(world.at, { ...status, state: "queued", description: "merged" });
    await world.forge.setDeploymentStatus(world.at, status);
    assert.deepEqual((await told(number, commit)).deployments, [
      {
        id: staging,
        environment: "checkout/staging",
        status: { state: "in_progress", description: "dev reconciles" },
      },
      { id: live, environment: "checkout/live" },
    ]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("by another app, of another commit, or of what is no environment of ours, are ignored", async () => {
    const { number, commit } = await mergedPromotion();
    world.github.deploy({ repository: REPOSITORY, ref: commit, environment: "checkout/staging", app: "vercel" });
    await deploy(commit, "production/Not Ours" as `${string}/${string}`);
    await deploy(world.github.log({ repository: REPOSITORY, ref: "main" }).at(-1)?.oid ?? "");
    assert.deepEqual((await told(number, commit)).deployments, []);
  });

  it("show what a person made of them, and two for one environment count as the older", async () => {
    const { number, commit } = await mergedPromotion();
    const id = await deploy(commit);
    await deploy(commit);
    const [deployment] = world.github.deployments({ repository: REPOSITORY });
    assert.ok(deployment);
    world.github.setDeploymentStatus({ deployment, by: "eve", state: "error", description: "broken" });
    assert.deepEqual((await told(number, commit)).deployments, [
      { id, environment: "checkout/staging", status: { state: "failure", description: "broken" } },
    ]);
  });

  it("with numbers too large for GraphQL cost one request more, once", async () => {
    world.github.model.lastId = 3_000_000_000;
    const { number, commit } = await mergedPromotion();
    const id = await deploy(commit);
    const ask = () => told(number, commit);
    assert.deepEqual((await world.count(ask)).requests, ["POST Told"]);
    const cold = { ...world, forge: await world.restart() };
    await cold.forge.identity();
    world = cold;
    const first = await world.count(ask);
    assert.deepEqual(first.requests, ["POST Told", "GET /repos/{owner}/{repo}/deployments"]);
    assert.equal(first.value.deployments[0]?.id, id);
    assert.deepEqual((await world.count(ask)).requests, ["POST Told"]);
  });

  it("are none where the installation does not let us read them; the comments are read all the same", async () => {
    const { permissions } = world.github.app;
    const { deployments: _, ...without } = permissions;
    const poor = await startForge({ permissions: without });
    worlds.push(poor);
    world = poor;
    const { number, commit } = await mergedPromotion();
    const id = await say(number, LIVE);
    assert.deepEqual(await told(number, commit), {
      comments: [{ id, topic: "live", fingerprint: "f1" }],
      deployments: [],
    });
    const refused = { commit, environment: "checkout/staging", description: "" } as const;
    assert.equal((await world.forge.createDeployment(world.at, refused)).kind, "refused");
  });
});

describe("many pull requests", () => {
  it("are read by one request, and nothing by none", async () => {
    const first = await mergedPromotion();
    const second = await mergedPromotion("live");
    await say(first.number, LIVE);
    await say(second.number, HELP);
    const { value, requests } = await world.count(() => world.forge.readTold(world.at, [first, second]));
    assert.deepEqual(requests, ["POST Told"]);
    assert.deepEqual([...value.keys()], [first.number, second.number]);
    const none = await world.count(() => world.forge.readTold(world.at, []));
    assert.deepEqual([none.value.size, none.requests], [0, []]);
  });

  it("are known one by one: what GitHub cannot say of one leaves the others", async () => {
    const { number, commit } = await mergedPromotion();
    const all = await world.forge.readTold(world.at, [
      { number, commit },
      { number: 4_711 },
      { number: 3, commit: "main; rm -rf /" },
      { number: 2 ** 40 },
    ]);
    const seen = [...all.values()].map((one) => (one.kind === "unknown" ? one.why : "known"));
    assert.equal(seen[0], "known");
    assert.match(seen[1] ?? "", /^GitHub said "Could not resolve to an issue or pull request/);
    assert.match(seen[2] ?? "", /`main; rm -rf \/` is no commit id/);
    assert.match(seen[3] ?? "", /no number that GitHub could know/);
  });

  it("whose commit is gone have no deployments", async () => {
    const { number } = await mergedPromotion();
    assert.deepEqual((await told(number, "1".repeat(40))).deployments, []);
  });
});

describe("what is unknown, with the reason", () => {
  it("a field that fails", async () => {
    const { number } = await openPromotion(world);
    await say(number, LIVE);
    world.github.break({ on: "POST /graphql", fault: { kind: "broken-field", field: "PullRequest.comments" } });
    assert.match(await whyUnknown(number), /GitHub said "Something went wrong/);
    world.github.mend();
    world.github.break({ on: "POST /graphql", fault: { kind: "broken-field", field: "IssueComment.body" } });
    assert.match(await whyUnknown(number), /GitHub said "Something went wrong/);
  });

  it("an answer that never came", async () => {
    const { number } = await openPromotion(world);
    world.github.break({ on: "POST /graphql", fault: { kind: "error-before", status: 502 } });
    assert.match(await whyUnknown(number), /^could not read what Stagecoach said before .*502/);
  });
});
