import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RequestError } from "@octokit/request-error";
import { classifyError, cleanSentence } from "../../src/forge/classify-error.ts";

const now = Date.UTC(2030, 0, 1, 12);
const request = { doing: "open the pull request", installation: 5, now };

function answer(status: number, options: { readonly message?: string; readonly headers?: object } = {}): RequestError {
  const { message = "no", headers = {} } = options;
  return new RequestError(message, status, {
    request: { method: "POST", url: "https://api.github.com/x", headers: { authorization: "token ghs_secretsecret" } },
    response: { status, url: "", headers: { ...headers }, data: { message } },
  });
}

function graphql(errors: readonly { readonly type?: string; readonly message: string }[], headers = {}): Error {
  return Object.assign(new Error("Request failed"), { errors, data: null, response: { data: null, errors }, headers });
}

describe("patience is never read as a refusal", () => {
  const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const reset = String(now / 1000 + 900);
  const cases: readonly { readonly name: string; readonly error: unknown; readonly seconds: number }[] = [
    { name: "secondary, 403, no header", error: answer(403, { message: secondary }), seconds: 60 },
    { name: "secondary, 429", error: answer(429, { message: secondary }), seconds: 60 },
    {
      name: "secondary with retry-after",
      error: answer(403, { message: secondary, headers: { "retry-after": "120" } }),
      seconds: 120,
    },
    {
      name: "at least a minute",
      error: answer(403, { message: secondary, headers: { "retry-after": "1" } }),
      seconds: 60,
    },
    {
      name: "secondary while the hour has plenty left",
      error: answer(403, { message: secondary, headers: { "x-ratelimit-remaining": "4900" } }),
      seconds: 60,
    },
    {
      name: "primary",
      error: answer(403, {
        message: "API rate limit exceeded for installation ID 5.",
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
      }),
      seconds: 901,
    },
    { name: "429 without words", error: answer(429), seconds: 60 },
    {
      name: "GraphQL's RATE_LIMITED",
      error: graphql([{ type: "RATE_LIMITED", message: "API rate limit already exceeded" }], {
        "x-ratelimit-reset": reset,
      }),
      seconds: 901,
    },
    { name: "secondary inside a GraphQL answer", error: graphql([{ message: secondary }]), seconds: 60 },
    {
      name: "a suspended installation",
      error: answer(403, { message: "This installation has been suspended" }),
      seconds: 3600,
    },
  ];
  for (const { name, error, seconds } of cases) {
    it(name, () => {
      const failure = classifyError(error, request);
      assert.equal(failure.kind, "deferred");
      assert.equal(failure.kind === "deferred" && failure.error.until, now + seconds * 1000);
      assert.equal(failure.kind === "deferred" && failure.error.installation, 5);
    });
  }
});

describe("what GitHub answered, and what nobody knows", () => {
  const cases: readonly { readonly name: string; readonly error: unknown; readonly kind: string }[] = [
    { name: "404", error: answer(404, { message: "Not Found" }), kind: "answered" },
    {
      name: "403 for want of permission",
      error: answer(403, { message: "Resource not accessible" }),
      kind: "answered",
    },
    { name: "405", error: answer(405), kind: "answered" },
    { name: "409", error: answer(409), kind: "answered" },
    { name: "422", error: answer(422), kind: "answered" },
    { name: "a refused mutation", error: graphql([{ type: "UNPROCESSABLE", message: "no" }]), kind: "answered" },
    { name: "500", error: answer(500), kind: "unsure" },
    { name: "502", error: answer(502), kind: "unsure" },
    {
      name: "a connection that broke",
      error: new RequestError("fetch failed", 500, { request: { method: "POST", url: "", headers: {} } }),
      kind: "unsure",
    },
    {
      name: "GraphQL's shrug",
      error: graphql([{ message: "Something went wrong while executing your query." }]),
      kind: "unsure",
    },
    { name: "something else entirely", error: "?", kind: "unsure" },
  ];
  for (const { name, error, kind } of cases) {
    it(`${name}: ${kind}`, () => assert.equal(classifyError(error, request).kind, kind));
  }
});

describe("T22: what is said of an error", () => {
  it("has no credentials and no control characters", () => {
    const text = cleanSentence("token ghs_abcdefgh12345678 at https://x:y@host/\u001b[31m\u202eeyJhb.eyJpc.sig");
    assert.equal(text, "token *** at https://***@host/ [31m ***");
  });

  it("is a sentence with the attempt and GitHub's own words", () => {
    const failure = classifyError(answer(422, { message: "Validation Failed" }), request);
    assert.equal(failure.error.message, 'Could not open the pull request: GitHub gave 422, "Validation Failed".');
  });
});
