// `stagecoach plan`: on GitHub without a write, on a clone without anybody, and what it says when it cannot.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { EMPTY_LEDGER } from "../../src/domain/ledger.ts";
import { writeLedger } from "../../src/ledger/write-ledger.ts";
import { beginService, CONFIG, type Service } from "./begin-service.ts";
import { runProcess, runProgram } from "./run-program.ts";

const NEW = `sha256:${"1".repeat(64)}`;
const OLD = `sha256:${"0".repeat(64)}`;
const IMAGE = "ghcr.io/acme/checkout";

describe("stagecoach plan on GitHub", () => {
  let service: Service;
  before(async () => {
    service = await beginService();
    await service.registry.push({ repository: "acme/checkout", tag: "1.8.0" });
  });
  after(() => service.end());

  it("tells what would be done, and writes nothing", async () => {
    service.github.forgetRequests();
    const { WEBHOOK_SECRET: _, ...variables } = service.variables;
    const { code, stdout, stderr } = await runProcess(["plan", CONFIG], { variables });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^acme\/platform-config, main at [0-9a-f]{7}\n/);
    assert.match(stdout, /\n {2}open +integration 1\.8\.0 +1\.8\.0 is the newest for integration/);
    assert.match(stdout, /\nChanges\n {2}integration\/app\.yaml:1: \S+:1\.7\.0 -> \S+:1\.8\.0\n/);
    const kinds = new Set(service.github.requests().map(({ kind }) => kind));
    assert.deepEqual(
      [...kinds].filter((kind) => !["read", "graphql-query", "token"].includes(kind)),
      [],
    );
    assert.deepEqual(service.openPromotions(), []);
    assert.deepEqual(service.github.deviations(), []);
  });

  it("tells the same as JSON", async () => {
    const { code, stdout } = await runProgram(["plan", CONFIG.toUpperCase(), "--json"], service);
    assert.equal(code, 0);
    const plan = JSON.parse(stdout);
    assert.equal(plan.repository, CONFIG);
    assert.deepEqual(plan.ledger, { kind: "absent" });
    assert.equal(plan.situations["checkout/integration"], "opens");
    const [opening] = plan.actions.filter(({ action }: { action: string }) => action === "open");
    assert.equal(opening.summary, "open checkout/integration 1.8.0");
  });

  const unreachable: readonly (readonly [string, RegExp])[] = [
    ["acme/other", /^The app is installed on acme, but acme\/other is not among its repositories\.\n$/],
    ["umbrella/config", /^The app is not installed for umbrella\/config; it is installed on acme\.\n$/],
  ];
  for (const [repository, expected] of unreachable) {
    it(`says why it cannot see ${repository}`, async () => {
      const { code, stderr } = await runProgram(["plan", repository], service);
      assert.equal(code, 1);
      assert.match(stderr, expected);
    });
  }

  it("says at once what the environment lacks", async () => {
    const { code, stderr } = await runProgram(["plan", CONFIG]);
    assert.equal(code, 2);
    assert.match(stderr, /APP_ID is not set[\s\S]*PRIVATE_KEY_PATH is set/);
    assert.doesNotMatch(stderr, /WEBHOOK_SECRET/);
  });
});

const PIPELINE = `version: 1
mode: full
pipelines:
  - name: checkout
    images: [{ image: ${IMAGE}, policy: { semver: "*" } }]
    environments:
      - { name: integration, paths: [integration] }
      - { name: live, after: [integration], paths: [live] }
`;

