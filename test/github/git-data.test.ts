// Holds git's objects and refs by the API: real git underneath, GitHub's refusals, and whose commits GitHub signs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { connectInstallation, connectUser, fullName, refusal, repository } from "./connect-octokit.ts";
import { type Github, startGithub } from "./start-github.ts";
import { repositoryNamed } from "./stories/find-repository-named.ts";

let github: Github;
let octokit: Octokit;
let main: string;
before(async () => {
  github = await startGithub();
  const files = {
    "a/one.yaml": "one: 1\n",
    "a/two.yaml": "two: 2\n",
    "b/three.yaml": "three: 3\n",
    link: { mode: "120000", content: "a/one.yaml" },
  } as const;
  github.createRepository({ owner: "acme", name: "config", files });
  octokit = await connectInstallation(github);
  main = (await octokit.rest.git.getRef({ ...repository, ref: "heads/main" })).data.object.sha;
});
after(() => github.close());

async function commitByApp(path: string, content: string, extra: object = {}): Promise<string> {
  const tree = await octokit.rest.git.createTree({
    ...repository,
    base_tree: main,
    tree: [{ path, mode: "100644", type: "blob", content }],
  });
  const commit = await octokit.rest.git.createCommit({
    ...repository,
    message: `Change ${path}`,
    tree: tree.data.sha,
    parents: [main],
    ...extra,
  });
  return commit.data.sha;
}

describe("trees", () => {
  it("are listed whole or one level deep, with sizes and modes", async () => {
    const whole = await octokit.rest.git.getTree({ ...repository, tree_sha: "main", recursive: "1" });
    assert.deepEqual(
      whole.data.tree.map(({ path, mode, size }) => [path, mode, size]),
      [
        ["a", "040000", undefined],
        ["a/one.yaml", "100644", 7],
        ["a/two.yaml", "100644", 7],
        ["b", "040000", undefined],
        ["b/three.yaml", "100644", 9],
        ["link", "120000", 10],
      ],
    );
    const flat = await octokit.rest.git.getTree({ ...repository, tree_sha: main });
    assert.deepEqual(
      flat.data.tree.map(({ path }) => path),
      ["a", "b", "link"],
    );
  });

  it("say that they were cut when there are too many entries", async () => {
    github.settings.treeLimit = 3;
    const { data } = await octokit.rest.git.getTree({ ...repository, tree_sha: "main", recursive: "1" });
    github.settings.treeLimit = 100_000;
    assert.deepEqual([data.truncated, data.tree.length], [true, 3]);
  });

  it("keep what is not named, remove what is null, and lose folders that became empty", async () => {
    const { data } = await octokit.rest.git.createTree({
      ...repository,
      base_tree: main,
      tree: [
        { path: "b/three.yaml", mode: "100644", type: "blob", sha: null },
        { path: "c/d/four.yaml", mode: "100644", type: "blob", content: "four: 4\n" },
      ],
    });
    const { data: all } = await octokit.rest.git.getTree({ ...repository, tree_sha: data.sha, recursive: "1" });
    assert.deepEqual(
      all.tree.filter(({ type }) => type === "blob").map(({ path }) => path),
      ["a/one.yaml", "a/two.yaml", "c/d/four.yaml", "link"],
    );
  });

  const refused = [
    {
      name: "a removal of what is not there",
      entry: { path: "no/such", mode: "100644", sha: null },
      message: "GitRPC::BadObjectState",
    },
    {
      name: "an unknown blob",
      entry: { path: "x", mode: "100644", sha: "0".repeat(39).concat("1") },
      message: "is not a valid blob",
    },
    { name: "neither sha nor content", entry: { path: "x", mode: "100644" }, message: "Must supply either" },
    {
      name: "a path out of the tree",
      entry: { path: "../x", mode: "100644", content: "" },
      message: "malformed path component",
    },
  ] as const;
  for (const { name, entry, message } of refused)
    it(`refuse ${name}`, async () => {
      const asked = octokit.rest.git.createTree({ ...repository, base_tree: main, tree: [{ type: "blob", ...entry }] });
      await assert.rejects(asked, refusal(422, message));
    });
});

describe("commits", () => {
  it("of the app without an author of their own are the bot's, and GitHub signs them", async () => {
    const { data } = await octokit.rest.git.getCommit({
      ...repository,
      commit_sha: await commitByApp("a/one.yaml", "one: 11\n"),
    });
    const bot = github.app.bot.id;
    assert.equal(data.author.email, `${bot}+stagecoach[bot]@users.noreply.github.com`);
    assert.deepEqual([data.committer.name, data.committer.email], ["GitHub", "noreply@github.com"]);
    assert.deepEqual([data.verification.verified, data.verification.reason], [true, "valid"]);
    const { data: shown } = await octokit.rest.repos.getCommit({ ...repository, ref: data.sha });
    assert.deepEqual([shown.author?.login, shown.committer?.login], ["stagecoach[bot]", "web-flow"]);
    assert.deepEqual(
      shown.files?.map(({ filename, status, additions }) => [filename, status, additions]),
      [["a/one.yaml", "modified", 1]],
    );
  });

  it("with an author, and those that people push, are nobody's word", async () => {
    const author = { name: "stagecoach[bot]", email: `${github.app.bot.id}+stagecoach[bot]@users.noreply.github.com` };
    const forged = await commitByApp("a/one.yaml", "one: 12\n", { author });
    const pushed = github.commitFiles({
      repository: fullName,
      branch: "person",
      files: { "a/one.yaml": "one: 13\n" },
      author: "ann",
      message: "By hand",
    });
    for (const commit_sha of [forged, pushed]) {
      const { data } = await octokit.rest.git.getCommit({ ...repository, commit_sha });
      assert.deepEqual([data.verification.verified, data.verification.reason], [false, "unsigned"]);
    }
  });

  it("refuse trees and parents that are not there", async () => {
    const missing = "1".repeat(40);
    await assert.rejects(
      octokit.rest.git.createCommit({ ...repository, message: "m", tree: missing }),
      refusal(422, "Tree SHA does not exist"),
    );
    const tree = (await octokit.rest.git.getCommit({ ...repository, commit_sha: main })).data.tree.sha;
    await assert.rejects(
      octokit.rest.git.createCommit({ ...repository, message: "m", tree, parents: [missing] }),
      refusal(422, "Parent SHA does not exist"),
    );
  });

  it("and everything else are what git itself finds sound", () => {
    const { folder } = repositoryNamed(github.model, fullName).git;
    execFileSync("git", [`--git-dir=${folder}`, "fsck", "--strict", "--no-progress"], { stdio: "pipe" });
  });
});

