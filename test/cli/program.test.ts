// The program's own words: help, version, mistyped commands, exit codes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Command, CommandContext } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { runProcess } from "./run-program.ts";

async function run(written: readonly string[], commands: readonly Command[] = COMMANDS) {
  const printed: string[] = [];
  const complained: string[] = [];
  const context: CommandContext = {
    arguments: written,
    variables: {},
    folder: ".",
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
    adapters: {
      startApp: never,
      openPreview: never,
      openHistory: refuse,
      openRegistry: refuse,
      openReporter: refuse,
      samples: { make: refuse, send: never },
      apiUrl: () => "",
    },
  };
  const code = await runCommand(context, { commands, version: "1.2.3" });
  return { code, printed: printed.join("\n"), complained: complained.join("\n") };
}

async function never(): Promise<never> {
  return refuse();
}

function refuse(): never {
  throw new Error("Nothing is to be started here.");
}

describe("stagecoach", () => {
  it("lists its commands, each with its help", async () => {
    const { code, printed, complained } = await run(["--help"]);
    assert.equal(code, 0);
    assert.equal(complained, "");
    for (const { name, summary, help } of COMMANDS) {
      assert.match(printed, new RegExp(`\\n {2}${name} +${summary.slice(0, 20)}`));
      for (const asked of [
        [name, "--help"],
        ["help", name],
      ])
        assert.deepEqual(await run(asked), { code: 0, printed: help, complained: "" });
      assert.match(help, new RegExp(`^Usage: stagecoach ${name}`));
      assert.ok(
        help.split("\n").every((line) => line.length <= 120),
        name,
      );
    }
  });

  it("says its version", async () => {
    assert.deepEqual(await run(["--version"]), { code: 0, printed: "1.2.3", complained: "" });
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    assert.deepEqual(await runProcess(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^Usage: stagecoach <command>/],
    [["serv"], /^There is no command `serv`\. Did you mean `serve`\?\n/],
    [["--versoin"], /^There is no option `--versoin`\. Did you mean `--version`\?\n/],
    [["help", "plann"], /^There is no command `plann`\. Did you mean `plan`\?\n/],
    [
      ["plan", "--jsno", "acme/config"],
      /^There is no option `--jsno`\. Did you mean `--json`\?\n`stagecoach plan --help`/,
    ],
    [["serve", "now"], /^Nothing was expected where `now` stands\.\n/],
    [["plan"], /^Name a repository \(owner\/name\), or a clone with --local\.\n/],
    [["plan", "acme/config", "--branch", "main"], /^--branch is for --local\.\n/],
  ];
  for (const [written, expected] of wrong) {
    it(`answers \`${["stagecoach", ...written].join(" ")}\` with 2, to standard error`, async () => {
      const { code, printed, complained } = await run(written);
      assert.equal(code, 2);
      assert.equal(printed, "");
      assert.match(complained, expected);
    });
  }

  it("ends with 1 where a command fails, and tells the causes without their secrets", async () => {
    const cause = new Error("connect to postgres://bot:very-secret@db.acme.example failed");
    const failing: Command = {
      name: "fail",
      summary: "",
      help: "",
      run: async () => {
        throw new Error("The database cannot be reached.", { cause });
      },
    };
    const { code, complained } = await run(["fail"], [failing]);
    assert.equal(code, 1);
    assert.match(complained, /^The database cannot be reached\.\n {2}because: connect to postgres:\/\/\[redacted\]@/);
  });
});
