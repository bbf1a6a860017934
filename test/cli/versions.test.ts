// `stagecoach versions` on a registry of the tests: once as a program of its own, else in this process.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { CommandContext } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { runProgram } from "./run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "stagecoach-versions-"));
let registry: RunningRegistry;
let image: string;
let digests: Readonly<Record<string, string>>;
const variables = { REGISTRY_PASSWORD: "correct horse" };

before(async () => {
  registry = await startRegistry({ auth: "token" });
  image = `${registry.host}/acme/checkout`;
  const push = (tag: string, more: object = {}) => registry.push({ repository: "acme/checkout", tag, ...more });
  const both = { platforms: ["linux/amd64", "linux/arm64"] };
  digests = {
    "1.7.0": await push("1.7.0", { ...both, created: "2026-11-18T10:00:00Z" }),
    "1.8.0": await push("1.8.0", { ...both, created: "2026-11-19T10:00:00Z" }),
    "1.9.0": await push("1.9.0", { created: "2026-11-17T10:00:00Z" }),
    "2.0.0-rc.1": await push("2.0.0-rc.1"),
  };
  await registry.retag({ repository: "acme/checkout", from: "1.8.0", to: "latest" });
  const line = `host: "${registry.host}", insecure: true, auth: { username: reader, password-env: REGISTRY_PASSWORD }`;
  writeFileSync(join(folder, "settings.yaml"), `registries: [ { ${line}, for: [acme/platform-config] } ]\n`);
  writeFileSync(join(folder, "many.yaml"), `registries: [ { ${line}, for: ["acme/*", "umbrella/*"] } ]\n`);
  mkdirSync(join(folder, "clone", ".github"), { recursive: true });
  writeFileSync(join(folder, "clone", ".github", "stagecoach.yaml"), pipelineFile(registry.host));
});
after(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function pipelineFile(host: string): string {
  return `version: 1
pipelines:
  - name: checkout
    images: [{ image: "${host}/acme/checkout", policy: { semver: "1.x", platform: [linux/amd64, linux/arm64] } }]
    environments:
      - { name: live, paths: [live], images: [{ image: "${host}/live/checkout", as: "${host}/acme/checkout" }] }
  - name: cart
    images: [{ image: "${host}/acme/cart" }]
    environments: [{ name: live, paths: [cart] }]
  - name: follower
    images: [{ image: "${host}/acme/cart", policy: { digest: latest } }]
    environments: [{ name: live, paths: [follower] }]
`;
}

interface RunOptions {
  readonly settings?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

async function runWith({ settings, variables: given = variables }: RunOptions, ...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const context: CommandContext = {
    arguments: ["versions", ...(settings === undefined ? [] : ["--settings", settings]), ...args],
    variables: given,
    folder,
    print: (text) => printed.push(`${text}\n`),
    complain: (text) => complained.push(`${text}\n`),
    adapters: {
      startApp: refuse,
      openPreview: refuse,
      openHistory: refuse,
      openReporter: refuse,
      samples: { make: refuse, send: refuse },
      apiUrl: refuse,
      openRegistry: ({ registries }) =>
        createOciRegistry({ registries, now: Date.now, userAgent: "stagecoach-test", publicHosts: [] }),
    },
  };
  const code = await runCommand(context, { commands: COMMANDS, version: "1.2.3" });
  return { code, stdout: printed.join(""), stderr: complained.join("") };
}

function refuse(): never {
  throw new Error("Nothing else is to be started here.");
}

function run(...args: readonly string[]) {
  return runWith({ settings: "settings.yaml" }, ...args);
}

describe("stagecoach versions", () => {
  it("prints what a policy picks, with digests, and why nothing else", async () => {
    const args = ["versions", image, "--semver", "<2", "--platform", "linux/arm64", "--settings", "settings.yaml"];
    const { code, stdout, stderr } = await runProgram(args, { variables, folder });
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      `${image}: 5 tags
Policy: semver "<2", platform linux/arm64

Picked: 1.8.0@${digests["1.8.0"]}

Allowed, best first
  1.9.0  ${digests["1.9.0"]}  It has no image for linux/arm64 (only for linux/amd64)
> 1.8.0  ${digests["1.8.0"]}
  1.7.0  ${digests["1.7.0"]}  1.8.0 stands before it

Not allowed
  It is outside the range: 2.0.0-rc.1
  It is not a version of the form 1.2.3: latest
`,
    );
  });

  it("tells the same as JSON", async () => {
    const { code, stdout } = await run(image, "--newest", "--tags", "^1", "--limit", "1", "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      image,
      policy: { kind: "newest", tags: "^1", ignore: [] },
      tags: 5,
      picked: { tag: "1.8.0", digest: digests["1.8.0"] },
      versions: [{ tag: "1.8.0", digest: digests["1.8.0"], created: "2026-11-19T10:00:00.000Z" }],
      more: 2,
      notAllowed: [
        { tag: "2.0.0-rc.1", why: "It does not match the pattern of `tags`" },
        { tag: "latest", why: "It does not match the pattern of `tags`" },
      ],
    });
  });

  const picks: readonly (readonly [readonly string[], string])[] = [
    [[], "1.9.0"],
    [["--semver", "*-0"], "2.0.0-rc.1"],
    [["--ignore", "^1\\.9", "--ignore", "rc"], "1.8.0"],
    [["--alphabetical", "desc"], "1.7.0"],
    [["--numerical", "asc", "--tags", "^1\\.(?P<version>[0-9]+)\\."], "1.9.0"],
    [["--digest", "latest"], "latest"],
  ];
  for (const [options, tag] of picks) {
    it(`${options.join(" ") || "without a policy"} picks ${tag}`, async () => {
      const { code, stdout } = await run(image, ...options);
      assert.match(stdout, new RegExp(`\\nPicked: ${tag.replaceAll(".", "\\.")}@sha256:`));
      assert.equal(code, 0);
    });
  }

  it("takes the policy of the pipeline that tracks the image, from a clone or a file", async () => {
    for (const file of ["clone", "clone/.github/stagecoach.yaml"]) {
      const { code, stdout } = await run(image, "--file", file);
      assert.equal(code, 0);
      assert.match(stdout, /Policy: semver "1\.x", platform linux\/amd64, platform linux\/arm64\n\nPicked: 1\.8\.0@/);
    }
  });

  it("says that nothing is picked, and why", async () => {
    const { code, stdout } = await run(image, "--semver", ">=3");
    assert.equal(code, 1);
    assert.match(stdout, /\nPicked: nothing, because no tag of \S+\/acme\/checkout is allowed by its policy\n/);
    const other = await run(`${registry.host}/acme/nothing`);
    assert.equal(other.code, 1);
    assert.match(
      other.stdout,
      /: its tags are not known\n[\s\S]*Picked: nothing, because .* answered 404 \(NAME_UNKNOWN\)/,
    );
  });

  it("asks with the operator's credentials, for whom the operator lets ask, and shows no secret", async () => {
    const named = { ...variables, STAGECOACH_SETTINGS: "many.yaml" };
    const asked = await runWith({ variables: named }, image, "--for", "acme/other");
    assert.equal(asked.code, 0, asked.stdout + asked.stderr);
    const stranger = await run(image, "--for", "mallory/config");
    assert.equal(stranger.code, 1);
    assert.match(stranger.stdout, /no line of `?registries`? .* lets mallory\/config read acme\/checkout/);
    const other = { REGISTRY_PASSWORD: "hunter2-is-wrong" };
    const wrong = await runWith({ settings: "settings.yaml", variables: other }, image);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /the credentials of the operator's settings may not read acme\/checkout/);
    assert.doesNotMatch(JSON.stringify([asked, stranger, wrong]), /correct horse|hunter2|Basic|Bearer/);
  });

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^Name an image, such as ghcr\.io\/acme\/checkout\.\n/],
    [
      ["ghcr.io/acme/checkout:1.8.0"],
      /is not the name of an image\. Write `ghcr\.io\/acme\/checkout`, without scheme, tag and digest\./,
    ],
    [["https://ghcr.io/acme/checkout"], /Write `ghcr\.io\/acme\/checkout`/],
    [["a", "b"], /Nothing was expected where `b` stands/],
    [["a", "--semver", "newest"], /The range `newest` cannot be read: .* Write for example `>=1\.0 <2\.0`\./],
    [["a", "--semver", "*", "--newest"], /only one of `--semver` and `--newest` may be given/],
    [["a", "--numerical", "up"], /`--numerical` is `asc` or `desc`, not `up`/],
    [["a", "--tags", "(?=x)"], /The pattern `\(\?=x\)` cannot be used: .*Patterns are RE2/],
    [["a", "--digest", "a b"], /`a b` cannot be a tag/],
    [["a", "--platform", "arm64"], /`arm64` is no platform; one is written `linux\/arm64`/],
    [["a", "--limit", "0"], /`--limit` is a number from 1 to 500/],
    [["a", "--pipeline", "x"], /--pipeline is for --file/],
    [["a", "--file", "clone", "--newest"], /not --file and --newest/],
    [["a", "--file", "nowhere"], /There is no `nowhere`/],
    [["a", "--file", "clone"], /No pipeline of clone tracks `docker\.io\/library\/a`/],
    [["--file", "clone"], /Name one of the images that clone tracks: /],
    [["--file", "clone", "--pipeline", "chekout"], /clone has no pipeline `chekout`\. Did you mean `checkout`\?/],
    [["a", "--setings", "x"], /There is no option `--setings`\. Did you mean `--settings`\?/],
  ];
  for (const [args, expected] of mistakes) {
    it(`is told what is wrong with \`${args.join(" ")}\``, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.match(stderr, expected);
      assert.match(stderr, /\n`stagecoach versions --help` says how it is called\.\n$/);
      assert.equal(stdout, "");
      assert.equal(code, 2);
    });
  }

  it("says which pipelines differ, and where a name only names", async () => {
    const cart = await run(`${registry.host}/acme/cart`, "--file", "clone");
    assert.match(
      cart.stderr,
      /^Pipelines have different policies for \S+\/acme\/cart: cart, follower; choose one with --pipeline\./,
    );
    const alias = await run(`${registry.host}/live/checkout`, "--file", "clone");
    assert.match(alias.stderr, /only names what `\S+\/acme\/checkout` decides: ask about that one/);
    const many = await runWith({ settings: "many.yaml" }, image);
    assert.match(
      many.stderr,
      /\nSay with --for <owner\/name> for which config repository \S+ is asked, one of acme\/\*, umbrella\/\*\./,
    );
    assert.deepEqual([cart.code, alias.code, many.code], [2, 2, 2]);
  });
});
