// Holds issues, comments, labels, reactions and requests for review, with the limits that GitHub puts on them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, connectUser, fullName, refusal, repository } from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";

let github: Github;
let octokit: Octokit;
let number: number;
before(async () => {
  github = await startGithub();
  github.createRepository({ owner: "acme", name: "config", files: { "app.yaml": "1\n" } });
  octokit = await connectInstallation(github);
  github.commitFiles({
    repository: fullName,
    branch: "change",
    files: { "app.yaml": "2\n" },
    author: "ann",
    message: "Two",
  });
  number = (await octokit.rest.pulls.create({ ...repository, head: "change", base: "main", title: "Two" })).data.number;
});
after(() => github.close());

describe("comments", () => {
  it("are written, edited and deleted, and say through which app", async () => {
    const { data } = await octokit.rest.issues.createComment({ ...repository, issue_number: number, body: "First" });
    assert.deepEqual([data.user?.login, data.performed_via_github_app?.slug], ["stagecoach[bot]", "stagecoach"]);
    await octokit.rest.issues.updateComment({ ...repository, comment_id: data.id, body: "Second" });
    assert.deepEqual(
      github.comments({ repository: fullName, number }).map(({ body }) => body),
      ["Second"],
    );
    await octokit.rest.issues.deleteComment({ ...repository, comment_id: data.id });
    await assert.rejects(
      octokit.rest.issues.getComment({ ...repository, comment_id: data.id }),
      refusal(404, "Not Found"),
    );
  });

  it("of somebody else are changed only by those who may write", async () => {
    const comment = github.comment({ repository: fullName, number, by: "ann", body: "/promote" });
    const stranger = connectUser(github, "stranger");
    github.comment({ repository: fullName, number, by: "stranger", body: "Hello" });
    const edit = stranger.rest.issues.updateComment({ ...repository, comment_id: comment.id, body: "/rollback" });
    await assert.rejects(edit, refusal(403, "Must have admin rights"));
  });

  it("are read since a time, and page by page", async () => {
    const { data } = await octokit.rest.issues.listComments({
      ...repository,
      issue_number: number,
      since: "2199-01-01T00:00:00Z",
    });
    assert.deepEqual(data, []);
    const all = await octokit.paginate(octokit.rest.issues.listComments, {
      ...repository,
      issue_number: number,
      per_page: 1,
    });
    assert.deepEqual(
      all.map(({ body }) => body),
      ["/promote", "Hello"],
    );
  });

  it("of more than 65,536 characters are refused", async () => {
    const write = (length: number) =>
      octokit.rest.issues.createComment({ ...repository, issue_number: number, body: "é".repeat(length) });
    await assert.rejects(write(65_537), refusal(422, "body is too long (maximum is 65536 characters)"));
    assert.equal((await write(65_536)).status, 201);
  });

  it("get each reaction of a person once", async () => {
    const comment = github.comment({ repository: fullName, number, by: "ann", body: "/status" });
    const react = () =>
      octokit.rest.reactions.createForIssueComment({ ...repository, comment_id: comment.id, content: "eyes" });
    assert.deepEqual([(await react()).status, (await react()).status], [201, 200]);
    const { data } = await octokit.rest.reactions.listForIssueComment({ ...repository, comment_id: comment.id });
    assert.deepEqual(
      data.map(({ content, user }) => [content, user?.login]),
      [["eyes", "stagecoach[bot]"]],
    );
    await octokit.rest.reactions.deleteForIssueComment({
      ...repository,
      comment_id: comment.id,
      reaction_id: data[0]?.id ?? 0,
    });
    assert.deepEqual(comment.reactions, []);
  });
});

describe("labels", () => {
  it("are made when they are first given, and taken away one by one", async () => {
    const issue = { ...repository, issue_number: number };
    await octokit.rest.issues.addLabels({ ...issue, labels: ["stagecoach", "env/dev"] });
    await octokit.rest.issues.setLabels({ ...issue, labels: ["stagecoach", "env/staging"] });
    await octokit.rest.issues.removeLabel({ ...issue, name: "env/staging" });
    assert.deepEqual(
      (await octokit.rest.issues.listLabelsOnIssue(issue)).data.map(({ name }) => name),
      ["stagecoach"],
    );
    await assert.rejects(
      octokit.rest.issues.removeLabel({ ...issue, name: "env/staging" }),
      refusal(404, "Label does not exist"),
    );
    await assert.rejects(
      octokit.rest.issues.createLabel({ ...repository, name: "Stagecoach" }),
      refusal(422, "already_exists"),
    );
  });
});

describe("issues", () => {
  it("share their numbers with pull requests, which are issues too", async () => {
    const { data } = await octokit.rest.issues.create({ ...repository, title: "Dashboard", labels: ["stagecoach"] });
    assert.equal(data.number, number + 1);
    await octokit.rest.issues.update({
      ...repository,
      issue_number: data.number,
      body: "All is well",
      state: "closed",
    });
    const { data: open } = await octokit.rest.issues.listForRepo({ ...repository, state: "all", labels: "stagecoach" });
    assert.deepEqual(
      open.map((issue) => [issue.number, issue.state, issue.pull_request !== undefined]),
      [
        [number + 1, "closed", false],
        [number, "open", true],
      ],
    );
  });
});

describe("requests for review", () => {
  it("go to teams and people with access, and not to the author", async () => {
    github.team({ organization: "acme", slug: "sre", members: ["bob"], repositories: { [fullName]: "write" } });
    github.team({ organization: "acme", slug: "strangers", members: ["zoe"] });
    const pull = { ...repository, pull_number: number };
    await octokit.rest.pulls.requestReviewers({ ...pull, team_reviewers: ["sre"], reviewers: ["ann"] });
    const { data } = await octokit.rest.pulls.listRequestedReviewers(pull);
    assert.deepEqual([data.users.map(({ login }) => login), data.teams.map(({ slug }) => slug)], [["ann"], ["sre"]]);
    await assert.rejects(
      octokit.rest.pulls.requestReviewers({ ...pull, team_reviewers: ["strangers"] }),
      refusal(422, "not a collaborator"),
    );
    await assert.rejects(
      octokit.rest.pulls.requestReviewers({ ...pull, reviewers: ["stagecoach[bot]"] }),
      refusal(422, "pull request author"),
    );
    await connectUser(github, "bob").rest.pulls.createReview({ ...pull, event: "APPROVE" });
    assert.deepEqual((await octokit.rest.pulls.listRequestedReviewers(pull)).data.teams, []);
  });
});

it("answers nothing that differs from GitHub's description", () => assert.deepEqual(github.deviations(), []));
