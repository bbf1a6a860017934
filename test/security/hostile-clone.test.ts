// T19: `stagecoach plan --local` on a clone that somebody else prepared: its settings name programs wherever git knows
// to start one, and its branches are called like options. Nothing of it runs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createLocalForge } from "../../src/forge/local-forge.ts";

describe("T19: a clone that was made to hurt", () => {
  let parent: string;
  let clone: string;
  let marker: string;

  before(() => {
    parent = mkdtempSync(join(tmpdir(), "stagecoach-hostile-"));
    clone = join(parent, "--upload-pack=x");
    marker = join(parent, "started");
    mkdirSync(clone);
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=ann", "-c", "user.email=ann@example.com", ...args], { cwd: clone });
    git("init", "-q", "-b", "main");
    writeFileSync(join(clone, ".gitattributes"), "* diff=evil filter=evil\n");
    writeFileSync(join(clone, "app.yaml"), "image: ghcr.io/acme/web:1.0.0\n");
    writeFileSync(join(clone, "lost.yaml"), "image: ghcr.io/acme/web:1.0.1\n");
    git("add", ".");
    git("commit", "-q", "-m", "Begin");
    const lost = git("rev-parse", "HEAD:lost.yaml").toString().trim();
    rmSync(join(clone, ".git", "objects", lost.slice(0, 2), lost.slice(2)));
    const start = `sh -c 'touch ${marker}' x`;
    const settings = {
      core: {
        repositoryformatversion: "1",
        fsmonitor: start,
        pager: start,
        sshCommand: start,
        editor: start,
        askPass: start,
        gitProxy: start,
      },
      log: { showSignature: "true" },
      gpg: { program: start },
      extensions: { partialClone: "evil" },
      'remote "evil"': { url: "ssh://host/x", promisor: "true", uploadpack: start },
      'remote "origin"': { url: "ssh://user:hunter2hunter2@host/acme/platform.git" },
      'diff "evil"': { command: start, textconv: start },
      'filter "evil"': { clean: start, smudge: start, process: start },
      protocol: { allow: "always" },
      'protocol "ssh"': { allow: "always" },
    };
    for (const [section, values] of Object.entries(settings)) {
      const lines = Object.entries(values).map(([key, value]) => `  ${key} = "${value.replaceAll('"', '\\"')}"\n`);
      appendFileSync(join(clone, ".git", "config"), `[${section}]\n${lines.join("")}`);
    }
    for (const hook of ["post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change"]) {
      writeFileSync(join(clone, ".git", "hooks", hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    }
  });
  after(() => rmSync(parent, { recursive: true, force: true }));

  it("is read without starting anything", async () => {
    const forge = await createLocalForge({ clone });
    const [at] = await forge.listRepositories(0);
    assert.ok(at);
    assert.deepEqual([at.owner, at.name], ["acme", "platform"]);
    const { branches } = await forge.observe(at, { branches: ["main"] });
    const { main } = branches;
    assert.ok(main?.kind === "known" && main.value);
    const tree = await forge.readTree(at, main.value.tree);
    const texts = await forge.readBlobs(
      at,
      tree.map(({ oid }) => oid),
    );
    const [lost] = [...texts.values()].filter(({ kind }) => kind === "unknown");
    assert.deepEqual(lost, { kind: "unknown", why: "this clone does not have its content" });
    await forge.readHeadFiles(at, main.value.head);
    assert.equal(existsSync(marker), false);
    assert.deepEqual(readdirSync(parent), ["--upload-pack=x"]);
  });

  it("has no branch that is an option", async () => {
    const names = [`--output=${marker}`, "-x", "--exec=touch", "HEAD:app.yaml", "main..main", "$(touch x)"];
    const forge = await createLocalForge({ clone });
    const [at] = await forge.listRepositories(0);
    assert.ok(at);
    const { branches } = await forge.observe(at, { branches: names });
    for (const branch of names) {
      assert.deepEqual(branches[branch], { kind: "known", value: undefined });
      await assert.rejects(createLocalForge({ clone, branch }), /has no branch/);
    }
    assert.equal(existsSync(marker), false);
  });
});
