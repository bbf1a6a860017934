// Holds what a merge asks for and what it leaves behind: rules, approvals, checks, methods, the merge queue.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, fullName, refusal, repository } from "./connect-octokit.ts";
import { commitAt, isSignedByGitHub } from "./git/git-repository.ts";
import type { BranchRule } from "./model/rule.ts";
import { enqueuePullRequest } from "./model/run-merge-queue.ts";
import { type Github, startGithub } from "./start-github.ts";
import { repositoryNamed } from "./stories/find-repository-named.ts";

const open: Github[] = [];
let github: Github;
let octokit: Octokit;
let head: string;
const pull = { ...repository, pull_number: 1 };
const one = { repository: fullName, number: 1 };

beforeEach(async () => {
  github = await startGithub();
  open.push(github);
  github.createRepository({
    owner: "acme",
    name: "config",
    files: { "app.yaml": "version: 1\n", "other.yaml": "x\n" },
  });
  github.setRole({ repository: fullName, user: "bob", role: "write" });
  octokit = await connectInstallation(github);
  head = github.commitFiles({
    repository: fullName,
    branch: "change",
    files: { "app.yaml": "version: 2\n" },
    author: "ann",
    message: "Raise the version\n\nBecause.",
  });
  github.openPullRequest({ repository: fullName, head: "change", title: "Raise", by: "ann" });
});
after(() => Promise.all(open.map((one) => one.close())));

const setRule = (rule: Partial<BranchRule>) => github.setRule({ repository: fullName, branch: "main", ...rule });
const merge = (options: object = {}) => octokit.rest.pulls.merge({ ...pull, ...options });

describe("a merge", () => {
  for (const [method, subject, parents] of [
    ["merge", "Merge pull request #1 from acme/change", 2],
    ["squash", "Raise the version (#1)", 1],
  ] as const)
    it(`by the method ${method} makes a commit that GitHub signs`, async () => {
      const { data } = await merge({ sha: head, merge_method: method });
      const { git } = repositoryNamed(github.model, fullName);
      const commit = commitAt(git, data.sha);
      assert.deepEqual([commit?.message.split("\n")[0], commit?.parents.length], [subject, parents]);
      assert.ok(commit && isSignedByGitHub(git, commit));
      assert.equal(github.fileAt({ repository: fullName, ref: "main", path: "app.yaml" }), "version: 2\n");
      const { data: after } = await octokit.rest.pulls.get(pull);
      assert.deepEqual(
        [after.merged, after.merge_commit_sha, after.merged_by?.login],
        [true, data.sha, "stagecoach[bot]"],
      );
    });

  it("by rebase puts the commits on top, unsigned", async () => {
    github.commitFiles({ repository: fullName, files: { "other.yaml": "y\n" }, author: "bob", message: "Meanwhile" });
    await merge({ merge_method: "rebase" });
    const log = github.log({ repository: fullName, ref: "main" });
    assert.deepEqual(
      log.map(({ message }) => message.split("\n")[0]),
      ["Raise the version", "Meanwhile", "First commit"],
    );
    assert.equal(log[0]?.signature, undefined);
  });

  it("takes the title and the message that it was given", async () => {
    await merge({ merge_method: "squash", commit_title: "Promote (#1)", commit_message: "Pipeline: checkout" });
    assert.equal(github.log({ repository: fullName, ref: "main" })[0]?.message, "Promote (#1)\n\nPipeline: checkout");
  });

  it("is refused on another head than the one decided on", async () => {
    github.commitFiles({
      repository: fullName,
      branch: "change",
      files: { "app.yaml": "version: 3\n" },
      author: "ann",
      message: "More",
    });
    await assert.rejects(
      merge({ sha: head }),
      refusal(409, "Head branch was modified. Review and try the merge again."),
    );
  });

  it("is refused by a method that the repository does not allow", async () => {
    repositoryNamed(github.model, fullName).mergeMethods = ["squash"];
    await assert.rejects(
      merge({ merge_method: "merge" }),
      refusal(405, "Merge commits are not allowed on this repository."),
    );
  });

  it("happens once", async () => {
    await merge();
    await assert.rejects(merge(), refusal(405, "Pull Request is not mergeable"));
  });

  it("deletes the branch where the repository wants that", async () => {
    repositoryNamed(github.model, fullName).deleteBranchOnMerge = true;
    await merge();
    assert.equal(github.branchTip({ repository: fullName, branch: "change" }), undefined);
  });
});

