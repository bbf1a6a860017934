// The forge on a clone: what it reads with git's plumbing, under which name it knows the repository, and that it cannot
// write.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { known } from "../../src/domain/seen.ts";
import type { Forge, RepositoryReference } from "../../src/forge/forge.ts";
import { createLocalForge } from "../../src/forge/local-forge.ts";

const folder = mkdtempSync(join(tmpdir(), "local-forge-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function makeClone(name: string, ...options: readonly string[]) {
  const clone = join(folder, name);
  mkdirSync(clone);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", clone, "-c", "user.name=Ann", "-c", "user.email=ann@acme.example", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "--quiet", "--initial-branch", "main", ...options);
  return { clone, git };
}

async function open(clone: string, options: { readonly branch?: string; readonly repository?: string } = {}) {
  const forge = await createLocalForge({ clone, ...options });
  const [at] = await forge.listRepositories(0);
  assert.ok(at);
  return { forge, at };
}

for (const format of ["sha1", "sha256"]) {
  describe(`files of a clone with ${format} ids`, () => {
    const { clone, git } = makeClone(`files-${format}`, `--object-format=${format}`);
    let forge: Forge;
    let at: RepositoryReference;
    before(async () => {
      writeFileSync(join(clone, "a file.yaml"), "image: a\n");
      writeFileSync(join(clone, "bom.yaml"), "\ufeffimage: b\r\n");
      writeFileSync(join(clone, "binary"), Buffer.from([1, 0, 2]));
      writeFileSync(join(clone, "latin1.yaml"), Buffer.from([0xe9, 0x0a]));
      writeFileSync(join(clone, "huge.yaml"), "a".repeat(5 * 1024 * 1024 + 1));
      writeFileSync(join(clone, "run.sh"), "", { mode: 0o755 });
      symlinkSync("a file.yaml", join(clone, "link"));
      mkdirSync(join(clone, "größe"));
      writeFileSync(join(clone, "größe", "tab\tand\nbreak"), "");
      git("add", "--all");
      git("commit", "--quiet", "--message", "First");
      ({ forge, at } = await open(clone));
    });

    it("are listed with mode, id and size, whatever their names", async () => {
      const entries = await forge.readTree(at, git("rev-parse", "HEAD^{tree}"));
      const modes = Object.fromEntries(entries.map(({ path, mode }) => [path, mode]));
      assert.deepEqual(modes, {
        "a file.yaml": "100644",
        "bom.yaml": "100644",
        binary: "100644",
        "größe/tab\tand\nbreak": "100644",
        "huge.yaml": "100644",
        "latin1.yaml": "100644",
        link: "120000",
        "run.sh": "100755",
      });
      const file = entries.find(({ path }) => path === "a file.yaml");
      assert.deepEqual(file, {
        path: "a file.yaml",
        mode: "100644",
        oid: git("rev-parse", "HEAD:a file.yaml"),
        size: 9,
      });
    });

    it("are read byte for byte, and are unknown where they are no text", async () => {
      const id = (path: string) => git("rev-parse", `HEAD:${path}`);
      const absent = "1".repeat(format === "sha1" ? 40 : 64);
      const tree = git("rev-parse", "HEAD^{tree}");
      const expected: readonly (readonly [string, unknown])[] = [
        [id("a file.yaml"), { kind: "known", value: "image: a\n" }],
        [id("bom.yaml"), { kind: "known", value: "\ufeffimage: b\r\n" }],
        [id("binary"), { kind: "unknown", why: "it is not text" }],
        [absent, { kind: "unknown", why: "this clone does not have its content" }],
        [id("latin1.yaml"), { kind: "unknown", why: "it is not UTF-8 text" }],
        [id("huge.yaml"), { kind: "unknown", why: "it has 5242881 bytes, more than the 5242880 that are read" }],
        [tree, { kind: "unknown", why: "this clone does not have its content" }],
        [id("run.sh"), { kind: "known", value: "" }],
      ];
      const texts = await forge.readBlobs(
        at,
        expected.map(([oid]) => oid),
      );
      assert.deepEqual([...texts].sort(), [...expected].sort());
      assert.equal((await forge.readBlobs(at, [])).size, 0);
    });

    it("that a commit changed are told with what became of them", async () => {
      writeFileSync(join(clone, "a file.yaml"), "image: b\n");
      rmSync(join(clone, "binary"));
      git("add", "--all");
      git("commit", "--quiet", "--message", "Second");
      assert.deepEqual(await forge.readHeadFiles(at, git("rev-parse", "HEAD")), [
        { path: "a file.yaml", blob: git("rev-parse", "HEAD:a file.yaml") },
        { path: "binary" },
      ]);
    });
  });
}

describe("a clone", () => {
  const { clone, git } = makeClone("config");
  before(() => {
    git("commit", "--quiet", "--allow-empty", "--message", "First");
  });

  const names: readonly (readonly [string, string])[] = [
    ["https://github.com/acme/platform-config.git", "acme/platform-config"],
    ["https://bot:token@github.acme.example/acme/platform-config/", "acme/platform-config"],
    ["git@github.com:acme/platform-config.git", "acme/platform-config"],
    ["ssh://git@github.com:22/acme/platform-config", "acme/platform-config"],
    ["/srv/git/acme/platform-config.git", "local/config"],
    ["../elsewhere", "local/config"],
  ];
  for (const [address, name] of names) {
    it(`of ${address.replace("token", "…")} is called ${name}`, async () => {
      git("config", "remote.origin.url", address);
      const { at } = await open(clone);
      assert.equal(`${at.owner}/${at.name}`, name);
    });
  }

  it("without a remote is called after its folder, unless it is named", async () => {
    git("config", "--unset", "remote.origin.url");
    assert.equal((await open(clone)).at.name, "config");
    const { at } = await open(clone, { repository: "umbrella/other" });
    assert.deepEqual([at.owner, at.name], ["umbrella", "other"]);
  });

  it("without a branch checked out is looked at where it stands", async () => {
    git("checkout", "--quiet", "--detach");
    const { forge, at } = await open(clone);
    const { repository, branches } = await forge.observe(at, { branches: ["main", "gone"] });
    git("switch", "--quiet", "main");
    assert.equal(repository.defaultBranch, "HEAD");
    const heads = Object.entries(branches).map(([name, seen]) => [name, seen.kind === "known" && seen.value?.head]);
    assert.deepEqual(heads, [
      ["HEAD", git("rev-parse", "main")],
      ["main", git("rev-parse", "main")],
      ["gone", undefined],
    ]);
  });

  it("without a commit has a default branch that does not exist", async () => {
    const { clone: empty } = makeClone("empty");
    const { forge, at } = await open(empty);
    const { branches, ledger } = await forge.observe(at, { branches: [] });
    assert.deepEqual(branches, { main: { kind: "known", value: undefined } });
    assert.deepEqual(ledger, { kind: "known", value: undefined });
  });

  it("takes the ledger that was fetched before one of its own", async () => {
    const { forge, at } = await open(clone);
    const own = git("rev-parse", "HEAD");
    git("update-ref", "refs/heads/stagecoach-ledger", own);
    const fetched = git("commit-tree", "-m", "Fetched", git("rev-parse", "HEAD^{tree}"));
    git("update-ref", "refs/remotes/origin/stagecoach-ledger", fetched);
    const { ledger } = await forge.observe(at, { branches: [] });
    assert.equal(ledger.kind === "known" && ledger.value?.head, fetched);
  });

  it("knows where a commit stands on a branch, and its tree", async () => {
    const { forge, at } = await open(clone);
    const first = git("rev-parse", "HEAD");
    git("commit", "--quiet", "--allow-empty", "--message", "Second");
    const head = git("rev-parse", "HEAD");
    const side = git("commit-tree", "-m", "Side", "-p", first, `${first}^{tree}`);
    const tree = git("rev-parse", "HEAD^{tree}");
    const rows: readonly (readonly [string, object])[] = [
      [head, { onBranch: true, tree, missing: [] }],
      [first, { onBranch: true, tree, missing: [head] }],
      [side, { onBranch: false, tree, missing: [head] }],
      ["1".repeat(40), { onBranch: false }],
    ];
    for (const [commit, value] of rows) {
      assert.deepEqual(await forge.readRevision(at, { commit, head }), { kind: "known", value });
    }
    const behind = await forge.readRevision(at, { commit: head, head: first });
    assert.deepEqual(behind, { kind: "known", value: { onBranch: false, tree, missing: [] } });
    for (const commit of ["main", "--all", ""]) {
      assert.equal((await forge.readRevision(at, { commit, head })).kind, "unknown");
    }
  });

  it("that is shallow does not know what came before", async () => {
    const first = git("rev-parse", "HEAD");
    git("commit", "--quiet", "--allow-empty", "--message", "Third");
    const head = git("rev-parse", "HEAD");
    const shallow = join(folder, "shallow");
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${clone}`, shallow]);
    const { forge, at } = await open(shallow);
    const before = await forge.readRevision(at, { commit: first, head });
    assert.deepEqual(before, { kind: "unknown", why: "this clone does not have the whole history" });
    assert.equal((await forge.readRevision(at, { commit: head, head })).kind, "known");
  });

  it("knows nothing of what was told on GitHub", async () => {
    const { forge, at } = await open(clone);
    const told = await forge.readTold(at, [{ number: 7 }]);
    assert.deepEqual([...told], [[7, { kind: "known", value: { comments: [], deployments: [] } }]]);
    assert.deepEqual([await forge.readDriftIssues(at), await forge.readReviews(at, 7)], [known([]), known([])]);
    assert.equal((await forge.readChangedFiles(at, 7)).kind, "unknown");
  });

  it("is never written to", async () => {
    const { forge, at } = await open(clone);
    const moves = [{ branch: "main" }];
    await assert.rejects(forge.moveRefs(at, { node: "", moves }), /A preview writes nothing\./);
    await assert.rejects(forge.commit(at, { files: [], message: "" }), /A preview writes nothing\./);
    await assert.rejects(forge.writeComment(at, { number: 7, body: "" }), /A preview writes nothing\./);
    await assert.rejects(forge.closeIssue(at, { issue: 7 }), /A preview writes nothing\./);
  });
});
