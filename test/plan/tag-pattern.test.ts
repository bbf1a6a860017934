import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { matchTag, readTagPattern } from "../../src/plan/tag-pattern.ts";

describe("a tag pattern", () => {
  for (const text of ["(", "(?=x)", "a{1001}", "(.{1,100}){1,9}x", "(?P<a>x)(?P<a>y)", "x".repeat(400)]) {
    test(`is not ${text.slice(0, 24)}`, () => assert.equal(readTagPattern(text).kind, "invalid"));
  }

  test("T27: takes linear time on hostile tags", () => {
    const began = performance.now();
    for (let index = 0; index < 1000; index++) matchTag("^(a+)+$", `${"a".repeat(120)}!${index}`);
    assert.ok(performance.now() - began < 2000);
  });

  test("matches anywhere unless it is anchored", () => {
    assert.deepEqual(matchTag("stable", "1.0.0-stable.1"), { version: "1.0.0-stable.1" });
    assert.equal(matchTag("^stable", "1.0.0-stable.1"), undefined);
    assert.deepEqual(matchTag("-(?P<version>[0-9]+)$", "main-17"), { version: "17" });
  });
});