describe("stagecoach plan on a clone", () => {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-clone-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const clone = join(folder, "platform-config");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", clone, "-c", "user.name=Ann", "-c", "user.email=ann@acme.example", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const commit = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), text);
    }
    git("add", "--all");
    git("commit", "--quiet", "--message", "A change");
  };
  const plan = (...args: readonly string[]) => runProgram(["plan", "--local", clone, "--offline", ...args], { folder });
  before(() => {
    mkdirSync(clone);
    git("init", "--quiet", "--initial-branch", "main");
    git("remote", "add", "origin", "https://bot:very-secret-token@github.example/acme/platform-config.git");
    commit({
      ".github/stagecoach.yaml": PIPELINE,
      "integration/app.yaml": `image: ${IMAGE}:1.7.0 # kept\n`,
      "live/app.yaml": `image: ${IMAGE}:1.7.0\n`,
    });
  });

  it("asks nobody, and says what it does not know", async () => {
    const { code, stdout, stderr } = await plan();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^acme\/platform-config, main at /);
    assert.match(stdout, /open pull requests are not known, and who wrote the ledger is not checked/);
    assert.match(stdout, /the tags of ghcr\.io\/acme\/checkout are not known: no registry was asked/);
    assert.doesNotMatch(stdout + stderr, /very-secret-token/);
  });

  it("says what would happen if a version were pushed", async () => {
    const { code, stdout } = await plan("--release", `${IMAGE}=1.8.0@${NEW}`, "--release", `${IMAGE}=1.7.0@${OLD}`);
    assert.equal(code, 0);
    assert.match(stdout, /\n {2}open +integration 1\.8\.0 /);
    assert.match(stdout, /\n {2}integration\/app\.yaml:1: \S+:1\.7\.0 -> \S+:1\.8\.0\n?$/);
  });

  it("says what would happen if a tag were pushed to a Git repository", async () => {
    git("switch", "--quiet", "--create", "manifests");
    const sync = (tag: string) =>
      `apiVersion: configsync.gke.io/v1beta1\nkind: RootSync\nspec: { git: { repo: "https://github.com/acme/web", revision: ${tag} } }\n`;
    const images = "images: [ { git: acme/web } ]";
    const environments = "environments: [ { name: integration, paths: [sync] } ]";
    commit({
      ".github/stagecoach.yaml": `version: 1\npipelines: [ { name: web, ${images}, ${environments} } ]\n`,
      "sync/root.yaml": sync("v1.7.0"),
    });
    const of = (tag: string, digit: string) => `git:github.com/acme/web=${tag}@commit:${digit.repeat(40)}`;
    const { code, stdout, stderr } = await plan("--release", of("v1.8.0", "1"), "--release", of("v1.7.0", "0"));
    git("switch", "--quiet", "main");
    git("branch", "--quiet", "-D", "manifests");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\n {2}open +integration v1\.8\.0 /);
    assert.match(stdout, /\n {2}sync\/root\.yaml:3: v1\.7\.0 -> v1\.8\.0\n?$/);
  });

  it("leaves the clone as it was", async () => {
    const before = git("for-each-ref") + git("status", "--porcelain") + git("count-objects", "-v");
    await plan("--release", `${IMAGE}=1.8.0@${NEW}`);
    assert.equal(git("for-each-ref") + git("status", "--porcelain") + git("count-objects", "-v"), before);
  });

  it("believes the ledger that it finds, and says that it did not check it", async () => {
    const release = { versions: [{ image: IMAGE, tag: "1.8.0", digest: NEW }] };
    const declined = [{ release, at: Date.UTC(2026, 10, 20), pullRequest: 7, by: "maria" }];
    const environments = { "checkout/integration": { reached: [], declined, rolledBack: [], stopped: [] } };
    git("switch", "--quiet", "--orphan", "stagecoach-ledger");
    commit(Object.fromEntries(writeLedger({ ...EMPTY_LEDGER, environments })));
    git("switch", "--quiet", "main");
    const asked = await plan("--json", "--release", `${IMAGE}=1.8.0@${NEW}`, "--release", `${IMAGE}=1.7.0@${OLD}`);
    assert.equal(asked.code, 0);
    const { ledger, situations } = JSON.parse(asked.stdout);
    assert.deepEqual(ledger, { kind: "not-checked" });
    assert.equal(situations["checkout/integration"], "declined");
    git("branch", "--quiet", "-D", "stagecoach-ledger");
  });

  it("reads another branch by name, its own or the remote's", async () => {
    git("switch", "--quiet", "--create", "trial");
    commit({ "integration/app.yaml": `image: ${IMAGE}:1.8.0\n` });
    git("switch", "--quiet", "main");
    git("update-ref", "refs/remotes/origin/elsewhere", "trial");
    for (const branch of ["trial", "elsewhere"]) {
      const { stdout } = await plan("--branch", branch, "--release", `${IMAGE}=1.8.0@${NEW}`);
      assert.match(
        stdout,
        new RegExp(`^acme/platform-config, ${branch} at ${git("rev-parse", "trial").slice(0, 7)}\n`),
      );
      assert.match(stdout, /integration has 1\.8\.0 already/);
    }
    const missing = await plan("--branch", "--nowhere");
    assert.equal(missing.code, 2);
    const unknown = await plan("--branch", "nowhere");
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /has no branch `nowhere`/);
  });

  it("runs none of the programs that the clone's own settings name", async () => {
    const trap = join(folder, "trap");
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(folder, "sprung")}\n`, { mode: 0o755 });
    for (const key of ["core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"]) git("config", key, trap);
    assert.equal((await plan()).code, 0);
    for (const key of ["core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"])
      git("config", "--unset", key);
    assert.equal(execFileSync("ls", [folder], { encoding: "utf8" }).includes("sprung"), false);
  });

  it("is about the clone that was named, whatever a hook says", async () => {
    const variables = { GIT_DIR: join(folder, "nowhere"), GIT_WORK_TREE: "/" };
    const { code, stdout } = await runProgram(["plan", "--local", clone, "--offline"], { variables });
    assert.equal(code, 0);
    assert.match(stdout, /^acme\/platform-config, main at /);
  });

  it("shows the findings of a broken pipeline file, and ends with 1", async () => {
    git("switch", "--quiet", "--create", "broken");
    commit({ ".github/stagecoach.yaml": PIPELINE.replace("after:", "afer:") });
    const { code, stdout } = await plan();
    assert.equal(code, 1);
    assert.match(stdout, /\.github\/stagecoach\.yaml:8:23: error: Unknown key `afer`/);
    assert.match(stdout, /\n {4}\| +\^\^\^\^\n {2}Did you mean `after`\?/);
    git("rm", "--quiet", ".github/stagecoach.yaml");
    git("commit", "--quiet", "--message", "No pipeline file");
    const absent = await plan();
    assert.equal(absent.code, 1);
    assert.match(absent.stdout, /there is no pipeline file on broken/);
    git("switch", "--quiet", "main");
  });

  it("names the image that was meant", async () => {
    const { stderr } = await plan("--release", `ghcr.io/acme/chekout=1.8.0@${NEW}`);
    assert.match(stderr, /No pipeline tracks `ghcr\.io\/acme\/chekout`\. Did you mean `ghcr\.io\/acme\/checkout`\?/);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a release without a digest",
      ["--release", `${IMAGE}=1.8.0`],
      /is not a release; it is written `image=tag@sha256:/,
    ],
    ["a release without a tag", ["--release", `${IMAGE}@${NEW}`], /is not a release/],
    ["something that is no repository", ["checkout"], /`checkout` is not a repository; it is written owner\/name/],
    ["a settings file that is not there", ["--settings", "nowhere.yaml"], /`nowhere\.yaml` cannot be read/],
  ];
  for (const [what, args, expected] of wrong) {
    it(`refuses ${what}`, async () => {
      const { code, stderr } = await plan(...args);
      assert.equal(code, 2);
      assert.match(stderr, expected);
    });
  }

  it("says so where there is no clone", async () => {
    const { code, stderr } = await runProgram(["plan", "--local", "nowhere"], { folder });
    assert.equal(code, 1);
    assert.match(stderr, /nowhere is not a Git repository/);
  });
});
