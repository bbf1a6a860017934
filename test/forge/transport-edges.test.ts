// What a stand-in that speaks HTTP well cannot do to us: broken connections, limits inside an answer that says 200,
// nulls with and without an error beside them, redirects to elsewhere, texts that change on the way.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { afterEach, describe, it } from "node:test";
import nock from "nock";
import { connectGithub } from "../../src/forge/connect-github.ts";
import { Deferred, type Forge } from "../../src/forge/forge.ts";
import { createGithubForge } from "../../src/forge/github-forge.ts";
import { connectTo } from "./start-forge.ts";

const url = "https://ghe.example";
const at = { installation: 3, repository: 7, owner: "acme", name: "platform" };
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const github = { url, appId: 1, privateKey, webhookSecret: "a secret of its own" };
const server = nock(url);

nock.disableNetConnect();
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  assert.deepEqual(pending, []);
});

async function connect({ tokens = 1 } = {}): Promise<Forge> {
  server
    .post("/app/installations/3/access_tokens", (body) => {
      assert.deepEqual(body.repository_ids, [7]);
      assert.equal(body.permissions.workflows ?? body.permissions.administration, undefined);
      return body.permissions.contents === "write";
    })
    .times(tokens)
    .reply(201, { token: "ghs_veryverysecret", expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  return createGithubForge(await connectTo(github));
}

function whoWeAre(): void {
  server.get("/app").reply(200, { slug: "stagecoach" });
  server.get("/users/stagecoach%5Bbot%5D").reply(200, { id: 42 });
}

const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

function answerWith(changes: object, errors: readonly object[] = []) {
  const empty = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  const repository = {
    id: "R_1",
    databaseId: 7,
    name: "platform",
    owner: { login: "acme" },
    isArchived: false,
    squashMergeAllowed: true,
    mergeCommitAllowed: false,
    rebaseMergeAllowed: true,
    defaultBranchRef: null,
    defaultQueue: null,
    ledger: null,
    open: empty,
    past: { nodes: [] },
    refs: empty,
    ...changes,
  };
  return { data: { repository }, ...(errors.length > 0 && { errors }) };
}

describe("a null in the answer", () => {
  it("without an error is an absence", async () => {
    const forge = await connect();
    whoWeAre();
    server.post("/graphql").reply(200, answerWith({}));
    const { ledger, branches } = await forge.observe(at, { branches: [] });
    assert.deepEqual([ledger, branches], [{ kind: "known", value: undefined }, {}]);
  });

  it("with an error is unknown", async () => {
    const forge = await connect();
    whoWeAre();
    const errors = [
      { message: "boom", path: ["repository", "ledger", "target"] },
      { message: "bang", path: ["repository", "queue0"] },
    ];
    server.post("/graphql").reply(200, answerWith({ branch0: null, queue0: null }, errors));
    const { ledger, branches } = await forge.observe(at, { branches: ["env/live"] });
    assert.deepEqual(ledger, { kind: "unknown", why: 'GitHub said "boom"' });
    assert.deepEqual(branches["env/live"], { kind: "unknown", why: 'GitHub said "bang"' });
  });

  for (const list of ["open", "past", "refs"]) {
    it(`among what is in "${list}" is an error, because it would look like an absence`, async () => {
      const forge = await connect();
      whoWeAre();
      server.post("/graphql").reply(200, answerWith({}, [{ message: "boom", path: ["repository", list, "nodes", 0] }]));
      await assert.rejects(forge.observe(at, { branches: [] }), /could not say everything.*boom/);
    });
  }

  it("in the id of a run is no gap: the run's address has it", async () => {
    const forge = await connect();
    whoWeAre();
    const run = { databaseId: null, url: `${url}/acme/platform/runs/39000000001`, status: "COMPLETED" };
    const checkRuns = { nodes: [{ ...run, conclusion: "SUCCESS", externalId: "c1" }] };
    const target = { oid: "a", committedDate: "2030-01-01T00:00:00Z", tree: { oid: "t" }, author: null };
    const defaultBranchRef = { name: "main", target: { ...target, checkSuites: { nodes: [{ checkRuns }] } } };
    const nodes = ["checkSuites", "nodes", 0, "checkRuns", "nodes", 0, "databaseId"];
    const errors = [{ message: "too large", path: ["repository", "defaultBranchRef", "target", ...nodes] }];
    server.post("/graphql").reply(200, answerWith({ defaultBranchRef }, errors));
    const { main } = (await forge.observe(at, { branches: [] })).branches;
    const check = main?.kind === "known" ? main.value?.check : undefined;
    assert.deepEqual(check, { id: 39_000_000_001, state: "success", fingerprint: "c1" });
  });
});

describe("limits and broken connections", () => {
  it("a secondary limit inside a GraphQL answer is patience", async () => {
    const forge = await connect();
    whoWeAre();
    server.post("/graphql").reply(200, { data: null, errors: [{ message: secondary }] });
    await assert.rejects(forge.observe(at, { branches: [] }), Deferred);
  });

  it("so is one with partial data", async () => {
    const forge = await connect();
    whoWeAre();
    server.post("/graphql").reply(200, answerWith({}, [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }]));
    await assert.rejects(forge.observe(at, { branches: [] }), Deferred);
  });

  it("so is one at a write", async () => {
    const forge = await connect();
    server.post("/repos/acme/platform/pulls").reply(403, { message: secondary });
    const request = { branch: "b", base: "main", title: "t", body: "b" };
    await assert.rejects(forge.openPullRequest(at, request), Deferred);
  });

  it("T22: an error after a reset says what was tried, and no secret", async () => {
    const forge = await connect();
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").replyWithError("socket hang up: ghs_veryverysecret");
    await assert.rejects(forge.readTree(at, "abc"), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Could not list the files of tree abc in acme\/platform: .*socket hang up/);
      assert.doesNotMatch(error.message, /verysecret/);
      return true;
    });
  });

  it("a token that is not known everywhere yet is tried once more, for reads alone", async () => {
    const forge = await connect();
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(403, { message: "Resource not accessible" });
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(200, { tree: [], truncated: false });
    assert.deepEqual(await forge.readTree(at, "abc"), []);
    server.post("/repos/acme/platform/issues/1/labels").reply(403, { message: "Resource not accessible" });
    assert.equal((await forge.addLabels(at, { number: 1, labels: ["x"] })).kind, "refused");
  });

  it("a token that GitHub refuses is replaced", async () => {
    const forge = await connect({ tokens: 2 });
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(401, { message: "Bad credentials" });
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(200, { tree: [], truncated: false });
    assert.deepEqual(await forge.readTree(at, "abc"), []);
  });

  it("T21: a redirect to another origin is not followed, one within it is", async () => {
    const forge = await connect();
    const tree = "/repos/acme/platform/git/trees/abc?recursive=1";
    server.get(tree).reply(301, "", { location: "https://evil.example/x" });
    await assert.rejects(forge.readTree(at, "abc"), /evil\.example/);
    server.get(tree).reply(301, "", { location: `${url}/repositories/7/git/trees/abc` });
    server.get("/repositories/7/git/trees/abc").reply(200, { tree: [], truncated: false });
    assert.deepEqual(await forge.readTree(at, "abc"), []);
  });
});

