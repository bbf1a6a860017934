import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import { ANY, ASKER, NOW, setUp } from "./set-up-registry.ts";

describe("a registry that fails", () => {
  const rows = [
    { fault: { kind: "status", status: 404, code: "NAME_UNKNOWN" }, why: /answered 404 \(NAME_UNKNOWN\)/ },
    { fault: { kind: "status", status: 404 }, why: /answered 404$/ },
    { fault: { kind: "status", status: 403, code: "DENIED" }, why: /answered 403/ },
    { fault: { kind: "status", status: 401 }, why: /answered 401 without saying how to authenticate/ },
    { fault: { kind: "status", status: 500 }, why: /answered 500/ },
    { fault: { kind: "status", status: 503 }, why: /answered 503/ },
    {
      fault: { kind: "status", status: 429, headers: { "retry-after": "30" } },
      why: /answered 429 \(too many requests\) and asks to wait 30 s/,
    },
    {
      fault: { kind: "status", status: 307, headers: { location: "http://169.254.169.254/" } },
      why: /redirects to an address without https/,
    },
    {
      fault: { kind: "status", status: 307, headers: { location: "https://169.254.169.254/" } },
      why: /redirects to an address that is not public/,
    },
    {
      fault: { kind: "status", status: 307, headers: { location: "https://[::ffff:10.0.0.1]/" } },
      why: /redirects to an address that is not public/,
    },
    {
      fault: { kind: "status", status: 307, headers: { location: "https://inside.example/" } },
      why: /redirects to an address that is not public/,
    },
    { fault: { kind: "status", status: 307, headers: { location: "/again" } }, why: /redirected more than 3 times/ },
    { fault: { kind: "status", status: 302 }, why: /redirects without saying where to/ },
    { fault: { kind: "reset" }, why: /closed the connection early/ },
    { fault: { kind: "hang" }, why: /did not answer within 0.2 s/ },
    { fault: { kind: "page" }, why: /something else than/ },
  ] as const;
  for (const { fault, why } of rows) {
    test(`is unknown, never empty: ${JSON.stringify(fault)}`, async () => {
      const lookup = async () => ["10.0.0.7"];
      const { registry, client, ask } = await setUp({ client: { lookup, timeout: 200 } });
      await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
      registry.fail(fault);
      const [resolved, listed] = [await client.resolveTag({ ...ask, tag: "1.8.0" }), await client.listTags(ask)];
      assert.match(resolved.kind === "unknown" ? resolved.why : "known", why);
      assert.equal(listed.kind, "unknown");
      if (resolved.kind === "unknown") assert.ok(resolved.why.includes(registry.host), "the sentence names the host");
    });
  }

  test("a body without end is cut", async () => {
    const { registry, client, ask } = await setUp({ client: { timeout: 10_000 } });
    registry.fail({ kind: "flood" });
    const answer = await client.listTags(ask);
    assert.match(answer.kind === "unknown" ? answer.why : "", /answered more than 4 MiB/);
  });

  test("is left alone for as long as it asks", async () => {
    let now = NOW;
    const { registry, client, ask } = await setUp({ client: { now: () => now } });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({ kind: "status", status: 429, headers: { "retry-after": "30" } });
    await client.listTags(ask);
    registry.fail();
    now += 29_000;
    assert.equal((await client.listTags(ask)).kind, "unknown");
    assert.equal(registry.requests().length, 1);
    now += 2_000;
    assert.equal((await client.listTags(ask)).kind, "known");
  });

  test("a registry that is not there is told so", async () => {
    const { registry, client, ask } = await setUp();
    await registry.close();
    const answer = await client.listTags(ask);
    assert.equal(answer.kind === "unknown" && answer.why, `${registry.host} refused the connection`);
  });
});

describe("redirects", () => {
  test("T21: credentials stay with the origin that they are for", async () => {
    const seen: string[] = [];
    const places: Readonly<Record<string, string>> = {
      "https://registry.example/v2/acme/checkout/tags/list?n=1000": "/elsewhere",
      "https://registry.example/elsewhere": "https://storage.example/tags",
    };
    const fetched: typeof fetch = async (input, init) => {
      const url = String(input);
      seen.push(`${url} ${new Headers(init?.headers).get("authorization")}`);
      const location = places[url];
      return location === undefined
        ? Response.json({ tags: ["1.0.0"] })
        : new Response(null, { status: 307, headers: { location } });
    };
    const client = createOciRegistry({
      registries: [{ ...ANY, host: "registry.example", for: ["*"], auth: { kind: "token", token: "t0ken" } }],
      now: () => NOW,
      userAgent: "stagecoach-test",
      fetch: fetched,
      lookup: async () => ["93.184.216.34"],
    });
    const answer = await client.listTags({ image: "registry.example/acme/checkout", asker: ASKER });
    assert.deepEqual(answer, { kind: "known", value: { tags: ["1.0.0"] } });
    assert.deepEqual(seen, [
      "https://registry.example/v2/acme/checkout/tags/list?n=1000 Bearer t0ken",
      "https://registry.example/elsewhere Bearer t0ken",
      "https://storage.example/tags null",
    ]);
  });
});
