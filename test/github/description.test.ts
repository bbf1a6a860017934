// Holds the checks against GitHub's description: what GitHub says passes, what it does not know is found.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { describedOperations, describedWebhooks } from "./description/described-operations.ts";
import { isDescribed, validateRequest, validateResponse } from "./description/validate-rest.ts";
import { validateWebhook } from "./description/validate-webhook.ts";

const refs = { method: "PATCH", route: "/repos/{owner}/{repo}/git/refs/{ref}" };
const refParameters = { owner: "acme", repo: "config", ref: "heads/main" };
const files = ["rest.json", "webhooks.json"].map((name) => join(import.meta.dirname, "description", name));

describe("the extract of GitHub's description", () => {
  it("says which version it was made from and stays small enough to read", () => {
    const texts = files.map((file) => readFileSync(file, "utf8"));
    assert.deepEqual(
      texts.map((text) => JSON.parse(text).source),
      [
        "@octokit/openapi@23.0.2, generated/api.github.com.json",
        "@octokit/openapi-webhooks@12.1.0, generated/api.github.com.json",
      ],
    );
    assert.ok(texts.reduce((sum, text) => sum + text.length, 0) < 600_000);
  });

  it("holds every listed operation, and each of its answers can be checked", () => {
    for (const [route, methods] of Object.entries(describedOperations)) {
      for (const method of methods) {
        assert.ok(isDescribed({ method, route }), `${method} ${route}`);
        validateRequest({ method, route, parameters: {}, body: {} });
        validateResponse({ method, route, status: 200, body: {} });
      }
    }
  });

  it("holds every listed webhook", () => {
    const missing = describedWebhooks.filter((name) =>
      validateWebhook({ event: name, payload: {} }).some((finding) => finding.message.startsWith("not in")),
    );
    assert.deepEqual(missing, []);
  });
});

describe("a request", () => {
  it("passes when it says what GitHub knows, numbers in paths given as text", () => {
    const body = { sha: "a".repeat(40), force: false };
    assert.deepEqual(validateRequest({ ...refs, parameters: refParameters, body }), []);
    const route = "/repos/{owner}/{repo}/pulls/{pull_number}";
    const parameters = { owner: "acme", repo: "config", pull_number: "7" };
    assert.deepEqual(validateRequest({ method: "GET", route, parameters }), []);
  });

  const wrong = [
    { why: "a misspelt property", body: { sha: "a", forced: true }, where: "request body /forced" },
    { why: "a missing property", body: {}, where: "request body /" },
    { why: "a wrong type", body: { sha: 7 }, where: "request body /sha" },
    { why: "no body", body: undefined, where: "request body" },
  ];
  for (const { why, body, where } of wrong) {
    it(`is refused for ${why}`, () => {
      const findings = validateRequest({ ...refs, parameters: refParameters, body });
      assert.deepEqual(
        findings.map((finding) => finding.where),
        [where],
      );
    });
  }

  it("is refused for a property misspelt deep inside a list", () => {
    const route = "/repos/{owner}/{repo}/git/trees";
    const body = { tree: [{ path: "a", mode: "100644", type: "blob", shaa: null }] };
    const findings = validateRequest({ method: "POST", route, parameters: { owner: "a", repo: "b" }, body });
    assert.deepEqual(findings, [{ where: "request body /tree/0/shaa", message: "GitHub does not know this property" }]);
  });

  it("is refused for a parameter that is unknown, missing or no number", () => {
    const route = "/repos/{owner}/{repo}/pulls/{pull_number}";
    const parameters = { owner: "acme", pull_number: "seven", page: 2 };
    assert.deepEqual(
      validateRequest({ method: "GET", route, parameters }).map((finding) => finding.where),
      ["request parameter page", "request parameter /", "request parameter /pull_number"],
    );
  });

  it("is refused when GitHub has no such operation in the extract", () => {
    const [finding] = validateRequest({ method: "PUT", route: "/zen" });
    assert.match(finding?.message ?? "", /not in rest\.json/);
  });
});

describe("an answer", () => {
  const reference = {
    ref: "refs/heads/main",
    node_id: "R1",
    url: "https://api.github.com/repos/acme/config/git/refs/heads/main",
    object: { type: "commit", sha: "a".repeat(40), url: "https://api.github.com/x" },
  };

  it("passes when it has GitHub's shape", () => {
    assert.deepEqual(validateResponse({ ...refs, status: 200, body: reference }), []);
  });

  it("is found when something is missing or is no address", () => {
    const { node_id: _, ...rest } = { ...reference, url: "not an address" };
    assert.deepEqual(
      validateResponse({ ...refs, status: 200, body: rest }).map(({ where, message }) => `${where}: ${message}`),
      ["response 200 /: must have required property 'node_id'", 'response 200 /url: must match format "uri"'],
    );
  });

  it("of no content has no body, and one of content has one", () => {
    const remove = { ...refs, method: "DELETE" };
    assert.deepEqual(validateResponse({ ...remove, status: 204 }), []);
    assert.equal(validateResponse({ ...remove, status: 204, body: {} }).length, 1);
    assert.equal(validateResponse({ ...refs, status: 200 }).length, 1);
  });

  it("may be null only where GitHub says so", () => {
    const route = "/repos/{owner}/{repo}/commits/{commit_sha}/pulls";
    const [finding] = validateResponse({
      method: "GET",
      route,
      status: 200,
      body: [{ body: null, title: null }],
    }).filter(({ where }) => /\/0\/(body|title)$/.test(where));
    assert.match(finding?.where ?? "", /title$/);
  });

  it("of a status that GitHub does not describe must be an error with a message", () => {
    assert.equal(validateResponse({ ...refs, status: 202, body: reference }).length, 1);
    assert.equal(validateResponse({ ...refs, status: 502, body: "oops" }).length, 1);
    const body = { message: "Server Error", documentation_url: "https://docs.github.com/rest" };
    assert.deepEqual(validateResponse({ ...refs, status: 502, body }), []);
  });
});

describe("a webhook", () => {
  it("is found when its payload lacks what GitHub sends", () => {
    const findings = validateWebhook({ event: "pull_request", action: "opened", payload: { action: "opened" } });
    assert.ok(findings.some(({ message }) => message.includes("'pull_request'")));
  });

  it("is found when GitHub has no such event in the extract", () => {
    assert.equal(validateWebhook({ event: "star", action: "created", payload: {} }).length, 1);
  });
});
