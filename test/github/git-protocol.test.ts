// Holds clone, fetch and push by git itself: who may, what is announced, which pushes the rules stop.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { connectApp, connectUser, fullName, repository } from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "clones-"));
let github: Github;
before(async () => {
  github = await startGithub();
  github.createRepository({ owner: "acme", name: "config", private: true, files: { "app.yaml": "1\n" } });
});
after(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

async function git(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" };
  const { stdout } = await run("git", ["-c", "user.name=Ann", "-c", "user.email=ann@people.example", ...args], { env });
  return stdout;
}

function address(credentials: string, name = fullName): string {
  return `${github.url.replace("http://", `http://${credentials}@`)}/${name}.git`;
}

async function clone(credentials: string): Promise<string> {
  const target = mkdtempSync(join(folder, "clone-"));
  await git("clone", "--quiet", address(credentials), target);
  return target;
}

async function commit(target: string, text: string): Promise<void> {
  writeFileSync(join(target, "app.yaml"), text);
  await git("-C", target, "commit", "--quiet", "--all", "--message", `Say ${text.trim()}`);
}

describe("git", () => {
  it("clones with an installation's token or as a person, and with nothing else", async () => {
    const { data } = await connectApp(github).rest.apps.createInstallationAccessToken({
      installation_id: github.installation("acme").id,
    });
    await clone(`x-access-token:${data.token}`);
    await clone("user:ann");
    await assert.rejects(clone("x-access-token:ghs_wrong"), /Authentication failed|could not read/);
    await assert.rejects(clone("user:nobody"), /Authentication failed|could not read/);
  });

  it("clones by the old name of a renamed repository", async () => {
    github.createRepository({ owner: "acme", name: "before", author: "ann" });
    github.renameRepository({ repository: "acme/before", name: "after" });
    await git("clone", "--quiet", address("user:ann", "acme/before"), join(folder, "renamed"));
  });

  it("pushes, and pull requests follow", async () => {
    const target = await clone("user:ann");
    await commit(target, "2\n");
    await git("-C", target, "push", "--quiet", "origin", "HEAD:refs/heads/change");
    const person = connectUser(github, "ann");
    const { data } = await person.rest.pulls.create({ ...repository, head: "change", base: "main", title: "Two" });
    await commit(target, "3\n");
    const events: string[] = [];
    github.model.listeners.add(({ event }) => events.push(event));
    await git("-C", target, "push", "--quiet", "origin", "HEAD:refs/heads/change");
    const head = (await git("-C", target, "rev-parse", "HEAD")).trim();
    const { data: after } = await person.rest.pulls.get({ ...repository, pull_number: data.number });
    assert.deepEqual([after.head.sha, after.commits], [head, 2]);
    assert.match(
      await git("-C", target, "ls-remote", "origin", `refs/pull/${data.number}/head`),
      new RegExp(`^${head}\t`),
    );
    assert.deepEqual(events, ["push", "check_suite", "pull_request"]);
    const { data: shown } = await person.rest.repos.getCommit({ ...repository, ref: head });
    assert.equal(shown.commit.verification?.verified, false);
  });

  it("does not push for those who may only read", async () => {
    github.setRole({ repository: fullName, user: "reader", role: "read" });
    const target = await clone("user:reader");
    await commit(target, "4\n");
    await assert.rejects(git("-C", target, "push", "--quiet", "origin", "HEAD:refs/heads/mine"), /403|not granted/);
  });

  it("is stopped by rules, with GitHub's words", async () => {
    github.setRole({ repository: fullName, user: "bob", role: "write" });
    const target = await clone("user:bob");
    await commit(target, "5\n");
    const push = (...args: readonly string[]) => git("-C", target, "push", ...args);
    github.setRule({ repository: fullName, branch: "main", requiredApprovals: 1 });
    await assert.rejects(
      push("origin", "HEAD:main"),
      /GH013: Repository rule violations found[\s\S]*Changes must be made through a pull request/,
    );
    github.setRule({ repository: fullName, branch: "main" });
    await push("--quiet", "origin", "HEAD:main");
    await git("-C", target, "commit", "--quiet", "--amend", "--message", "Rewritten");
    await assert.rejects(push("--force", "origin", "HEAD:main"), /Cannot force-push to this branch/);
    await assert.rejects(
      push("origin", ":main"),
      /Cannot delete this branch|deletion of the current branch prohibited/,
    );
    github.setRule({ repository: fullName, branch: "stagecoach-ledger", restrictUpdates: ["stagecoach"] });
    await assert.rejects(push("origin", "HEAD:stagecoach-ledger"), /Cannot update this protected ref/);
  });
});
