// Holds what a test can break, and what GitHub does to those who ask too much or for what has moved.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, fullName, refusal, repository } from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";

const open: Github[] = [];
let github: Github;
let octokit: Octokit;
let time: Date;
beforeEach(async () => {
  time = new Date("2026-03-01T10:00:00Z");
  github = await startGithub({ now: () => time });
  open.push(github);
  github.createRepository({ owner: "acme", name: "config", files: { "app.yaml": "1\n" } });
  github.commitFiles({
    repository: fullName,
    branch: "change",
    files: { "app.yaml": "2\n" },
    author: "ann",
    message: "Two",
  });
  octokit = await connectInstallation(github);
});
after(() => Promise.all(open.map((one) => one.close())));

const openPull = () => octokit.rest.pulls.create({ ...repository, head: "change", base: "main", title: "Two" });
const onOpening = { on: "POST /repos/{owner}/{repo}/pulls", times: 1 } as const;
const pullCount = () => github.pullRequests({ repository: fullName }).length;

describe("a fault", () => {
  it("loses the answer of a request that was done", async () => {
    github.break({ ...onOpening, fault: { kind: "reply-lost" } });
    await assert.rejects(openPull());
    assert.equal(pullCount(), 1);
    await assert.rejects(openPull(), refusal(422, "already exists"));
  });

  it("answers an error before or after the work", async () => {
    github.break({ ...onOpening, fault: { kind: "error-before", status: 503 } });
    await assert.rejects(openPull(), refusal(503, "Server Error"));
    assert.equal(pullCount(), 0);
    github.break({ ...onOpening, fault: { kind: "error-after" } });
    await assert.rejects(openPull(), refusal(502, "Server Error"));
    assert.equal(pullCount(), 1);
  });

  it("is a secondary limit while the budget looks full", async () => {
    github.break({ ...onOpening, fault: { kind: "secondary-limit", retryAfter: 90 } });
    await assert.rejects(
      openPull(),
      (error: { readonly status: number; readonly response: { readonly headers: Record<string, string> } }) => {
        assert.deepEqual([error.status, error.response.headers["retry-after"]], [403, "90"]);
        return true;
      },
    );
    assert.ok((await octokit.rest.rateLimit.get()).data.resources.core.remaining > 4_000);
    assert.equal((await openPull()).status, 201);
  });

  it("never answers", async () => {
    github.break({ on: "GET /repos/{owner}/{repo}", fault: { kind: "never-answers" } });
    await assert.rejects(octokit.rest.repos.get({ ...repository, request: { signal: AbortSignal.timeout(50) } }));
    github.mend();
    assert.equal((await octokit.rest.repos.get(repository)).status, 200);
  });

  it("does not know a new token yet", async () => {
    github.break({ on: "* *", times: 1, fault: { kind: "token-not-yet-known", status: 403 } });
    await assert.rejects(octokit.rest.repos.get(repository), refusal(403, "Resource not accessible by integration"));
    assert.equal((await octokit.rest.repos.get(repository)).status, 200);
  });

  it("meets only the requests that a test picks", async () => {
    github.break({
      ...onOpening,
      when: ({ body }) => JSON.stringify(body).includes("other"),
      fault: { kind: "error-before" },
    });
    assert.equal((await openPull()).status, 201);
  });

  it("lets reads lag behind writes, in lists, refs and mergeability", async () => {
    github.break({ on: "GET *", fault: { kind: "lag", requests: 2 } });
    const before = github.branchTip({ repository: fullName, branch: "change" });
    await openPull();
    const numbers = async () => (await octokit.rest.pulls.list(repository)).data.map(({ number }) => number);
    assert.deepEqual(await numbers(), []);
    assert.deepEqual(await numbers(), []);
    assert.deepEqual(await numbers(), [1]);
    github.commitFiles({
      repository: fullName,
      branch: "change",
      files: { "app.yaml": "3\n" },
      author: "ann",
      message: "Three",
    });
    assert.equal((await octokit.rest.git.getRef({ ...repository, ref: "heads/change" })).data.object.sha, before);
    github.mend();
    assert.notEqual((await octokit.rest.git.getRef({ ...repository, ref: "heads/change" })).data.object.sha, before);
  });
});

