// Holds the life of a pull request: opened once, its head follows the branch, mergeability is computed late, and what
// closes it, merges it and reopens it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, connectUser, fullName, refusal, repository } from "./connect-octokit.ts";
import type { Announcement } from "./model/announcement.ts";
import { type Github, startGithub } from "./start-github.ts";

let github: Github;
let octokit: Octokit;
let announced: string[] = [];
let counter = 0;
before(async () => {
  github = await startGithub();
  github.createRepository({
    owner: "acme",
    name: "config",
    files: { "app.yaml": "one\ntwo\nthree\n", "other.yaml": "x\n" },
  });
  octokit = await connectInstallation(github);
  github.model.listeners.add((announcement: Announcement) => {
    announced.push("action" in announcement ? `${announcement.event}.${announcement.action}` : announcement.event);
  });
});
after(() => github.close());
beforeEach(() => {
  announced = [];
});

/** A branch of its own for each test, with one commit of a person, and a pull request from the app. */
async function openPull(
  content = `changed ${counter}\n`,
): Promise<{ readonly branch: string; readonly number: number }> {
  counter += 1;
  const branch = `branch-${counter}`;
  github.commitFiles({
    repository: fullName,
    branch,
    files: { "app.yaml": content },
    author: "ann",
    message: "Change",
  });
  const { data } = await octokit.rest.pulls.create({
    ...repository,
    head: branch,
    base: "main",
    title: `Pull ${counter}`,
  });
  return { branch, number: data.number };
}

const get = async (number: number) => (await octokit.rest.pulls.get({ ...repository, pull_number: number })).data;

describe("opening a pull request", () => {
  it("is told to the world, and the app's bot is the author", async () => {
    const { number } = await openPull();
    assert.ok(announced.includes("pull_request.opened"));
    assert.deepEqual([(await get(number)).user.login, (await get(number)).user.type], ["stagecoach[bot]", "Bot"]);
  });

  it("is refused twice for the same branches, however the head is written", async () => {
    const { branch } = await openPull();
    const again = (head: string) => octokit.rest.pulls.create({ ...repository, head, base: "main", title: "Again" });
    await assert.rejects(again(branch), refusal(422, `A pull request already exists for acme:${branch}.`));
    await assert.rejects(again(`acme:${branch}`), refusal(422, "A pull request already exists"));
  });

  it("is refused without a head, without a base, and with nothing between them", async () => {
    const head = octokit.rest.pulls.create({ ...repository, head: "none", base: "main", title: "t" });
    await assert.rejects(head, refusal(422, '"field":"head","code":"invalid"'));
    const { branch } = await openPull();
    const base = octokit.rest.pulls.create({ ...repository, head: branch, base: "none", title: "t" });
    await assert.rejects(base, refusal(422, '"field":"base","code":"invalid"'));
    await octokit.rest.git.createRef({
      ...repository,
      ref: "refs/heads/same",
      sha: github.branchTip({ repository: fullName, branch: "main" }) ?? "",
    });
    const nothing = octokit.rest.pulls.create({ ...repository, head: "same", base: "main", title: "t" });
    await assert.rejects(nothing, refusal(422, "No commits between main and same"));
  });

  it("is refused with a body that is too long, or with a field that GitHub does not know", async () => {
    const { branch } = await openPull();
    const long = octokit.rest.pulls.create({
      ...repository,
      head: branch,
      base: "main",
      title: "t",
      body: "x".repeat(65_537),
    });
    await assert.rejects(long, refusal(422, "body is too long (maximum is 65536 characters)"));
  });

  it("works from a fork", async () => {
    github.forkRepository({ repository: fullName, owner: "mallory" });
    github.commitFiles({
      repository: "mallory/config",
      branch: "evil",
      files: { "app.yaml": "evil\n" },
      author: "mallory",
      message: "Hello",
    });
    const { data } = await connectUser(github, "mallory").rest.pulls.create({
      ...repository,
      head: "mallory:evil",
      base: "main",
      title: "Take this",
    });
    assert.deepEqual(
      [data.head.repo?.full_name, data.head.label, data.author_association],
      ["mallory/config", "mallory:evil", "NONE"],
    );
    github.closePullRequest({ repository: fullName, number: data.number, by: "ann" });
  });
});

