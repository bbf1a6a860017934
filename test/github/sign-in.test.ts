// Holds how the stand-in lets people, the app and its installations in, and what it keeps them from.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { ProbotOctokit } from "probot";
import {
  type Claims,
  connect,
  connectApp,
  connectInstallation,
  connectUser,
  fullName,
  makeJwt,
  refusal,
  repository,
} from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";

let github: Github;
let time = new Date();
before(async () => {
  github = await startGithub({ credentialsNow: () => time });
  github.createRepository({ owner: "acme", name: "config", private: true });
  github.createRepository({ owner: "acme", name: "other", private: true });
  github.createRepository({ owner: "else", name: "secret", private: true, author: "eve" });
});
after(() => github.close());

describe("the app's JSON web token", () => {
  it("lets the app ask about itself", async () => {
    const { data } = await connectApp(github).rest.apps.getAuthenticated();
    assert.equal(data?.slug, "stagecoach");
  });

  const foreignKey = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
  const refused: readonly { readonly name: string; readonly claims: Claims; readonly message: string }[] = [
    { name: "signed by another key", claims: { privateKey: foreignKey }, message: "could not be decoded" },
    { name: "of another app", claims: { issuer: "99" }, message: "could not be decoded" },
    { name: "with another algorithm", claims: { algorithm: "HS256" }, message: "could not be decoded" },
    { name: "from the future", claims: { issuedAt: 120 }, message: "'Issued at' claim ('iat')" },
    {
      name: "that has expired",
      claims: { issuedAt: -600, expiresAt: -1 },
      message: "'Expiration time' claim ('exp') must be",
    },
    { name: "that lasts too long", claims: { expiresAt: 3_600 }, message: "is too far in the future" },
  ];
  for (const { name, claims, message } of refused)
    it(`is refused when it is one ${name}`, async () => {
      time = new Date();
      await assert.rejects(
        connect(github, makeJwt(github, claims)).rest.apps.getAuthenticated(),
        refusal(401, message),
      );
    });

  it("does not open repositories", async () => {
    await assert.rejects(connectApp(github).rest.repos.get(repository), refusal(401, "JSON web token"));
  });

  it("is made and exchanged by Probot's own Octokit", async () => {
    const octokit = new ProbotOctokit({
      baseUrl: github.url,
      auth: { appId: github.appId, privateKey: github.privateKey, installationId: github.installation("acme").id },
      throttle: { enabled: false },
      retry: { enabled: false },
    });
    const { data } = await octokit.rest.repos.get(repository);
    assert.equal(data.full_name, fullName);
  });
});

