// What stands behind a command's name, as people write it and mistype it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readArguments } from "../../src/cli/read-arguments.ts";

const FORM = {
  mostPositionals: 1,
  options: [
    { name: "settings", value: "<file>", description: "" },
    { name: "release", value: "<image=tag@digest>", repeatable: true, description: "" },
    { name: "offline", description: "" },
  ],
};

describe("arguments", () => {
  it("are given in any order", () => {
    const reading = readArguments(["--release", "a=1", "acme/config", "--offline", "--release=b=2"], FORM);
    assert.ok(reading.kind === "given");
    const { given } = reading;
    assert.deepEqual(given.positionals, ["acme/config"]);
    assert.deepEqual(given.texts("release"), ["a=1", "b=2"]);
    assert.equal(given.has("offline"), true);
    assert.equal(given.text("settings"), undefined);
  });

  it("may look like options behind `--`", () => {
    const reading = readArguments(["--", "--offline"], FORM);
    assert.ok(reading.kind === "given");
    assert.deepEqual(reading.given.positionals, ["--offline"]);
    assert.equal(reading.given.has("offline"), false);
  });

  it("are not looked at further where help is asked for", () => {
    for (const help of ["--help", "-h"]) {
      const reading = readArguments(["a", "b", help], FORM);
      assert.ok(reading.kind === "given" && reading.given.has("help"));
    }
  });

  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [["--ofline"], "There is no option `--ofline`. Did you mean `--offline`?"],
    [["--x"], "There is no option `--x`. Known here: `--settings`, `--release`, `--offline`, `--help`."],
    [["-x"], "There is no option `-x`. Known here: `--settings`, `--release`, `--offline`, `--help`."],
    [["--settings"], "`--settings` needs <file> behind it."],
    [["--settings="], "`--settings` needs <file> behind it."],
    [["--settings", "--offline"], "`--settings` needs <file> behind it."],
    [["--settings", "a", "--settings", "b"], "`--settings` may be given once."],
    [["--offline=no"], "`--offline` is a switch and takes no value."],
    [["a", "b"], "Nothing was expected where `b` stands."],
    [
      ["--constructor"],
      "There is no option `--constructor`. Known here: `--settings`, `--release`, `--offline`, `--help`.",
    ],
  ];
  for (const [written, why] of mistakes) {
    it(`are refused: ${written.join(" ")}`, () => {
      assert.deepEqual(readArguments(written, FORM), { kind: "wrong", why });
    });
  }
});