describe("the budget", () => {
  it("is 5,000 requests an hour, shown in headers, and comes back", async () => {
    github.settings.hourlyRequests = 3;
    const other = await connectInstallation(github);
    const ask = () => other.rest.repos.get(repository);
    assert.equal((await ask()).headers["x-ratelimit-remaining"], "2");
    await ask();
    await ask();
    await assert.rejects(ask(), refusal(403, "API rate limit exceeded for installation ID"));
    time = new Date("2026-03-01T11:00:01Z");
    assert.equal((await ask()).headers["x-ratelimit-remaining"], "2");
  });

  it("is not spent on what has not changed", async () => {
    const first = await octokit.rest.repos.get(repository);
    const again = octokit.rest.repos.get({ ...repository, headers: { "if-none-match": first.headers.etag ?? "" } });
    await assert.rejects(
      again,
      (error: { readonly status: number; readonly response: { readonly headers: Record<string, string> } }) => {
        assert.deepEqual(
          [error.status, error.response.headers["x-ratelimit-used"]],
          [304, first.headers["x-ratelimit-used"]],
        );
        return true;
      },
    );
  });

  it("allows 80 content-creating requests a minute where that is switched on", async () => {
    github.settings.contentLimits = true;
    const { number } = github.openIssue({ repository: fullName, by: "ann", title: "Talk" });
    const comment = () => octokit.rest.issues.createComment({ ...repository, issue_number: number, body: "x" });
    for (let count = 0; count < 80; count += 1) await comment();
    await assert.rejects(comment(), refusal(403, "You have exceeded a secondary rate limit"));
    time = new Date("2026-03-01T10:01:01Z");
    assert.equal((await comment()).status, 201);
  });
});

describe("what moved", () => {
  it("is found under its old name and its number", async () => {
    const { id } = (await octokit.rest.repos.get(repository)).data;
    github.renameRepository({ repository: fullName, name: "platform" });
    assert.equal((await octokit.rest.repos.get(repository)).data.full_name, "acme/platform");
    const byNumber = await octokit.request("GET /repositories/{id}/pulls", { id });
    assert.deepEqual(byNumber.data, []);
    const answer = await fetch(`${github.url}/repos/acme/config/pulls?state=all`, { redirect: "manual" });
    assert.deepEqual(
      [answer.status, answer.headers.get("location")],
      [301, `${github.url}/repositories/${id}/pulls?state=all`],
    );
  });
});

describe("the log of requests", () => {
  it("says what was asked, by whom, and of what kind", async () => {
    github.forgetRequests();
    await openPull();
    await octokit.rest.pulls.list(repository);
    await octokit.graphql("query Name { viewer { login } }");
    assert.deepEqual(
      github.requests().map(({ method, route, kind, status, by }) => `${method} ${route} ${kind} ${status} ${by}`),
      [
        "POST /repos/{owner}/{repo}/pulls content-creating 201 stagecoach[bot]",
        "GET /repos/{owner}/{repo}/pulls read 200 stagecoach[bot]",
        "POST /graphql graphql-query 200 stagecoach[bot]",
      ],
    );
  });

  it("shows what the stand-in does not have", async () => {
    await assert.rejects(
      octokit.rest.actions.listRepoWorkflows(repository),
      refusal(501, "not modelled: GET /repos/acme/config/actions/workflows"),
    );
    assert.deepEqual(github.deviations(), ["not modelled: GET /repos/acme/config/actions/workflows"]);
  });

  it("refuses properties that GitHub does not know", async () => {
    const wrong = { ...repository, head: "change", base: "main", title: "Two", lables: ["x"] };
    await assert.rejects(octokit.rest.pulls.create(wrong), refusal(422, "lables"));
  });
});
