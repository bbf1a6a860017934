// Holds checks, statuses and deployments: whose they are, what can be changed, what a success does to others.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, connectUser, fullName, refusal, repository } from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";

let github: Github;
let octokit: Octokit;
let head_sha: string;
before(async () => {
  github = await startGithub({
    permissions: { contents: "write", checks: "write", statuses: "write", deployments: "write", metadata: "read" },
  });
  github.createRepository({ owner: "acme", name: "config" });
  octokit = await connectInstallation(github);
  head_sha = github.branchTip({ repository: fullName, branch: "main" }) ?? "";
});
after(() => github.close());

describe("a check run", () => {
  it("stays completed, whatever is asked of it afterwards", async () => {
    const { data: run } = await octokit.rest.checks.create({
      ...repository,
      name: "stagecoach",
      head_sha,
      status: "in_progress",
    });
    const place = { ...repository, check_run_id: run.id };
    await octokit.rest.checks.update({ ...place, status: "completed", conclusion: "success" });
    const { data } = await octokit.rest.checks.update({
      ...place,
      status: "in_progress",
      output: { title: "Waits again", summary: "" },
    });
    assert.deepEqual([data.status, data.conclusion, data.output.title], ["completed", "success", "Waits again"]);
  });

  it("that is made again takes the place of the earlier one", async () => {
    const { data: newer } = await octokit.rest.checks.create({
      ...repository,
      name: "stagecoach",
      head_sha,
      status: "in_progress",
    });
    const latest = await octokit.rest.checks.listForRef({ ...repository, ref: "main", check_name: "stagecoach" });
    assert.deepEqual(
      latest.data.check_runs.map(({ id }) => id),
      [newer.id],
    );
    const all = await octokit.rest.checks.listForRef({
      ...repository,
      ref: "main",
      check_name: "stagecoach",
      filter: "all",
    });
    assert.equal(all.data.total_count, 2);
  });

  it("belongs to the app that made it", async () => {
    const other = github.reportCheck({ repository: fullName, ref: "main", name: "e2e", conclusion: "failure" });
    const { data } = await octokit.rest.checks.get({ ...repository, check_run_id: other.id });
    assert.deepEqual([data.app?.slug, data.app?.id], ["github-actions", 15_368]);
    await assert.rejects(
      octokit.rest.checks.update({ ...repository, check_run_id: other.id, conclusion: "success" }),
      refusal(403, "Invalid app_id"),
    );
    await assert.rejects(
      connectUser(github, "ann").rest.checks.create({ ...repository, name: "mine", head_sha }),
      refusal(403, "GitHub App"),
    );
  });

  it("is refused with too much text, without a conclusion, and on a commit that is not there", async () => {
    const create = (extra: object) =>
      octokit.rest.checks.create({ ...repository, name: "c", head_sha, status: "completed", ...extra });
    await assert.rejects(
      create({ conclusion: "success", output: { title: "t", summary: "x".repeat(65_536) } }),
      refusal(422, "Invalid request"),
    );
    await assert.rejects(create({}), refusal(422, "conclusion"));
    await assert.rejects(
      create({ conclusion: "success", head_sha: "3".repeat(40) }),
      refusal(422, "No commit found for SHA"),
    );
  });
});

describe("commit statuses", () => {
  it("combine into the worst of the latest of each context", async () => {
    const say = (context: string, state: "success" | "failure" | "pending") =>
      octokit.rest.repos.createCommitStatus({ ...repository, sha: head_sha, context, state });
    const combined = async () =>
      (await octokit.rest.repos.getCombinedStatusForRef({ ...repository, ref: "main" })).data.state;
    await say("build", "failure");
    assert.equal(await combined(), "failure");
    await say("build", "success");
    await say("lint", "pending");
    assert.equal(await combined(), "pending");
    await say("lint", "success");
    assert.equal(await combined(), "success");
    assert.equal((await octokit.rest.repos.listCommitStatusesForRef({ ...repository, ref: "main" })).data.length, 4);
  });
});

describe("deployments", () => {
  it("keep their statuses, and a success retires earlier ones unless it is told not to", async () => {
    const deploy = async (extra: object = {}) => {
      const { data } = await octokit.rest.repos.createDeployment({
        ...repository,
        ref: "main",
        auto_merge: false,
        required_contexts: [],
        environment: "checkout/dev",
        payload: { version: "1.8.0" },
        ...extra,
      });
      assert.ok("id" in data);
      return data.id;
    };
    const succeed = (deployment_id: number, auto_inactive: boolean) =>
      octokit.rest.repos.createDeploymentStatus({ ...repository, deployment_id, state: "success", auto_inactive });
    const states = async (deployment_id: number) =>
      (await octokit.rest.repos.listDeploymentStatuses({ ...repository, deployment_id })).data.map(
        ({ state }) => state,
      );
    const [first, second, third] = [await deploy(), await deploy(), await deploy()];
    await succeed(first, false);
    await succeed(second, false);
    assert.deepEqual(await states(first), ["success"]);
    await succeed(third, true);
    assert.deepEqual(await states(first), ["inactive", "success"]);
    const { data } = await octokit.rest.repos.listDeployments({ ...repository, environment: "checkout/dev" });
    assert.deepEqual(
      data.map(({ id, payload }) => [id, payload]),
      [third, second, first].map((id) => [id, { version: "1.8.0" }]),
    );
  });

  it("take descriptions of 140 characters and names of 255, and no longer ones", async () => {
    const request = { ...repository, ref: "main", auto_merge: false, required_contexts: [] };
    const { data } = await octokit.rest.repos.createDeployment({ ...request, environment: "checkout/live" });
    const deployment_id = "id" in data ? data.id : 0;
    const say = (length: number) =>
      octokit.rest.repos.createDeploymentStatus({
        ...repository,
        deployment_id,
        state: "queued",
        description: "x".repeat(length),
      });
    assert.equal((await say(140)).status, 201);
    await assert.rejects(say(141), refusal(422, "description is too long"));
    const named = octokit.rest.repos.createDeployment({ ...request, environment: "x".repeat(256) });
    await assert.rejects(named, refusal(422, "environment is too long"));
  });

  it("demand every check green unless contexts are given", async () => {
    const asked = octokit.rest.repos.createDeployment({ ...repository, ref: "main", auto_merge: false });
    await assert.rejects(asked, refusal(409, "Commit status checks failed"));
    await assert.rejects(
      octokit.rest.repos.createDeployment({ ...repository, ref: "none", required_contexts: [] }),
      refusal(422, "No ref found for: none"),
    );
  });
});

it("answers nothing that differs from GitHub's description", () => {
  // one request above was wrong on purpose
  assert.deepEqual(
    github.deviations().filter((text) => !text.includes("must NOT have more than 65535 characters")),
    [],
  );
});
