// What the log may say of an error, with the errors that carry the most.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeError, redactLogLine } from "../../src/report/describe-error.ts";

const TOKEN = `ghs_${"a".repeat(36)}`;

describe("T22: an error in the log", () => {
  it("has its kind, message, code, places and causes, and nothing else that hangs on it", () => {
    const request = { method: "POST", url: "https://x", headers: { authorization: `token ${TOKEN}` } };
    const response = { status: 401, data: { token: TOKEN } };
    const cause = Object.assign(new Error(`Bad credentials ${TOKEN}`), { status: 401, request, response });
    cause.name = "HttpError";
    const error = new Error("Could not observe.", { cause });
    Object.assign(error, { params: ["the whole file"], query: "insert" });
    const { stack, cause: told, ...rest } = describeError(error);
    assert.deepEqual(rest, { type: "Error", message: "Could not observe." });
    assert.match(stack?.[0] ?? "", /^at .*describe-error\.test\.ts/);
    assert.deepEqual([told?.type, told?.code, told?.message], ["HttpError", 401, "Bad credentials [redacted]"]);
    assert.doesNotMatch(JSON.stringify(describeError(error)), /ghs_|whole file|insert/);
  });

  it("is one line, without control characters, however it was written", () => {
    const { message } = describeError(new Error("a\nb\u001b[31mc\u202ed"));
    assert.equal(message, "a b [31mcd");
    assert.deepEqual(describeError({ toString: () => "x" }), { type: "object", message: "x" });
    assert.deepEqual(describeError(undefined), { type: "undefined", message: "undefined" });
  });

  it("ends, where causes go in a circle", () => {
    const error = new Error("round");
    error.cause = error;
    assert.ok(JSON.stringify(describeError(error)).length < 20_000);
  });
});

describe("T22: a line of the log", () => {
  const lines: readonly (readonly [string, object, object])[] = [
    ["a token in a text", { msg: `used ${TOKEN}` }, { msg: "used [redacted]" }],
    ["a header", { headers: { authorization: "whatever it is" } }, { headers: { authorization: "[redacted]" } }],
    ["a key that never ends", { a: "-----BEGIN PRIVATE KEY-----\nx", b: "c" }, { a: "[redacted]", b: "c" }],
    ["an address", { url: "https://user:password@host/x" }, { url: "https://[redacted]@host/x" }],
  ];
  for (const [name, before, after] of lines) {
    it(`stays JSON without ${name}`, () => {
      assert.deepEqual(JSON.parse(redactLogLine(`${JSON.stringify(before)}\n`)), after);
    });
  }

  it("is cleaned too where it is no JSON", () => {
    assert.equal(redactLogLine(`boom ${TOKEN}\n`), "boom [redacted]\n");
  });
});