describe("the head", () => {
  it("follows its branch", async () => {
    const { branch, number } = await openPull();
    announced = [];
    const oid = github.commitFiles({
      repository: fullName,
      branch,
      files: { "app.yaml": "again\n" },
      author: "bob",
      message: "More",
    });
    assert.deepEqual([(await get(number)).head.sha, (await get(number)).commits], [oid, 2]);
    assert.deepEqual(announced, ["push", "check_suite.requested", "pull_request.synchronize"]);
  });

  it("that is deleted closes it, and a new branch of that name does not bring it back", async () => {
    const { branch, number } = await openPull();
    const sha = (await get(number)).head.sha;
    await octokit.rest.git.deleteRef({ ...repository, ref: `heads/${branch}` });
    assert.deepEqual([(await get(number)).state, (await get(number)).merged], ["closed", false]);
    const reopen = () => octokit.rest.pulls.update({ ...repository, pull_number: number, state: "open" });
    await assert.rejects(reopen(), refusal(422, "branch has been deleted"));
    const other = github.commitFiles({
      repository: fullName,
      branch,
      files: { "app.yaml": "recreated\n" },
      author: "ann",
      message: "Anew",
    });
    assert.notEqual(other, sha);
    await assert.rejects(reopen(), refusal(422, "was force-pushed or recreated"));
  });

  it("that is moved back to the base closes it", async () => {
    const { branch, number } = await openPull();
    const base = github.branchTip({ repository: fullName, branch: "main" }) ?? "";
    await octokit.rest.git.updateRef({ ...repository, ref: `heads/${branch}`, sha: base, force: true });
    assert.deepEqual([(await get(number)).state, (await get(number)).merged], ["closed", false]);
  });

  it("that the base takes in merges it", async () => {
    const { branch, number } = await openPull("taken in\n");
    const tip = github.branchTip({ repository: fullName, branch }) ?? "";
    await octokit.rest.git.updateRef({ ...repository, ref: "heads/main", sha: tip });
    assert.deepEqual([(await get(number)).merged, (await get(number)).merged_by?.login], [true, "stagecoach[bot]"]);
  });
});

describe("mergeability", () => {
  it("is unknown to the first who asks, known to the next, and unknown again when the base moved", async () => {
    const { number } = await openPull();
    const ask = async () => {
      const { mergeable, mergeable_state } = await get(number);
      return [mergeable, mergeable_state];
    };
    assert.deepEqual(
      [await ask(), await ask()],
      [
        [null, "unknown"],
        [true, "clean"],
      ],
    );
    github.commitFiles({
      repository: fullName,
      files: { "other.yaml": `${number}\n` },
      author: "ann",
      message: "Elsewhere",
    });
    assert.deepEqual(
      [await ask(), await ask()],
      [
        [null, "unknown"],
        [true, "clean"],
      ],
    );
  });

  it("is denied when both sides changed the same lines", async () => {
    const { number } = await openPull("mine\n");
    github.commitFiles({
      repository: fullName,
      files: { "app.yaml": `theirs ${number}\n` },
      author: "ann",
      message: "The same lines",
    });
    await get(number);
    const { mergeable, mergeable_state } = await get(number);
    assert.deepEqual([mergeable, mergeable_state], [false, "dirty"]);
    await assert.rejects(
      octokit.rest.pulls.merge({ ...repository, pull_number: number }),
      refusal(405, "Pull Request is not mergeable"),
    );
  });
});

describe("reading pull requests", () => {
  it("finds them by head, base and state", async () => {
    const { branch, number } = await openPull();
    const numbers = async (query: object) =>
      (await octokit.rest.pulls.list({ ...repository, ...query })).data.map((pull) => pull.number);
    assert.deepEqual(await numbers({ head: `acme:${branch}` }), [number]);
    assert.deepEqual(await numbers({ head: `acme:${branch}`, state: "closed" }), []);
    assert.deepEqual(await numbers({ head: `acme:${branch}`, base: "release" }), []);
    github.closePullRequest({ repository: fullName, number, by: "ann" });
    assert.deepEqual(await numbers({ head: `acme:${branch}`, state: "all" }), [number]);
  });

  it("lists what they change", async () => {
    const { number } = await openPull("one\ntwo\nthree\nfour\n");
    const { data } = await octokit.rest.pulls.listFiles({ ...repository, pull_number: number });
    assert.deepEqual(
      data.map(({ filename, status }) => [filename, status]),
      [["app.yaml", "modified"]],
    );
    assert.match(data[0]?.patch ?? "", /^@@ .*\n/);
    const { data: commits } = await octokit.rest.pulls.listCommits({ ...repository, pull_number: number });
    assert.deepEqual(
      commits.map(({ commit }) => commit.message),
      ["Change"],
    );
  });

  it("goes page by page", async () => {
    const all = await octokit.paginate(octokit.rest.pulls.list, { ...repository, state: "all", per_page: 2 });
    assert.deepEqual(
      all.map(({ number }) => number),
      github
        .pullRequests({ repository: fullName })
        .map(({ number }) => number)
        .toReversed(),
    );
  });

  it("tells which pull requests brought a commit", async () => {
    const { number } = await openPull();
    const { head } = await get(number);
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...repository,
      commit_sha: head.sha,
    });
    assert.deepEqual(
      data.map((pull) => pull.number),
      [number],
    );
  });
});

it("answers nothing that differs from GitHub's description", () => assert.deepEqual(github.deviations(), []));
