// `stagecoach history`: what should have run, told from a clone alone; and the files of a point in time written back.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { EMPTY_LEDGER } from "../../src/domain/ledger.ts";
import { writeLedger } from "../../src/ledger/write-ledger.ts";
import { buildClone, type CloneBuilder } from "./build-clone.ts";
import { runProgram } from "./run-program.ts";

const IMAGE = "ghcr.io/acme/checkout";

const PIPELINE = `version: 1
pipelines:
  - name: checkout
    images: [{ image: ${IMAGE}, policy: { semver: "*" } }]
    environments:
      - { name: integration, paths: [apps/checkout/integration] }
      - { name: live, after: [integration], paths: [apps/checkout/live, "!apps/checkout/live/drafts"] }
      - { name: eu, after: [integration], branch: eu, paths: [apps] }
  - name: shop
    images: [{ image: ghcr.io/acme/shop, policy: { semver: "*" } }]
    environments: [{ name: integration, paths: [apps/shop] }]
`;

function digest(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

function promote(version: string, number: number | undefined, rest: readonly string[] = []): string {
  const title = `Promote checkout ${version} to live${number === undefined ? "" : ` (#${number})`}`;
  const image = `Image: ${IMAGE}:${version}@${digest(version.at(-1) ?? "0")}`;
  return [title, "", "One place changes.", "", "Pipeline: checkout", "Environment: live", image, ...rest].join("\n");
}

const ANOTHER_OF_THE_GROUP = [
  "Pipeline: shop",
  "Environment: live",
  `Image: ghcr.io/acme/shop:2.0.0@${digest("9")}`,
  "Requested-By: leo",
];

function live(version: string): Readonly<Record<string, string>> {
  return { "apps/checkout/live/app.yaml": `# the shop\r\nimage: ${IMAGE}:${version}\r\n` };
}

interface Told {
  readonly since: string;
  readonly until?: string;
  readonly commit: string;
  readonly how: string;
  readonly author: string;
  readonly pullRequest?: number;
  readonly requestedBy: readonly string[];
  readonly versions: readonly { readonly tag?: string; readonly digest?: string; readonly digestFrom?: string }[];
  readonly [more: string]: unknown;
}

describe("stagecoach history", () => {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-history-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const clone: CloneBuilder = buildClone(join(folder, "platform-config"));
  const commits: Record<string, string> = {};

  const history = (...args: readonly string[]) => runProgram(["history", ...args], { folder: clone.folder });
  const entries = async (...args: readonly string[]): Promise<readonly Told[]> => {
    const { code, stdout, stderr } = await history(...args, "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).entries;
  };

  before(() => {
    clone.commit({
      at: "2026-10-01T08:00:00Z",
      message: "Begin",
      files: { ".github/stagecoach.yaml": PIPELINE, "apps/shop/app.yaml": "image: ghcr.io/acme/shop:1.0.0\n" },
    });
    commits.first = clone.commit({
      at: "2026-10-02T08:00:00Z",
      message: "Add checkout by hand",
      author: "Maria",
      files: {
        ...live("1.0.1"),
        "apps/checkout/live/README.txt": "read me\n",
        "apps/checkout/live/drafts/x.yaml": "{}",
      },
    });
    clone.commit({
      at: "2026-10-03T08:00:00Z",
      message: "More replicas",
      files: { "apps/checkout/live/hpa.yaml": "{}\n" },
    });
    commits.squashed = clone.commit({
      at: "2026-10-10T10:00:00Z",
      message: promote("1.0.2", 31, ["Requested-By: maria", "Overridden-By: ann", ...ANOTHER_OF_THE_GROUP]),
      author: "stagecoach[bot]",
      files: live("1.0.2"),
    });
    clone.git("switch", "--quiet", "--create", "promotion");
    clone.commit({ at: "2026-10-19T10:00:00Z", message: promote("1.0.3", undefined), files: live("1.0.3") });
    clone.git("switch", "--quiet", "main");
    clone.commit({ at: "2026-10-20T09:00:00Z", message: "Elsewhere", files: { "docs/notes.md": "-\n" } });
    commits.merged = clone.merge("promotion", {
      at: "2026-10-20T10:00:00Z",
      message: "Merge pull request #32 from acme/promotion\n\nPromote checkout 1.0.3 to live",
      author: "Bob",
    });
    commits.revert = clone.commit({
      at: "2026-10-21T10:00:00Z",
      message: `Revert "Promote checkout 1.0.3 to live (#32)"\n\n${promote("1.0.3", 32)}`,
      author: "Eve",
      files: live("1.0.2"),
    });
    clone.commit({
      at: "2026-10-25T10:00:00Z",
      message: "Take it out",
      files: { "apps/checkout/live/app.yaml": undefined },
    });
    commits.back = clone.commit({ at: "2026-10-26T10:00:00Z", message: "And back", files: live("1.0.4") });
  });

  it("tells every change of what was declared, the newest first, and who made it", async () => {
    const told = await entries("live");
    const shown = told.map(({ since, until, commit, how, author, pullRequest, versions }) => [
      versions.map(({ tag }) => tag).join(),
      since,
      until,
      commit,
      how,
      author,
      pullRequest,
    ]);
    assert.deepEqual(shown, [
      ["1.0.4", "2026-10-26T10:00:00.000Z", undefined, commits.back, "commit", "Ann", undefined],
      ["", "2026-10-25T10:00:00.000Z", "2026-10-26T10:00:00.000Z", told[1]?.commit, "commit", "Ann", undefined],
      ["1.0.2", "2026-10-21T10:00:00.000Z", "2026-10-25T10:00:00.000Z", commits.revert, "commit", "Eve", undefined],
      ["1.0.3", "2026-10-20T10:00:00.000Z", "2026-10-21T10:00:00.000Z", commits.merged, "promotion", "Bob", 32],
      [
        "1.0.2",
        "2026-10-10T10:00:00.000Z",
        "2026-10-20T10:00:00.000Z",
        commits.squashed,
        "promotion",
        "stagecoach[bot]",
        31,
      ],
      ["1.0.1", "2026-10-02T08:00:00.000Z", "2026-10-10T10:00:00.000Z", commits.first, "commit", "Maria", undefined],
    ]);
  });

  it("knows the digest where the promotion's message says it, and only for what it promoted", async () => {
    const told = await entries("checkout/live");
    assert.deepEqual(told[3]?.versions, [{ image: IMAGE, tag: "1.0.3", digest: digest("3"), digestFrom: "promotion" }]);
    assert.deepEqual(told[2]?.versions, [{ image: IMAGE, tag: "1.0.2" }]);
    assert.deepEqual(told[4]?.requestedBy, ["maria"]);
    assert.deepEqual(told[4]?.overriddenBy, ["ann"]);
  });

  it("reads as a page", async () => {
    const { code, stdout } = await history("live");
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^checkout\/live in local\/platform-config, main at [0-9a-f]{7}\n\n1\.0\.4\n {2}since 2026-10-26 10:00 UTC, and still\n/,
    );
    assert.match(stdout, /\n\nnothing declared\n {2}since 2026-10-25 10:00 UTC, until 2026-10-26 10:00 UTC\n/);
    assert.match(
      stdout,
      /\n1\.0\.2 sha256:2{64} \(digest from the promotion\)\n {2}since .*\n {2}promotion #31, [0-9a-f]{7} Promote checkout 1\.0\.2 to live \(#31\)\n {2}requested by maria, gates overridden by ann\n/,
    );
    assert.match(stdout, /\nThis clone has no ledger \(branch stagecoach-ledger\)/);
  });

  const MOMENTS: readonly (readonly [string, string])[] = [
    ["2026-10-10T09:59:59Z", "1.0.1"],
    ["2026-10-10T10:00Z", "1.0.2"],
    ["2026-10-20T11:30[Europe/London]", "1.0.3"],
    ["2026-10-25 12:00Z", ""],
  ];
  for (const [moment, version] of MOMENTS) {
    it(`tells what should have run at ${moment}`, async () => {
      const told = await entries("live", "--at", moment);
      assert.deepEqual(
        told.map(({ versions }) => versions.map(({ tag }) => tag).join()),
        [version],
      );
    });
  }

  const REFUSED: readonly (readonly [string, number, RegExp])[] = [
    [
      "2026-10-01T12:00Z",
      1,
      /^checkout\/live did not exist at 2026-10-01 12:00 UTC; its first version was declared at 2026-10-02 08:00 UTC\.\n$/,
    ],
    ["2999-01-01T00:00Z", 2, /^2999-01-01 00:00 UTC has not come yet/],
    ["2026-10-10T10:00", 2, /says no time zone\. Write it as `2026-11-01T12:00Z`/],
  ];
  for (const [moment, expected, message] of REFUSED) {
    it(`has no answer for ${moment}`, async () => {
      const { code, stdout, stderr } = await history("live", "--at", moment);
      assert.equal(code, expected);
      assert.equal(stdout, "");
      assert.match(stderr, message);
    });
  }

  it("writes the files of that time byte for byte, with their modes, and follows no link", async () => {
    chmodSync(join(clone.folder, "apps/checkout/live/hpa.yaml"), 0o755);
    symlinkSync("../../../.github/stagecoach.yaml", join(clone.folder, "apps/checkout/live/link.yaml"));
    writeFileSync(join(clone.folder, "apps/checkout/live/logo.bin"), Buffer.from([0, 255, 13, 10, 0]));
    clone.commit({ at: "2026-10-27T10:00:00Z", message: "A mode, a link and a logo" });
    const target = join(folder, "now", "restored");
    const { code, stderr } = await history("live", "--write", target);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^4 files are in \S+restored, as of commit [0-9a-f]{7}\.\nLeft out, .*: apps\/checkout\/live\/link\.yaml\.\n$/,
    );
    const below = join(target, "apps/checkout/live");
    assert.deepEqual(readdirSync(below).sort(), ["README.txt", "app.yaml", "hpa.yaml", "logo.bin"]);
    assert.equal(statSync(join(below, "hpa.yaml")).mode & 0o777, 0o755);
    assert.deepEqual(readFileSync(join(below, "logo.bin")), Buffer.from([0, 255, 13, 10, 0]));
    const earlier = join(folder, "earlier");
    assert.equal((await history("live", "--at", "2026-10-11T00:00Z", "--write", earlier)).code, 0);
    assert.equal(
      readFileSync(join(earlier, "apps/checkout/live/app.yaml"), "utf8"),
      `# the shop\r\nimage: ${IMAGE}:1.0.2\r\n`,
    );
    assert.deepEqual(readdirSync(join(earlier, "apps/checkout/live")).sort(), ["README.txt", "app.yaml", "hpa.yaml"]);
  });

  const FOLDERS: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    [
      "with something in it",
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, "x"), "x");
      },
      /is not empty/,
    ],
    ["that is a file", (path) => writeFileSync(path, "x"), /is not a folder/],
    [
      "that is a link",
      (path) => {
        mkdirSync(`${path}-real`);
        symlinkSync(`${path}-real`, path);
      },
      /is a link/,
    ],
  ];
  for (const [what, make, message] of FOLDERS) {
    it(`writes nothing into a folder ${what}`, async () => {
      const target = mkdtempSync(join(folder, "target-"));
      rmSync(target, { recursive: true });
      make(target);
      const { code, stderr } = await history("live", "--write", target);
      assert.equal(code, 1);
      assert.match(stderr, message);
    });
  }

  it("T18: writes nothing outside of the folder, whatever a tree says", async () => {
    const evil = buildClone(join(folder, "evil"));
    evil.commit({
      at: "2026-10-01T08:00:00Z",
      message: "Begin",
      files: { ".github/stagecoach.yaml": PIPELINE, ...live("1.0.1") },
    });
    const tree = (lines: string) =>
      execFileSync("git", ["-C", evil.folder, "mktree"], { input: lines, encoding: "utf8" }).trim();
    const [blob = ""] = evil.git("rev-parse", "HEAD:apps/checkout/live/app.yaml").split("\n");
    const github = evil.git("rev-parse", "HEAD:.github").trim();
    const outside = tree(`100644 blob ${blob}\tescaped.yaml\n`);
    const inLive = tree(`100644 blob ${blob}\tapp.yaml\n040000 tree ${outside}\t..\n`);
    const checkout = tree(`040000 tree ${inLive}\tlive\n`);
    const apps = tree(`040000 tree ${checkout}\tcheckout\n`);
    const root = tree(`040000 tree ${github}\t.github\n040000 tree ${apps}\tapps\n`);
    const commit = evil.git("commit-tree", "-p", "HEAD", "-m", "Out", root).trim();
    evil.git("update-ref", "refs/heads/main", commit);
    const target = join(folder, "contained");
    const { code, stderr } = await runProgram(["history", "live", "--local", evil.folder, "--write", target]);
    assert.equal(code, 1);
    assert.match(stderr, /`apps\/checkout\/live\/\.\.\/escaped\.yaml` cannot be written safely/);
    assert.equal(existsSync(target), false);
  });

  it("tells what the ledger knows, of the stretch that it means", async () => {
    const release = (version: string) => ({
      versions: [{ image: IMAGE, tag: version, digest: digest(version.at(-1) ?? "0") }],
    });
    const reached = [
      {
        release: release("1.0.2"),
        at: Date.parse("2026-10-10T10:00:00Z"),
        pullRequest: 31,
        mergedBy: "stagecoach[bot]",
        approvedBy: ["ann", "bob"],
        healthyAt: Date.parse("2026-10-10T10:04:00Z"),
        soaked: 86_400_000,
      },
      { release: release("1.0.4"), at: Date.parse("2026-10-26T10:00:30Z") },
    ];
    const memory = { reached, declined: [], rolledBack: [], stopped: [] };
    clone.git("switch", "--quiet", "--orphan", "stagecoach-ledger");
    clone.commit({
      at: "2026-10-26T11:00:00Z",
      message: "Remember",
      files: Object.fromEntries(writeLedger({ ...EMPTY_LEDGER, environments: { "checkout/live": memory } })),
    });
    clone.git("switch", "--quiet", "main");
    const told = await entries("live");
    const [, , , , { mergedBy, approvedBy, healthy, soakedSeconds } = {} as Told] = told;
    assert.deepEqual(
      { mergedBy, approvedBy, healthy, soakedSeconds },
      {
        mergedBy: "stagecoach[bot]",
        approvedBy: ["ann", "bob"],
        healthy: "2026-10-10T10:04:00.000Z",
        soakedSeconds: 86_400,
      },
    );
    // The same version came back by a revert, and nobody approved that.
    assert.deepEqual([told[2]?.mergedBy, told[2]?.approvedBy, told[2]?.healthy], [undefined, undefined, undefined]);
    assert.deepEqual(told[0]?.versions, [{ image: IMAGE, tag: "1.0.4", digest: digest("4"), digestFrom: "ledger" }]);
    const { stdout } = await history("live");
    assert.match(
      stdout,
      /\n {2}requested by maria, merged by stagecoach\[bot\], approved by ann and bob, gates overridden by ann\n {2}first healthy 2026-10-10 10:04 UTC, soaked for 1 day\n/,
    );
    assert.doesNotMatch(stdout, /no ledger/);
  });

  it("follows an environment on a branch of its own", async () => {
    clone.git("switch", "--quiet", "--create", "eu", "main");
    clone.commit({ at: "2026-10-28T10:00:00Z", message: "Another", files: live("1.0.9") });
    clone.git("switch", "--quiet", "main");
    const told = await entries("eu");
    assert.deepEqual(told[0]?.versions, [{ image: IMAGE, tag: "1.0.9" }]);
    assert.match((await history("eu")).stdout, /^checkout\/eu in local\/platform-config, eu at /);
  });

  it("believes the order of commits more than their clocks", async () => {
    const odd = buildClone(join(folder, "odd"));
    odd.commit({
      at: "2026-10-01T08:00:00Z",
      message: "Begin",
      files: { ".github/stagecoach.yaml": PIPELINE, ...live("1.0.1") },
    });
    odd.commit({ at: "2099-01-01T00:00:00Z", message: "From the future", files: live("1.0.2") });
    odd.commit({ at: "2026-10-03T08:00:00Z", message: "Now", files: live("1.0.3") });
    odd.commit({ at: "1970-01-02T00:00:00Z", message: "From the past", files: live("1.0.4") });
    const { stdout } = await runProgram(["history", "live", "--json"], { folder: odd.folder });
    const { entries: told, notes } = JSON.parse(stdout) as { entries: readonly Told[]; notes: readonly string[] };
    assert.deepEqual(
      told.map(({ since }) => since.slice(0, 10)),
      ["2026-10-03", "2026-10-03", "2026-10-01", "2026-10-01"],
    );
    assert.match(notes.join(" "), /times that do not agree with their order/);
  });

  it("says that a shallow clone ends before the history does", async () => {
    const shallow = join(folder, "shallow");
    execFileSync("git", ["clone", "--quiet", "--depth", "4", "--branch", "main", `file://${clone.folder}`, shallow]);
    const { stdout, code } = await runProgram(["history", "live"], { folder: shallow });
    assert.equal(code, 0);
    assert.match(stdout, /since 2026-10-2\d \d\d:\d\d UTC or earlier/);
    assert.match(stdout, /This clone is shallow/);
    const asked = await runProgram(["history", "live", "--at", "2026-10-05T00:00Z"], { folder: shallow });
    assert.equal(asked.code, 1);
    assert.match(
      asked.stderr,
      /is not known: what this clone has of it begins at 2026-10-21 10:00 UTC\. `git fetch --unshallow` brings what was before/,
    );
  });

  const NAMES: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 2, /Name an environment, such as checkout\/live/],
    [
      ["integration"],
      1,
      /2 pipelines have an environment `integration`\. Name one of them: `checkout\/integration` and `shop\/integration`\./,
    ],
    [["lvie"], 1, /The pipeline file on main has no environment `lvie`\. Did you mean `live`\?/],
    [["checkout/lives"], 1, /no environment `checkout\/lives`\. Did you mean `checkout\/live`\?/],
    [["checkout/integration"], 0, /^$/],
    [["live", "--local", "/nowhere"], 1, /is not a Git repository/],
    [["live", "--branch", "nowhere"], 1, /has no branch `nowhere`/],
  ];
  for (const [args, expected, message] of NAMES) {
    it(`answers ${expected} for \`history ${args.join(" ")}\``, async () => {
      const { code, stderr } = await history(...args);
      assert.equal(code, expected, stderr);
      assert.match(stderr, message);
    });
  }

  it("says so where nothing was ever declared", async () => {
    assert.match((await history("checkout/integration")).stdout, /Nothing was ever declared there\./);
    const { code, stderr } = await history("checkout/integration", "--at", "2026-10-20T00:00Z");
    assert.equal(code, 1);
    assert.match(stderr, /Nothing was ever declared for checkout\/integration/);
  });

  it("shows what people wrote as text, and reads it the same whatever the clone's settings say", async () => {
    const message = `\u001b[2J\u202eoff @acme/sre`;
    clone.commit({ at: "2026-10-29T10:00:00Z", message, author: "\u001b]0;x\u0007Eve", files: live("1.0.5") });
    const plain = await history("live");
    assert.doesNotMatch(plain.stdout, /\p{Cf}|(?!\n)\p{Cc}/u);
    const settings = [
      "log.follow=true",
      "log.showRoot=false",
      "diff.relative=true",
      "log.date=relative",
      "diff.renames=copies",
    ];
    for (const setting of settings) clone.git("config", ...setting.split("="));
    const { stdout } = await runProgram(["history", "live"], { folder: join(clone.folder, "apps") });
    assert.equal(stdout, plain.stdout);
  });

  it("leaves the clone as it was", async () => {
    const state = () =>
      clone.git("for-each-ref") + clone.git("status", "--porcelain") + clone.git("count-objects", "-v");
    const earlier = state();
    await history("live", "--at", "2026-10-20T12:00Z");
    assert.equal(state(), earlier);
  });
});