it("a folder that GitHub does not list whole is an error, not a shorter folder", async () => {
  const forge = await connect();
  const cut = { tree: [{ path: "a", mode: "100644", type: "blob", sha: "1", size: 1 }], truncated: true };
  server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(200, cut);
  server.get("/repos/acme/platform/git/trees/abc").reply(200, cut);
  await assert.rejects(forge.readTree(at, "abc"), /too large/);
});

describe("T23: the token", () => {
  it("asks for less where an installation has not granted what is only welcome", async () => {
    const asked: string[][] = [];
    const permissions = { contents: "write", merge_queues: "write", statuses: "none" };
    server.get("/app/installations/3").reply(200, { id: 3, permissions });
    server
      .post("/app/installations/3/access_tokens", (body) => asked.push(Object.keys(body.permissions)) > 0)
      .reply(422, { message: "The permissions requested are not granted to this installation." });
    server
      .post("/app/installations/3/access_tokens", (body) => asked.push(Object.keys(body.permissions)) > 0)
      .reply(201, { token: "ghs_x", expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(200, { tree: [], truncated: false });
    const forge = createGithubForge(await connectTo(github));
    await forge.readTree(at, "abc");
    assert.deepEqual([...new Set(asked.map((one) => one.length))], [9, 6]);
    assert.ok(asked.at(-1)?.includes("merge_queues"));
  });

  it("is minted again before it ends, and not before", async () => {
    let now = Date.now();
    const settings = { ...(await connectTo(github)).settings, now: () => now };
    const forge = createGithubForge(await connectGithub(settings));
    for (const minutes of [0, 54, 56]) {
      if (minutes !== 54) {
        const expires = new Date(now + (minutes + 60) * 60_000).toISOString();
        server.post("/app/installations/3/access_tokens").reply(201, { token: "ghs_x", expires_at: expires });
      }
      const start = now;
      now = start + minutes * 60_000;
      server.get("/repos/acme/platform/git/trees/abc?recursive=1").reply(200, { tree: [], truncated: false });
      await forge.readTree(at, "abc");
      assert.deepEqual(nock.pendingMocks(), []);
      now = start;
    }
  });

  it("is not asked for without a webhook secret of our own", async () => {
    for (const webhookSecret of ["", "development"]) {
      await assert.rejects(connectTo({ ...github, webhookSecret }), /WEBHOOK_SECRET/);
    }
  });
});

describe("a text counts only if its bytes hash to its id", () => {
  const id = (bytes: Buffer) => createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  const blob = (text: string | null, byteSize = 10) => ({ byteSize, isBinary: false, isTruncated: false, text });
  const cases: readonly {
    readonly name: string;
    readonly bytes: Buffer;
    readonly shown: object | null;
    readonly rest?: { readonly bytes: Buffer };
    readonly expected: object;
  }[] = [
    { name: "plain", bytes: Buffer.from("a\r\n"), shown: blob("a\r\n"), expected: { kind: "known", value: "a\r\n" } },
    {
      name: "a byte order mark that GraphQL drops",
      bytes: Buffer.from("\ufeffa\n"),
      shown: blob("a\n"),
      rest: { bytes: Buffer.from("\ufeffa\n") },
      expected: { kind: "known", value: "\ufeffa\n" },
    },
    {
      name: "a text that was cut",
      bytes: Buffer.from("long"),
      shown: { ...blob("lo"), isTruncated: true },
      rest: { bytes: Buffer.from("long") },
      expected: { kind: "known", value: "long" },
    },
    {
      name: "other bytes than asked for",
      bytes: Buffer.from("wanted"),
      shown: blob("other"),
      rest: { bytes: Buffer.from("other") },
      expected: { kind: "unknown", why: "its bytes do not hash to its id" },
    },
    {
      name: "no UTF-8",
      bytes: Buffer.from([0xff, 0x61]),
      shown: blob("\ufffda"),
      rest: { bytes: Buffer.from([0xff, 0x61]) },
      expected: { kind: "unknown", why: "it is not UTF-8 text" },
    },
    {
      name: "binary",
      bytes: Buffer.from("x"),
      shown: { ...blob(null), isBinary: true },
      expected: { kind: "unknown", why: "it is not text" },
    },
    {
      name: "T17: too large",
      bytes: Buffer.from("x"),
      shown: blob(null, 6_000_000),
      expected: { kind: "unknown", why: "it has 6000000 bytes, more than the 5242880 that are read" },
    },
    {
      name: "gone",
      bytes: Buffer.from("x"),
      shown: null,
      expected: { kind: "unknown", why: "GitHub has no such file content" },
    },
  ];
  for (const { name, bytes, shown, rest, expected } of cases) {
    it(name, async () => {
      const forge = await connect();
      const oid = id(bytes);
      server.post("/graphql").reply(200, { data: { repository: { blob0: shown } } });
      if (rest) {
        const content = rest.bytes.toString("base64");
        server.get(`/repos/acme/platform/git/blobs/${oid}`).reply(200, { content, encoding: "base64" });
      }
      assert.deepEqual((await forge.readBlobs(at, [oid, oid])).get(oid), expected);
    });
  }
});
