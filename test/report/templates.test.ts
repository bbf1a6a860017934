import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileTemplates } from "../../src/report/compile-templates.ts";
import { trusted } from "../../src/report/escape-markdown.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";

const compileOne = (text: string) =>
  compileTemplates({ ...loadTemplates(), "check-merge-group": text })["check-merge-group"];

describe("templates", () => {
  const REFUSED = [
    { name: "an unknown name", text: "{{nobody}}" },
    { name: "a helper", text: "{{lookup this 'opening'}}" },
    { name: "a log line", text: "{{log opening}}" },
    { name: "a partial", text: "{{> opening}}" },
    { name: "a decorator", text: "{{* opening}}" },
    { name: "a prototype", text: "{{opening.constructor}}" },
    { name: "the global prototype", text: "{{__proto__.x}}" },
  ];
  for (const { name, text } of REFUSED) {
    test(`T16: do not reach ${name}`, () => {
      assert.throws(() => compileOne(text)({ opening: trusted("yes") }));
    });
  }

  test("T16: are held to a length", () => {
    assert.throws(() => compileOne("x".repeat(20_000)), /longer than 16384 characters/);
  });

  test("change nothing in a value", () => {
    assert.equal(compileOne("{{opening}}")({ opening: trusted("`a` & <b>") }), "`a` & <b>");
  });
});
