// What commands print: text from outside reaches a terminal as text, never as an order to it.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Command, CommandContext } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { writeJson } from "../../src/cli/write-json.ts";
import { runProgram } from "../cli/run-program.ts";

const ORDERS = "\u001b[2J\u009b31m\u202eevil\u2066\u0007\u0085";
const FORBIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/u;

describe("T14: a terminal is not given orders", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stagecoach-terminal-"));
    mkdirSync(join(folder, ".github"));
    const text = `version: 1\npipelines:\n  - name: "a"\n    "na${ORDERS.replaceAll("\u0007", "").replaceAll("\u001b", "")}me": 1 # ${ORDERS.replace("\u001b", "")}\n    images: [{ image: "\\e[2J\\x9b" }]\n`;
    writeFileSync(join(folder, ".github", "stagecoach.yaml"), text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const options of [[], ["--json"]]) {
    it(`by stagecoach validate ${options.join("")}`, async () => {
      const { stdout, stderr, code } = await runProgram(["validate", folder, ...options]);
      assert.equal(code, 1, stderr);
      assert.match(stdout, /evil|stagecoach\.yaml/);
      assert.doesNotMatch(stdout + stderr, FORBIDDEN);
    });
  }

  it("by what a command prints, complains of, or fails with", async () => {
    const shown: string[] = [];
    const command: Command = {
      name: "x",
      summary: "",
      help: "",
      run: async ({ print, complain }) => {
        print(`a\tb\n${ORDERS}`);
        complain(ORDERS);
        throw new Error(ORDERS);
      },
    };
    const context: Partial<CommandContext> = {
      arguments: ["x"],
      print: (text) => shown.push(text),
      complain: (text) => shown.push(text),
    };
    assert.equal(await runCommand(context as CommandContext, { commands: [command], version: "1" }), 1);
    assert.equal(shown.length, 3);
    assert.match(shown[0] ?? "", /^a\tb\n.*evil/);
    for (const text of shown) assert.doesNotMatch(text, FORBIDDEN);
  });

  it("by JSON, which says the same to a program", () => {
    const value = { [ORDERS]: [ORDERS, "\u{e0001}", "ü😀"] };
    const text = writeJson(value);
    assert.doesNotMatch(text, FORBIDDEN);
    assert.deepEqual(JSON.parse(text), value);
  });
});