describe("refs", () => {
  it("are made once", async () => {
    await octokit.rest.git.createRef({ ...repository, ref: "refs/heads/stagecoach/checkout/dev", sha: main });
    await assert.rejects(
      octokit.rest.git.createRef({ ...repository, ref: "refs/heads/stagecoach/checkout/dev", sha: main }),
      refusal(422, "Reference already exists"),
    );
    const { data } = await octokit.rest.git.listMatchingRefs({ ...repository, ref: "heads/stagecoach" });
    assert.deepEqual(
      data.map(({ ref }) => ref),
      ["refs/heads/stagecoach/checkout/dev"],
    );
  });

  it("move forward, and elsewhere only by force", async () => {
    const ref = "heads/moving";
    await octokit.rest.git.createRef({ ...repository, ref: `refs/${ref}`, sha: await commitByApp("x", "1") });
    const other = await commitByApp("x", "2");
    await assert.rejects(
      octokit.rest.git.updateRef({ ...repository, ref, sha: other }),
      refusal(422, "Update is not a fast forward"),
    );
    await octokit.rest.git.updateRef({ ...repository, ref, sha: other, force: true });
    assert.equal((await octokit.rest.git.getRef({ ...repository, ref })).data.object.sha, other);
  });

  it("are refused in GitHub's words", async () => {
    const sha = main;
    await assert.rejects(
      octokit.rest.git.createRef({ ...repository, ref: "heads/x", sha }),
      refusal(422, "must start with 'refs/'"),
    );
    await assert.rejects(
      octokit.rest.git.createRef({ ...repository, ref: "refs/heads/x.lock", sha }),
      refusal(422, "Reference name"),
    );
    await assert.rejects(
      octokit.rest.git.createRef({ ...repository, ref: "refs/heads/x", sha: "2".repeat(40) }),
      refusal(422, "Object does not exist"),
    );
    await assert.rejects(
      octokit.rest.git.createRef({ ...repository, ref: "refs/heads/main/below", sha }),
      refusal(422, "Reference update failed"),
    );
    await assert.rejects(
      octokit.rest.git.updateRef({ ...repository, ref: "heads/none", sha }),
      refusal(422, "Reference does not exist"),
    );
    await assert.rejects(
      octokit.rest.git.deleteRef({ ...repository, ref: "heads/none" }),
      refusal(422, "Reference does not exist"),
    );
    await assert.rejects(octokit.rest.git.getRef({ ...repository, ref: "heads/none" }), refusal(404, "Not Found"));
  });
});

describe("files", () => {
  it("are put with the blob that was read, or not at all", async () => {
    const person = connectUser(github, "ann");
    const place = {
      ...repository,
      path: "b/three.yaml",
      branch: "person",
      message: "By the site",
      content: Buffer.from("three: 4\n").toString("base64"),
    };
    await assert.rejects(person.rest.repos.createOrUpdateFileContents(place), refusal(422, "wasn't supplied"));
    await assert.rejects(
      person.rest.repos.createOrUpdateFileContents({ ...place, sha: main }),
      refusal(409, "does not match"),
    );
    const { data } = await person.rest.repos.getContent({ ...repository, path: place.path, ref: "person" });
    const sha = Array.isArray(data) ? "" : data.sha;
    await person.rest.repos.createOrUpdateFileContents({ ...place, sha });
    assert.equal(github.fileAt({ repository: fullName, ref: "person", path: place.path }), "three: 4\n");
  });

  it("are compared from where the branches parted", async () => {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repository, basehead: "main...person" });
    assert.deepEqual([data.status, data.ahead_by, data.behind_by, data.files?.length], ["ahead", 2, 0, 2]);
  });

  it("are compared page by page, with the files on the first page alone", async () => {
    const ask = (page: number) =>
      octokit.rest.repos.compareCommitsWithBasehead({ ...repository, basehead: "main...person", per_page: 1, page });
    const [{ data: first }, { data: second }] = [await ask(1), await ask(2)];
    assert.deepEqual([first.total_commits, first.commits.length, second.commits.length], [2, 1, 1]);
    assert.notEqual(first.commits[0]?.sha, second.commits[0]?.sha);
    assert.deepEqual([first.files?.length, second.files], [2, undefined]);
  });
});

it("answers nothing that differs from GitHub's description", () => assert.deepEqual(github.deviations(), []));
