import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { REFUSED_COPIES } from "../../src/registry/refuse-copies.ts";
import { clientFor, STABLE, setUpCopy } from "./set-up-copy.ts";
import { ASKER } from "./set-up-registry.ts";

const MULTI = { platforms: ["linux/amd64", "linux/arm64"], attested: true };
const PUSHER = { username: "pusher", password: "battery staple" };
const PUSH = { ...STABLE, auth: { kind: "password", ...PUSHER } } as const;

function whyOf(outcome: { readonly kind: string; readonly why?: string }): string {
  return `${outcome.kind}: ${outcome.why ?? ""}`;
}

describe("a digest gets a name", () => {
  test("in its own repository: one manifest is written, as it is", async () => {
    const { source, copy, named, digest } = await setUpCopy({ pushed: MULTI, line: { prefix: "acme/checkout" } });
    const image = `${source.host}/acme/checkout`;
    const outcome = await copy({ image });
    assert.deepEqual(outcome, {
      kind: "done",
      work: { way: "named", manifests: 1, mounted: 0, copied: 0, present: 0, bytes: 0 },
    });
    assert.equal(named("v1.8.0-stable", "acme/checkout"), digest);
    const writes = source.requests().filter(({ method }) => method !== "GET" && method !== "HEAD");
    assert.deepEqual(
      writes.map(({ method, path }) => `${method} ${path}`),
      ["PUT /v2/acme/checkout/manifests/v1.8.0-stable"],
    );
    assert.deepEqual(await copy({ image }), { kind: "already-so" });
  });

  test("in another repository of its registry: no blob travels", async () => {
    const { target, copy, named, digest } = await setUpCopy({ pushed: MULTI });
    const outcome = await copy();
    // A layer and two configurations of the image, the statement and its configuration.
    const work = { way: "within", manifests: 4, mounted: 5, copied: 0, present: 0, bytes: 0 };
    assert.deepEqual(outcome, { kind: "done", work });
    assert.equal(named(), digest);
    assert.deepEqual(target.uploaded(), []);
  });

  test("in another registry: every blob once, children before their index, attestations and nested indexes with it", async () => {
    const { target, copy, named, digest } = await setUpCopy({ to: {}, pushed: { ...MULTI, nested: true } });
    const outcome = await copy();
    assert.equal(outcome.kind, "done");
    if (outcome.kind !== "done") return;
    assert.equal(outcome.work.copied, 5);
    assert.equal(outcome.work.manifests, 5);
    assert.equal(named(), digest);
    assert.equal(new Set(target.uploaded()).size, 5);
    const writes = target.requests().filter(({ method }) => method === "PUT");
    assert.match(writes.at(-1)?.path ?? "", /manifests\/v1\.8\.0-stable$/, "the name comes last");
  });

  test("what is there already is not sent again", async () => {
    const { target, copy } = await setUpCopy({ to: {}, pushed: MULTI });
    await copy();
    const sent = target.uploaded().length;
    const outcome = await copy({ tag: "v1.8.1-stable" });
    assert.deepEqual(outcome.kind === "done" && outcome.work, {
      ...{ way: "across", manifests: 1, mounted: 0, copied: 0, present: 5, bytes: 0 },
    });
    assert.equal(target.uploaded().length, sent);
  });

  test("a look at what would be done writes nothing", async () => {
    const { target, copy, named } = await setUpCopy({ to: {}, pushed: MULTI });
    const outcome = await copy({}, { pretend: true });
    assert.equal(outcome.kind === "done" && outcome.work.copied, 5);
    assert.equal(named(), undefined);
    assert.ok(target.requests().every(({ method }) => method === "GET" || method === "HEAD"));
  });
});

