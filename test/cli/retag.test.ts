// `stagecoach retag` with a settings file, on two small registries; once as people call it, in a process of its own.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { type RunningRegistry, startRegistry } from "../registry/serve-registry.ts";
import { clientFor } from "../registry/set-up-copy.ts";
import { runProgram } from "./run-program.ts";

const PUSHER = { username: "pusher", password: "battery staple" };

function refuse(): never {
  throw new Error("nothing else is opened");
}

describe("stagecoach retag", () => {
  let source: RunningRegistry;
  let target: RunningRegistry;
  let folder: string;
  let digest: string;

  before(async () => {
    [source, target] = await Promise.all([startRegistry(), startRegistry({ auth: "token", pusher: PUSHER })]);
    folder = await mkdtemp(join(tmpdir(), "stagecoach-retag-"));
    digest = await source.push({
      repository: "acme/checkout",
      tag: "1.8.0",
      platforms: ["linux/amd64", "linux/arm64"],
    });
    const settings = [
      "registries:",
      `- { host: "${source.host}", insecure: true, for: acme/* }`,
      `- host: "${target.host}"`,
      "  insecure: true",
      "  for: acme/platform-config",
      "  auth: { username: reader, password-env: READING }",
      "  push: { tags: v.*-stable, auth: { username: pusher, password-env: WRITING } }",
    ];
    await writeFile(join(folder, "settings.yaml"), `${settings.join("\n")}\n`);
  });
  after(async () => {
    await Promise.all([source?.close(), target?.close(), rm(folder, { recursive: true, force: true })]);
  });

  const variables = { STAGECOACH_SETTINGS: "settings.yaml", READING: "correct horse", WRITING: PUSHER.password };
  const call = async (...args: readonly string[]) => {
    const [stdout, stderr]: [string[], string[]] = [[], []];
    const context = {
      ...{ arguments: ["retag", ...args], variables, folder },
      ...{ print: (text: string) => stdout.push(text), complain: (text: string) => stderr.push(text) },
      adapters: {
        ...{ startApp: refuse, openPreview: refuse, openHistory: refuse, openReporter: refuse, apiUrl: refuse },
        samples: { make: refuse, send: refuse },
        openRegistry: ({ registries }: Settings) => clientFor(registries, { timeout: 10_000 }),
      },
    };
    const code = await runCommand(context, { commands: COMMANDS, version: "1.2.3" });
    return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
  };
  const from = () => `${source.host}/acme/checkout:1.8.0`;
  const to = (tag = "v1.8.0-stable") => `${target.host}/live/checkout:${tag}`;

  test("--dry-run tells what would be done, and writes nothing", async () => {
    const { code, stdout } = await call(from(), to(), "--dry-run");
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`:v1\\.8\\.0-stable would name ${digest}: 3 manifests written; of its blobs 3 sent`),
    );
    assert.equal(target.digestOf({ repository: "live/checkout", tag: "v1.8.0-stable" }), undefined);
  });

  test("gives the digest the name, and says so again when it is called again", async () => {
    const first = await runProgram(["retag", from(), to()], { folder, variables });
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, new RegExp(`:v1\\.8\\.0-stable names ${digest}: 3 manifests written`));
    assert.doesNotMatch(first.stdout + first.stderr, /battery staple/);
    assert.equal(target.digestOf({ repository: "live/checkout", tag: "v1.8.0-stable" }), digest);
    const again = await call(from().replace(":1.8.0", `@${digest}`), to(), "--json");
    assert.equal(again.code, 0);
    assert.deepEqual(JSON.parse(again.stdout), {
      from: { image: `${source.host}/acme/checkout`, digest },
      to: { image: `${target.host}/live/checkout`, tag: "v1.8.0-stable" },
      dryRun: false,
      outcome: { kind: "already-so" },
    });
  });

  const refused = [
    { name: "a tag that the settings do not name", to: "latest", why: /Nothing was written: .* only tags be written/ },
    {
      name: "in the name of somebody else",
      more: ["--for", "other/config"],
      why: /lets other\/config write to live\/checkout/,
    },
    { name: "a registry that no line is about", to: "elsewhere.example/a:v1", why: /is about elsewhere\.example/ },
    { name: "a tag that is not there", from: "9.9.9", why: /has no tag 9\.9\.9/ },
  ];
  for (const row of refused) {
    test(`1 and the reason: ${row.name}`, async () => {
      const given = row.from === undefined ? from() : from().replace("1.8.0", row.from);
      const named = row.to?.includes("/") ? row.to : to(row.to);
      const { code, stderr } = await call(given, named, ...(row.more ?? []));
      assert.equal(code, 1);
      assert.match(stderr, row.why);
    });
  }

  test("2 where it is called wrongly", async () => {
    for (const args of [
      [],
      [from()],
      [from(), "a b"],
      [`${source.host}/acme/checkout`, to()],
      [from(), `${source.host}/a:b`],
    ]) {
      const { code, stderr } = await call(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /stagecoach retag --help/);
    }
  });
});
