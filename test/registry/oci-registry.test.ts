import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import { ANY, ASKER, credentials, NOW, setUp, WRONG } from "./set-up-registry.ts";

describe("resolving a tag", () => {
  test("gives the digest of a single image by one HEAD", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.8.0" }), { kind: "known", value: digest });
    assert.deepEqual(registry.requests(), [
      { method: "HEAD", path: "/v2/acme/checkout/manifests/1.8.0", authorization: "none" },
    ]);
  });

  test("gives the digest of the index, not of a platform", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({
      repository: "acme/checkout",
      tag: "1.8.0",
      platforms: ["linux/amd64", "linux/arm64"],
    });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.8.0" }), { kind: "known", value: digest });
  });

  test("hashes the bytes where the registry names no digest", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({ kind: "no-digest" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.8.0" }), { kind: "known", value: digest });
    assert.equal(registry.requests().length, 2);
  });

  test("asks by GET where HEAD is not served", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({ kind: "no-head" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.8.0" }), { kind: "known", value: digest });
  });

  test("knows that there is no such tag, in two requests", async () => {
    const { registry, client, ask } = await setUp();
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.9.0" }), { kind: "known", value: undefined });
    assert.equal(registry.requests().length, 2);
  });

  test("follows a tag that was moved and one that was removed", async () => {
    const { registry, client, ask } = await setUp();
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const newer = await registry.push({ repository: "acme/checkout", tag: "1.9.0" });
    await registry.retag({ repository: "acme/checkout", from: "1.8.0", to: "stable" });
    await registry.retag({ repository: "acme/checkout", from: "1.9.0", to: "stable" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "stable" }), { kind: "known", value: newer });
    await registry.remove({ repository: "acme/checkout", tag: "stable" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.9.0" }), { kind: "known", value: undefined });
  });

  test("does not ask for what is no tag", async () => {
    const { registry, client, ask } = await setUp();
    const answer = await client.resolveTag({ ...ask, tag: "../../_catalog" });
    assert.equal(answer.kind, "unknown");
    assert.deepEqual(registry.requests(), []);
  });
});

describe("listing tags", () => {
  test("reads every page and drops what is no tag", async () => {
    const { registry, client, ask } = await setUp({ pageSize: 7 });
    const tags = Array.from({ length: 50 }, (_, minor) => `1.${minor}.0`);
    for (const tag of tags) await registry.push({ repository: "acme/checkout", tag });
    const answer = await client.listTags(ask);
    assert.equal(answer.kind, "known");
    assert.deepEqual(answer.kind === "known" && [...answer.value.tags].sort(), tags.sort());
    assert.equal(registry.requests().length, 8);
    registry.fail({ kind: "json", value: { tags: ["1.0.0", "sha256:abc", 7, null, "a b", "__proto__"] } });
    assert.deepEqual(await client.listTags(ask), { kind: "known", value: { tags: ["1.0.0", "__proto__"] } });
  });

  test("asks only whether an earlier list still holds, where the registry has names for its lists", async () => {
    const { registry, client, ask } = await setUp({ etags: true });
    await registry.push({ repository: "acme/checkout", tag: "1.7.0" });
    const first = await client.listTags(ask);
    assert.ok(first.kind === "known" && first.value.etag !== undefined);
    // What comes back is what was handed in: nothing but 304 was sent.
    const earlier = { ...first.value, tags: ["1.7.0", "remembered"] };
    assert.deepEqual(await client.listTags({ ...ask, earlier }), { kind: "known", value: earlier });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const after = await client.listTags({ ...ask, earlier });
    assert.deepEqual(after.kind === "known" && after.value.tags, ["1.7.0", "1.8.0"]);
  });

  test("believes no 304 that nobody asked for, and names no list of several pages", async () => {
    const { registry, client, ask } = await setUp({ etags: true, pageSize: 1 });
    await registry.push({ repository: "acme/checkout", tag: "1.7.0" });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const paged = await client.listTags(ask);
    assert.deepEqual(paged, { kind: "known", value: { tags: ["1.7.0", "1.8.0"] } });
    registry.fail({ kind: "status", status: 304 });
    const answer = await client.listTags({ ...ask, earlier: { tags: ["1.7.0"] } });
    assert.match(answer.kind === "unknown" ? answer.why : "", /answered 304/);
  });

  test("reads `tags: null` as no tags", async () => {
    const { registry, client, ask } = await setUp();
    registry.fail({ kind: "json", value: { name: "acme/checkout", tags: null } });
    assert.deepEqual(await client.listTags(ask), { kind: "known", value: { tags: [] } });
  });

  const next = (target: string) => ({ link: `<${target}>; rel="next"` });
  const links = [
    { name: "T21: a next page at another host gets no request", link: "https://attacker.example/v2/x/tags/list" },
    { name: "T21: a next page at another port gets no request", link: "http://127.0.0.1:1/v2/x/tags/list" },
    { name: "T21: a next page with credentials in it gets no request", link: "http://a:b@127.0.0.1/v2/x" },
    { name: "a circle of pages ends", link: "/v2/acme/checkout/tags/list?n=1000" },
  ];
  for (const { name, link } of links) {
    test(name, async () => {
      const { registry, client, ask } = await setUp();
      registry.fail({ kind: "json", value: { tags: ["1.0.0"] }, headers: next(link) });
      const answer = await client.listTags(ask);
      assert.equal(answer.kind, "unknown");
      assert.equal(registry.requests().length, 1);
    });
  }
});

describe("when an image was built", () => {
  const rows: readonly {
    name: string;
    created?: string;
    platforms?: string[];
    value: number | undefined;
    requests: number;
  }[] = [
    {
      name: "its configuration says",
      created: "2026-11-19T08:30:00.123456789Z",
      value: Date.UTC(2026, 10, 19, 8, 30, 0, 123),
      requests: 2,
    },
    {
      name: "the configuration of a platform says",
      created: "2026-11-19T08:30:00+02:00",
      platforms: ["linux/arm64", "linux/amd64"],
      value: Date.UTC(2026, 10, 19, 6, 30),
      requests: 3,
    },
    { name: "it does not say", value: undefined, requests: 2 },
    { name: "1970 says nothing", created: "1970-01-01T00:00:00Z", value: undefined, requests: 2 },
    { name: "1980 says nothing", created: "1980-01-01T00:00:01Z", value: undefined, requests: 2 },
    { name: "year 1 says nothing", created: "0001-01-01T00:00:00Z", value: undefined, requests: 2 },
    { name: "the far future says nothing", created: "2031-01-01T00:00:00Z", value: undefined, requests: 2 },
    { name: "words say nothing", created: "yesterday", value: undefined, requests: 2 },
  ];
  for (const { name, created, platforms, value, requests } of rows) {
    test(name, async () => {
      const { registry, client, ask } = await setUp();
      const push = {
        repository: "acme/checkout",
        tag: "1.8.0",
        ...(created && { created }),
        ...(platforms && { platforms }),
      };
      const digest = await registry.push(push);
      assert.deepEqual(await client.readCreated({ ...ask, digest }), { kind: "known", value });
      assert.equal(registry.requests().length, requests);
    });
  }

  test("bytes that are not those of the digest are not read", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({
      kind: "json",
      value: { schemaVersion: 2, annotations: { "org.opencontainers.image.created": "2026-11-19T08:30:00Z" } },
    });
    const answer = await client.readCreated({ ...ask, digest });
    assert.match(answer.kind === "unknown" ? answer.why : "", /bytes that are not those of sha256:/);
  });
});