describe("as whom", () => {
  for (const auth of ["basic", "token"] as const) {
    test(`those who may write do, and nobody else (${auth})`, async () => {
      const options = { auth, pusher: PUSHER };
      const { copy, named, digest, target } = await setUpCopy({ to: options, pushed: MULTI, line: { push: PUSH } });
      assert.equal((await copy()).kind, "done");
      assert.equal(named(), digest);
      assert.equal(target.uploaded().length, 5);
      const reading = await setUpCopy({ to: options, pushed: MULTI });
      assert.match(
        whyOf(await reading.copy()),
        /the credentials of the operator's settings may not write to live\/checkout/,
      );
      assert.equal(reading.named(), undefined);
    });
  }

  test("a mount asks for reading the one repository and writing the other, and no more", async () => {
    const options = { auth: "token", pusher: PUSHER } as const;
    const { copy, target } = await setUpCopy({ from: options, pushed: MULTI, line: { push: PUSH } });
    // Where the reading line has no credentials of the registry, the source cannot be read.
    const outcome = await copy();
    assert.equal(outcome.kind, "done", whyOf(outcome));
    assert.deepEqual(target.uploaded(), []);
    const asked = target
      .requests()
      .filter(({ path }) => path.startsWith("/token"))
      .map(({ path }) => new URL(path, "http://registry").searchParams.getAll("scope").join(" "));
    assert.deepEqual([...new Set(asked)].sort(), [
      "repository:acme/checkout:pull",
      "repository:live/checkout:pull,push repository:acme/checkout:pull",
    ]);
  });

  const rows = [
    { name: "no line", line: { for: ["other/*"] }, why: /no line of `registries` .* lets acme\/platform-config write/ },
    {
      name: "a line for reading",
      line: { push: undefined },
      why: /`push: \{ tags: .* in the line of that registry would/,
    },
    { name: "another tag", tag: "latest", why: /only tags be written to .* that match `v\.\*-stable`/ },
    { name: "a tag that only begins so", tag: "v1-stable-but-not", why: /only tags be written/ },
    { name: "no tag at all", tag: "a b", why: /is not a tag/ },
  ];
  for (const { name, line, tag, why } of rows) {
    test(`nothing is written where the operator does not say so: ${name}`, async () => {
      const { copy, target, client } = await setUpCopy({ to: {}, ...(line && { line: line as object }) });
      const outcome = await copy(tag === undefined ? {} : { tag });
      assert.equal(outcome.kind, "refused");
      assert.match(whyOf(outcome), why);
      assert.deepEqual(target.requests(), [], "nobody is asked");
      const request = { asker: ASKER, image: `${target.host}/live/checkout`, tag: tag ?? "v1.8.0-stable" };
      assert.match(whyOf(client.mayName(request)), why);
    });
  }
});

test("whoever only looks writes nothing, even if they try", async () => {
  const { client, source, target, digest } = await setUpCopy({ to: {} });
  const preview = { ...client, ...REFUSED_COPIES };
  const from = { image: `${source.host}/acme/checkout`, digest };
  const to = { image: `${target.host}/live/checkout`, tag: "v1.8.0-stable" };
  await assert.rejects(preview.copyImage({ asker: ASKER, from, to }), /A preview writes nothing\./);
  assert.deepEqual(target.requests(), []);
});

describe("a name that exists", () => {
  test("does not move", async () => {
    const { target, copy, named } = await setUpCopy();
    const other = await target.push({ repository: "live/checkout", tag: "v1.8.0-stable", digestSeed: "another" });
    assert.match(whyOf(await copy()), /refused: .*live\/checkout:v1\.8\.0-stable names sha256:.* already/);
    assert.equal(named(), other);
    assert.deepEqual(target.uploaded(), []);
  });

  test("may be locked by the registry, which is told", async () => {
    const { target, copy } = await setUpCopy({ to: {} });
    target.fail({ kind: "immutable" }, ({ method }) => method === "PUT");
    assert.match(whyOf(await copy()), /refused: .* answered 409 \(TAG_IMMUTABLE\)/);
  });
});

describe("what goes wrong on the way leaves no name and no doubt", () => {
  const put = (part: string) => (request: { method: string; path: string }) =>
    request.method === "PUT" && request.path.includes(part);
  const blobs = ({ method, path }: { method: string; path: string }) => method === "GET" && path.includes("/blobs/");

  test("a reply that is lost after the name was written is looked for", async () => {
    const { target, copy, named, digest } = await setUpCopy({ to: {} });
    target.fail({ kind: "lost-reply" }, put("/manifests/v1.8.0-stable"));
    assert.equal((await copy()).kind, "done");
    assert.equal(named(), digest);
    assert.equal(target.requests().filter(put("/manifests/v1.8.0-stable")).length, 1, "it is sent once");
  });

  test("so is one that is lost after a blob, and after a child", async () => {
    for (const part of ["/blobs/uploads/", "/manifests/sha256"]) {
      const { target, copy, named, digest } = await setUpCopy({ to: {}, pushed: MULTI });
      target.fail({ kind: "lost-reply" }, put(part));
      const outcome = await copy();
      assert.equal(outcome.kind, "done", whyOf(outcome));
      assert.equal(named(), digest);
    }
  });

  test("a registry that fails in the middle is tried again, and goes on from there", async () => {
    const { target, copy, named, digest } = await setUpCopy({ to: {}, pushed: MULTI });
    let count = 0;
    target.fail({ kind: "status", status: 503 }, (request) => put("/blobs/uploads/")(request) && ++count === 3);
    assert.match(whyOf(await copy()), /unknown: .* answered 503/);
    assert.equal(named(), undefined);
    target.fail();
    const outcome = await copy();
    assert.deepEqual(outcome.kind === "done" && [outcome.work.present, outcome.work.copied], [2, 3]);
    assert.equal(named(), digest);
  });

  test("where a mount is not taken, the bytes travel", async () => {
    for (const refuse of [{ kind: "no-mount" }, { kind: "status", status: 403, code: "DENIED" }] as const) {
      const { target, copy, named, digest } = await setUpCopy();
      target.fail(refuse, ({ path }) => path.includes("mount="));
      const outcome = await copy();
      assert.deepEqual(outcome.kind === "done" && [outcome.work.mounted, outcome.work.copied], [0, 2]);
      assert.equal(named(), digest);
    }
  });

  test("T20, T21: an upload goes nowhere but to the registry, or to a public address, and then without credentials", async () => {
    const rows = [
      { to: "http://169.254.169.254/upload", why: /sends an upload to an address without https/ },
      { to: "https://10.0.0.7/upload", why: /sends an upload to an address that is not public/ },
      { to: "https://u:p@storage.example/upload", why: /with credentials in it/ },
    ];
    for (const { to, why } of rows) {
      const { target, copy, named } = await setUpCopy({ to: { auth: "basic" } });
      target.fail({ kind: "upload-elsewhere", to });
      assert.match(whyOf(await copy()), why);
      assert.equal(named(), undefined);
    }
    const seen: (string | null)[] = [];
    const elsewhere: typeof fetch = async (input, init) => {
      if (!String(input).startsWith("https://storage.example/")) return fetch(input, init);
      seen.push(new Headers(init?.headers).get("authorization"));
      return new Response(null, { status: 500 });
    };
    const client = { fetch: elsewhere, lookup: async () => ["93.184.216.34"] };
    const { target, copy } = await setUpCopy({ to: { auth: "basic" }, client });
    target.fail({ kind: "upload-elsewhere", to: "https://storage.example/upload" });
    assert.match(whyOf(await copy()), /unknown: storage\.example answered 500/);
    assert.deepEqual(seen, [null]);
  });

  const sources = [
    { fault: { kind: "other-bytes" }, why: /sent bytes that are not those of sha256/ },
    { fault: { kind: "flood" }, why: /sent more than the \d+ bytes of sha256/ },
    { fault: { kind: "page" }, why: /sent (only|more|bytes)/ },
    { fault: { kind: "stall" }, why: /nothing moved for 0\.3 s/ },
    { fault: { kind: "reset" }, why: /closed the connection early/ },
    { fault: { kind: "status", status: 404 }, why: /refused: .* has no sha256/ },
  ] as const;
  for (const { fault, why } of sources) {
    test(`bytes that cannot be proven do not arrive: ${fault.kind}`, async () => {
      const { source, target, copy, named } = await setUpCopy({ to: {} });
      source.fail(fault, blobs);
      assert.match(whyOf(await copy()), why);
      assert.equal(named(), undefined);
      assert.deepEqual(target.uploaded(), []);
    });
  }

  test("a registry may take its time to put a blob away, but not for ever", async () => {
    const patient = await setUpCopy({ to: {}, client: { idle: 100, commit: 5_000 } });
    patient.target.fail({ kind: "slow", milliseconds: 300 }, put("/blobs/uploads/"));
    assert.equal((await patient.copy()).kind, "done");
    assert.equal(patient.named(), patient.digest);
    const hurried = await setUpCopy({ to: {}, client: { idle: 100, commit: 200 } });
    hurried.target.fail({ kind: "hang" }, put("/blobs/uploads/"));
    assert.match(whyOf(await hurried.copy()), /unknown: nothing moved for 0\.2 s/);
  });

  test("an upload that is redirected is not sent on", async () => {
    const { target, copy, named } = await setUpCopy({ to: {} });
    const redirect = { kind: "status", status: 307, headers: { location: "/elsewhere" } } as const;
    target.fail(redirect, put("/blobs/uploads/"));
    assert.match(whyOf(await copy()), /unknown: .* redirects an upload, which is not followed/);
    assert.equal(named(), undefined);
    assert.ok(target.requests().every(({ path }) => path !== "/elsewhere"));
  });

  test("time runs out", async () => {
    const { source, copy } = await setUpCopy({ to: {}, client: { idle: 60_000, timeout: 60_000 } });
    source.fail({ kind: "stall" }, blobs);
    assert.match(whyOf(await copy({}, { within: 200 })), /the time for one copy is over/);
  });

  test("more than the operator allows is not sent", async () => {
    const { target, copy } = await setUpCopy({ to: {}, pushed: MULTI, line: { push: { ...STABLE, most: 200 } } });
    assert.match(whyOf(await copy()), /refused: it is .*, and the operator's settings let 200 bytes be sent at once/);
    assert.deepEqual(target.uploaded(), []);
    const within = await setUpCopy({ pushed: MULTI, line: { push: { ...STABLE, most: 200 } } });
    within.target.fail({ kind: "no-mount" });
    assert.match(whyOf(await within.copy()), /refused: it would send more than the operator's settings allow/);
  });

  test("a digest that is not there, and an index whose child is not there", async () => {
    const { client, source, target, digest } = await setUpCopy({ to: {}, pushed: MULTI });
    const from = { image: `${source.host}/acme/checkout`, digest: `sha256:${"0".repeat(64)}` };
    const to = { image: `${target.host}/live/checkout`, tag: "v1.8.0-stable" };
    assert.match(whyOf(await client.copyImage({ asker: ASKER, from, to })), /refused: .* has no sha256:0000/);
    let manifests = 0;
    source.fail({ kind: "status", status: 404 }, ({ path }) => path.includes("/manifests/") && ++manifests === 3);
    assert.match(
      whyOf(await client.copyImage({ asker: ASKER, from: { ...from, digest }, to })),
      /refused: .* has no sha256/,
    );
  });

  test("a source that nobody may read", async () => {
    const { source, target, digest } = await setUpCopy({ to: {} });
    const client = clientFor([{ host: target.host, prefix: "", for: ["*"], insecure: true, every: 1, push: STABLE }]);
    const from = { image: `${source.host}/acme/checkout`, digest };
    const to = { image: `${target.host}/live/checkout`, tag: "1.8.0" };
    assert.match(whyOf(await client.copyImage({ asker: ASKER, from, to })), /refused: no line .* read acme\/checkout/);
  });
});