describe("rules", () => {
  it("keep a draft from being merged", async () => {
    github.pullRequest(one).draft = true;
    await assert.rejects(merge(), refusal(405, "still a draft"));
  });

  it("ask for checks, from the app that they name", async () => {
    setRule({ requiredChecks: [{ context: "stagecoach", app: github.appId }] });
    await assert.rejects(merge(), refusal(405, 'Required status check "stagecoach" is expected.'));
    github.reportCheck({ repository: fullName, ref: "change", name: "stagecoach" });
    await assert.rejects(merge(), refusal(405, "is expected"));
    const run = { ...repository, name: "stagecoach", head_sha: head };
    await octokit.rest.checks.create({ ...run, status: "in_progress" });
    await assert.rejects(merge(), refusal(405, "is in progress"));
    await octokit.rest.checks.create({ ...run, status: "completed", conclusion: "failure" });
    await assert.rejects(merge(), refusal(405, "is failing"));
    await octokit.rest.checks.create({ ...run, status: "completed", conclusion: "success" });
    assert.equal((await merge()).status, 200);
  });

  it("ask for approvals of people who may write, and not of the author", async () => {
    setRule({ requiredApprovals: 1 });
    await assert.rejects(merge(), refusal(405, "At least 1 approving review is required"));
    assert.throws(() => github.review({ ...one, by: "ann" }), /Can not approve your own pull request/);
    github.review({ ...one, by: "stranger" });
    await assert.rejects(merge(), refusal(405, "At least 1 approving review is required"));
    github.review({ ...one, by: "bob" });
    assert.equal((await merge()).status, 200);
  });

  it("let a request for changes stand until that reviewer approves", async () => {
    setRule({ requiredApprovals: 1 });
    github.setRole({ repository: fullName, user: "cleo", role: "write" });
    github.review({ ...one, by: "bob" });
    github.review({ ...one, by: "cleo", state: "CHANGES_REQUESTED" });
    await assert.rejects(merge(), refusal(405, "Changes have been requested"));
    github.review({ ...one, by: "cleo" });
    assert.equal((await merge()).status, 200);
  });

  it("dismiss approvals when a push changes what was reviewed, and keep them when it only takes the base in", async () => {
    setRule({ requiredApprovals: 1, dismissStaleReviews: true });
    github.review({ ...one, by: "bob" });
    github.commitFiles({ repository: fullName, files: { "other.yaml": "y\n" }, author: "bob", message: "Meanwhile" });
    await octokit.rest.pulls.updateBranch({ ...pull, expected_head_sha: head });
    const states = async () => (await octokit.rest.pulls.listReviews(pull)).data.map(({ state }) => state);
    assert.deepEqual(await states(), ["APPROVED"]);
    github.commitFiles({
      repository: fullName,
      branch: "change",
      files: { "app.yaml": "version: 3\n" },
      author: "ann",
      message: "More",
    });
    assert.deepEqual(await states(), ["DISMISSED"]);
  });

  it("ask for an up-to-date branch", async () => {
    setRule({ strict: true, requiredChecks: [{ context: "ci" }] });
    github.commitFiles({ repository: fullName, files: { "other.yaml": "y\n" }, author: "bob", message: "Meanwhile" });
    github.reportCheck({ repository: fullName, ref: "change", name: "ci" });
    await assert.rejects(merge(), refusal(405, "out of date"));
    await octokit.rest.pulls.updateBranch(pull);
    github.reportCheck({ repository: fullName, ref: "change", name: "ci" });
    assert.equal((await merge()).status, 200);
  });

  it("keep everybody from the branch but those they name", async () => {
    const ref = "heads/main";
    setRule({ requiredApprovals: 0 });
    await assert.rejects(
      octokit.rest.git.updateRef({ ...repository, ref, sha: head }),
      refusal(422, "through a pull request"),
    );
    setRule({ restrictUpdates: ["bob"] });
    await assert.rejects(
      octokit.rest.git.updateRef({ ...repository, ref, sha: head }),
      refusal(422, "Cannot update this protected ref."),
    );
    setRule({ restrictUpdates: ["stagecoach"] });
    await octokit.rest.git.updateRef({ ...repository, ref, sha: head });
    await assert.rejects(octokit.rest.git.deleteRef({ ...repository, ref }), refusal(422, "Cannot delete this branch"));
  });

  it("are shown as rulesets", async () => {
    setRule({
      requiredApprovals: 2,
      strict: true,
      requiredChecks: [{ context: "ci" }],
      mergeQueue: { method: "squash" },
    });
    const { data } = await octokit.rest.repos.getBranchRules({ ...repository, branch: "main" });
    assert.deepEqual(
      data.map(({ type }) => type),
      ["deletion", "non_fast_forward", "pull_request", "required_status_checks", "merge_queue"],
    );
  });
});

describe("the merge queue", () => {
  const enqueue = (expectedHead?: string) =>
    enqueuePullRequest(github.model, {
      pull: github.pullRequest(one),
      actor: { kind: "user", user: github.pullRequest(one).author },
      expectedHead,
    });

  it("takes what the rules allow, builds a group, and moves the base to it", async () => {
    setRule({ mergeQueue: { method: "squash" } });
    await assert.rejects(merge(), refusal(405, "through the merge queue"));
    assert.equal(enqueue("0".repeat(40)).kind, "refused");
    assert.equal(enqueue(head).kind, "enqueued");
    const group = github.buildMergeGroup({ repository: fullName, branch: "main" });
    assert.match(group?.headRef ?? "", /^refs\/heads\/gh-readonly-queue\/main\/pr-1-[0-9a-f]{40}$/);
    github.finishMergeGroup({ repository: fullName, branch: "main", passed: true });
    assert.equal(github.branchTip({ repository: fullName, branch: "main" }), group?.headOid);
    assert.ok((await octokit.rest.pulls.get(pull)).data.merged);
  });

  it("throws out what fails and what is pushed to", async () => {
    setRule({ mergeQueue: { method: "merge" } });
    const waiting = () => repositoryNamed(github.model, fullName).mergeQueues.get("main")?.entries.length;
    enqueue();
    github.buildMergeGroup({ repository: fullName, branch: "main" });
    github.finishMergeGroup({ repository: fullName, branch: "main", passed: false });
    assert.deepEqual([waiting(), github.pullRequest(one).state], [0, "open"]);
    enqueue();
    github.commitFiles({
      repository: fullName,
      branch: "change",
      files: { "app.yaml": "version: 3\n" },
      author: "ann",
      message: "More",
    });
    assert.equal(waiting(), 0);
  });
});

it("answers nothing that differs from GitHub's description", () =>
  assert.deepEqual(
    open.flatMap((one) => one.deviations()),
    [],
  ));