describe("what may be asked", () => {
  const base = { now: () => NOW, userAgent: "stagecoach-test" };

  test("T20: a registry that the operator did not name gets no request, and the missing line is told", async () => {
    const { registry, client } = await setUp();
    const answer = await client.listTags({ image: "registry.internal.example/acme/checkout", asker: ASKER });
    assert.match(
      answer.kind === "unknown" ? answer.why : "",
      /no line of `registries`.*`\{ host: "registry\.internal\.example", for: \["acme\/platform-config"\] \}` would/,
    );
    assert.deepEqual(registry.requests(), []);
  });

  test("T20: a line that is for others or for other repositories does not count", async () => {
    const { registry, client, image } = await setUp({ line: { prefix: "acme/" } });
    const others = { image, asker: "mallory/config" };
    const elsewhere = { image: `${registry.host}/acmecorp/checkout`, asker: ASKER };
    assert.equal((await client.listTags(others)).kind, "unknown");
    assert.equal((await client.listTags(elsewhere)).kind, "unknown");
    assert.deepEqual(registry.requests(), []);
  });

  test("the most specific line counts", async () => {
    const { registry, image } = await setUp({ auth: "basic" });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const line = { ...ANY, host: registry.host, insecure: true, for: ["*"] };
    const client = createOciRegistry({
      ...base,
      registries: [
        { ...line, ...WRONG },
        { ...line, prefix: "acme/", ...credentials(registry) },
      ],
    });
    assert.equal((await client.listTags({ image, asker: ASKER })).kind, "known");
  });

  test("public registries are asked without a line, docker.io at its own address", async () => {
    const seen: string[] = [];
    const refuse: typeof fetch = async (url) => {
      seen.push(String(url));
      return new Response(JSON.stringify({ tags: ["1.0.0"] }), { headers: { "content-type": "application/json" } });
    };
    const client = createOciRegistry({ ...base, registries: [], fetch: refuse });
    for (const image of ["docker.io/library/nginx", "ghcr.io/acme/x", "europe-docker.pkg.dev/p/r/i"]) {
      assert.equal((await client.listTags({ image, asker: ASKER })).kind, "known");
    }
    assert.deepEqual(seen, [
      "https://registry-1.docker.io/v2/library/nginx/tags/list?n=1000",
      "https://ghcr.io/v2/acme/x/tags/list?n=1000",
      "https://europe-docker.pkg.dev/v2/p/r/i/tags/list?n=1000",
    ]);
    const strict = createOciRegistry({ ...base, registries: [], publicHosts: [], fetch: refuse });
    assert.equal((await strict.listTags({ image: "ghcr.io/acme/x", asker: ASKER })).kind, "unknown");
    assert.equal(seen.length, 3);
  });
});
