// What is asked of an endpoint, and what of its answers is believed: everything that is no clear answer is unknown with the
// reason.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createEndpoints } from "../../src/endpoint/create-endpoints.ts";
import { release } from "../plan/build.ts";
import { type RunningEndpoint, type Saying, startEndpoint } from "./start-endpoint.ts";

const TOKEN = "correct-horse-battery";
const question = { endpoint: "budget", key: "checkout/live", release: release("1.8.0") } as const;
let endpoint: RunningEndpoint;

before(async () => {
  endpoint = await startEndpoint({});
});
after(() => endpoint.close());

/** Only who waits for silence has to be short of patience. */
const settings = ({ timeout = 10_000 } = {}) => ({
  ...{ id: "budget", url: endpoint.url, for: ["acme/*"], token: TOKEN, every: 60_000, timeout },
});

function ask(says: Saying, asker = "acme/platform-config") {
  endpoint.says = says;
  endpoint.asked.splice(0);
  const impatient = says.body === undefined ? { timeout: 200 } : {};
  return createEndpoints({ endpoints: [settings(impatient)], userAgent: "stagecoach" }).ask({ asker, question });
}

test("the question says what would go where, with the operator's token", async () => {
  const { answer, every } = await ask({ body: { state: "pass", reason: "93% left" } });
  assert.deepEqual(answer, { kind: "known", value: { state: "pass", reason: "93% left" } });
  assert.equal(every, 60_000);
  const [asked] = endpoint.asked;
  assert.equal(asked?.method, "POST");
  assert.equal(asked?.headers.authorization, `Bearer ${TOKEN}`);
  assert.deepEqual(asked?.body, {
    repository: "acme/platform-config",
    pipeline: "checkout",
    environment: "live",
    release: question.release.versions,
  });
});

test("T20: a repository that it is not for asks nothing, and learns nothing", async () => {
  const { answer } = await ask({ body: { state: "pass", reason: "yes" } }, "evil/repository");
  assert.match(answer.kind === "unknown" ? answer.why : "", /have no endpoint of that id for evil\/repository/);
  assert.deepEqual(endpoint.asked, []);
});

test("T22: a token that comes back is not shown", async () => {
  const { answer } = await ask({ body: { state: "wait", reason: `who is ${TOKEN}?` } });
  assert.deepEqual(answer, { kind: "known", value: { state: "wait", reason: "who is …?" } });
});

test("a time is kept, and a reason is one short line", async () => {
  const reason = `a\nb\u202e ${"c".repeat(1_000)}`;
  const { answer } = await ask({ body: { state: "wait", reason, until: "2026-11-28T16:00:00+01:00" } });
  assert.ok(answer.kind === "known");
  assert.equal(answer.value.until, Date.UTC(2026, 10, 28, 15));
  assert.match(answer.value.reason, /^a b c+$/);
  assert.equal(answer.value.reason.length, 300);
});

const rows: readonly { readonly name: string; readonly says: Saying; readonly why: RegExp }[] = [
  { name: "another status", says: { status: 500, body: { state: "pass", reason: "x" } }, why: /^it answered 500$/ },
  {
    name: "T21: a redirect, which is not followed",
    says: { status: 307, headers: { location: "http://127.0.0.1:1/" }, body: "" },
    why: /^it answered 307$/,
  },
  { name: "no JSON", says: { body: "<html>" }, why: /no JSON object/ },
  { name: "a list", says: { body: [] }, why: /no JSON object/ },
  { name: "another state", says: { body: { state: "passed", reason: "x" } }, why: /none of `pass`, `wait` and `fail`/ },
  { name: "no reason", says: { body: { state: "pass" } }, why: /gave no `reason`/ },
  { name: "an empty reason", says: { body: { state: "pass", reason: " \n" } }, why: /gave no `reason`/ },
  {
    name: "a time without a zone",
    says: { body: { state: "wait", reason: "x", until: "2026-11-28T16:00:00" } },
    why: /`until`/,
  },
  {
    name: "a day that does not exist",
    says: { body: { state: "wait", reason: "x", until: "2026-13-41T99:00:00Z" } },
    why: /`until`/,
  },
  { name: "T1: too much", says: { body: { state: "pass", reason: "x".repeat(70_000) } }, why: /more than 64 KiB/ },
  { name: "silence", says: { body: undefined }, why: /did not answer within 0.2 s/ },
];

describe("unknown", () => {
  for (const { name, says, why } of rows) {
    test(name, async () => {
      const { answer, every } = await ask(says);
      assert.ok(answer.kind === "unknown", JSON.stringify(answer));
      assert.match(answer.why, why);
      assert.equal(every, 60_000, "a failure rests as long as an answer");
    });
  }

  test("nobody is there, and the address is not told", async () => {
    const endpoints = [{ ...settings(), url: "http://127.0.0.1:1/secret-path" }];
    const { answer } = await createEndpoints({ endpoints, userAgent: "stagecoach" }).ask({ asker: "acme/a", question });
    assert.ok(answer.kind === "unknown");
    assert.doesNotMatch(answer.why, /secret-path|127/);
  });
});