describe("an installation's token", () => {
  it("reaches the account's repositories and no others", async () => {
    const octokit = await connectInstallation(github);
    const { data } = await octokit.rest.apps.listReposAccessibleToInstallation();
    assert.deepEqual(
      data.repositories.map(({ full_name }) => full_name),
      ["acme/config", "acme/other"],
    );
    await assert.rejects(octokit.rest.repos.get({ owner: "else", repo: "secret" }), refusal(404, "Not Found"));
  });

  it("is narrowed to chosen repositories", async () => {
    const { data: chosen } = await connectUser(github, "ann").rest.repos.get(repository);
    const octokit = await connectInstallation(github, { repositoryIds: [chosen.id] });
    assert.equal((await octokit.rest.repos.get(repository)).status, 200);
    await assert.rejects(octokit.rest.repos.get({ owner: "acme", repo: "other" }), refusal(404, "Not Found"));
  });

  it("is narrowed to chosen permissions, and never gets more than was granted", async () => {
    const octokit = await connectInstallation(github, { permissions: { contents: "read" } });
    assert.equal((await octokit.rest.repos.getContent({ ...repository, path: "README.md" })).status, 200);
    await assert.rejects(
      octokit.rest.git.createBlob({ ...repository, content: "x" }),
      refusal(403, "Resource not accessible by integration"),
    );
    await assert.rejects(octokit.rest.pulls.list(repository), refusal(403, "Resource not accessible by integration"));
    await assert.rejects(
      connectInstallation(github, { permissions: { administration: "write" } }),
      refusal(422, "not granted"),
    );
  });

  it("is not given for repositories that the installation does not have", async () => {
    const { data } = await connectUser(github, "eve").rest.repos.get({ owner: "else", repo: "secret" });
    await assert.rejects(
      connectInstallation(github, { repositoryIds: [data.id] }),
      refusal(422, "at least one repository"),
    );
  });

  it("expires after an hour", async () => {
    time = new Date();
    const octokit = await connectInstallation(github);
    time = new Date(Date.now() + 59 * 60_000);
    assert.equal((await octokit.rest.repos.get(repository)).status, 200);
    time = new Date(Date.now() + 61 * 60_000);
    await assert.rejects(octokit.rest.repos.get(repository), refusal(401, "Bad credentials"));
    time = new Date();
  });

  it("stops while the installation is suspended, and none is given", async () => {
    const octokit = await connectInstallation(github);
    github.suspendInstallation({ installation: github.installation("acme") });
    await assert.rejects(octokit.rest.repos.get(repository), refusal(403, "suspended"));
    await assert.rejects(connectInstallation(github), refusal(403, "suspended"));
    github.unsuspendInstallation({ installation: github.installation("acme") });
    assert.equal((await octokit.rest.repos.get(repository)).status, 200);
  });

  it("may not touch workflow files without the permission for it", async () => {
    const octokit = await connectInstallation(github);
    const put = octokit.rest.repos.createOrUpdateFileContents({
      ...repository,
      path: ".github/workflows/build.yaml",
      message: "A workflow",
      content: Buffer.from("on: push\n").toString("base64"),
    });
    await assert.rejects(put, refusal(403, "without `workflows` permission"));
  });
});

describe("people", () => {
  it("act with their role", async () => {
    github.setRole({ repository: fullName, user: "reader", role: "read" });
    const reader = connectUser(github, "reader");
    assert.equal((await reader.rest.repos.get(repository)).status, 200);
    await assert.rejects(
      reader.rest.git.createBlob({ ...repository, content: "x" }),
      refusal(403, "Must have write access"),
    );
    const issue = await reader.rest.issues.create({ ...repository, title: "A question" });
    assert.equal(issue.data.user?.login, "reader");
    await assert.rejects(
      reader.rest.issues.addLabels({ ...repository, issue_number: issue.data.number, labels: ["x"] }),
      refusal(403, "Must have write access"),
    );
  });

  it("do not see private repositories in which they have no part", async () => {
    await assert.rejects(connectUser(github, "eve").rest.repos.get(repository), refusal(404, "Not Found"));
    await assert.rejects(connect(github).rest.repos.get(repository), refusal(404, "Not Found"));
  });

  it("are turned away when nobody knows them", async () => {
    await assert.rejects(connectUser(github, "nobody").rest.repos.get(repository), refusal(401, "Bad credentials"));
    await assert.rejects(connect(github, "ghs_made_up").rest.repos.get(repository), refusal(401, "Bad credentials"));
  });

  it("have the role that their team has", async () => {
    github.team({ organization: "acme", slug: "sre", members: ["bob"], repositories: { [fullName]: "maintain" } });
    const octokit = await connectInstallation(github);
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repository, username: "bob" });
    assert.deepEqual([data.permission, data.role_name], ["write", "maintain"]);
    const membership = await octokit.rest.teams.getMembershipForUserInOrg({
      org: "acme",
      team_slug: "sre",
      username: "bob",
    });
    assert.equal(membership.data.state, "active");
    await assert.rejects(
      octokit.rest.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "sre", username: "ann" }),
      refusal(404, ""),
    );
  });
});

it("answers nothing that differs from GitHub's description", () => assert.deepEqual(github.deviations(), []));
