import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RegistrySettings } from "../../src/domain/settings.ts";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import { ANY, ASKER, credentials, NOW, open, RIGHT, setUp, WRONG } from "./set-up-registry.ts";

describe("authentication", () => {
  test("answers a token challenge once and keeps the token for its repository", async () => {
    const { registry, client, ask } = await setUp({ auth: "token", line: RIGHT });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await client.resolveTag({ ...ask, tag: "1.8.0" });
    await client.resolveTag({ ...ask, tag: "1.8.0" });
    assert.deepEqual(
      registry
        .requests()
        .map(
          ({ method, path, authorization }) =>
            `${method} ${path.replace(/%3A/g, ":").replace(/%2F/g, "/")} ${authorization}`,
        ),
      [
        "HEAD /v2/acme/checkout/manifests/1.8.0 none",
        "GET /token?service=test-registry&scope=repository:acme/checkout:pull basic",
        "HEAD /v2/acme/checkout/manifests/1.8.0 bearer",
        "HEAD /v2/acme/checkout/manifests/1.8.0 bearer",
      ],
    );
  });

  test("asks for a new token when the old one has run out", async () => {
    let now = NOW;
    const { registry, client, ask } = await setUp({ auth: "token", line: RIGHT, client: { now: () => now } });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await client.resolveTag({ ...ask, tag: "1.8.0" });
    now += 299_000;
    await client.resolveTag({ ...ask, tag: "1.8.0" });
    assert.equal(registry.requests().filter(({ path }) => path.startsWith("/token")).length, 2);
  });

  test("asks for one token, however many ask at once", async () => {
    const { registry, client, ask } = await setUp({ auth: "token", line: RIGHT });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await Promise.all([1, 2, 3, 4].map(() => client.resolveTag({ ...ask, tag: "1.8.0" })));
    assert.equal(registry.requests().filter(({ path }) => path.startsWith("/token")).length, 1);
  });

  test("takes a token without credentials where the registry gives one", async () => {
    const { registry, client, ask } = await setUp({ auth: "token", anonymous: true });
    const value = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.8.0" }), { kind: "known", value });
  });

  test("answers a basic challenge, and then without being asked", async () => {
    const { registry, client, ask } = await setUp({ auth: "basic", line: RIGHT });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    await client.resolveTag({ ...ask, tag: "1.8.0" });
    await client.listTags(ask);
    assert.deepEqual(
      registry.requests().map(({ authorization }) => authorization),
      ["none", "basic", "basic"],
    );
  });

  const refused = [
    {
      name: "a wrong password at the realm",
      auth: "token",
      line: WRONG,
      why: /answered 401: the credentials of the operator's settings may not read acme\/checkout/,
    },
    {
      name: "a wrong password at the registry",
      auth: "basic",
      line: WRONG,
      why: /answered 401.*the credentials of the operator's settings may not read acme\/checkout/,
    },
    {
      name: "no credentials at the realm",
      auth: "token",
      line: {},
      why: /does not let anybody read acme\/checkout without credentials/,
    },
    {
      name: "no credentials at the registry",
      auth: "basic",
      line: {},
      why: /the operator's settings name none for it/,
    },
    {
      name: "a wrong token",
      auth: "token",
      line: { auth: { kind: "token", token: "hunter2-is-wrong" } },
      why: /refuses the token/,
    },
  ] as const;
  for (const { name, auth, line, why } of refused) {
    test(`T22: ${name} is told without the secret`, async () => {
      const { client, ask } = await setUp({ auth, line });
      const answer = await client.resolveTag({ ...ask, tag: "1.8.0" });
      assert.match(answer.kind === "unknown" ? answer.why : "", why);
      assert.doesNotMatch(JSON.stringify(answer), /hunter2|Basic |Bearer |aHVudGVy/);
    });
  }

  test("one asker's token is not another asker's", async () => {
    const registry = await open({ auth: "token" });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const lines: RegistrySettings[] = [
      { ...ANY, host: registry.host, insecure: true, for: ["acme/*"], ...credentials(registry) },
      { ...ANY, host: registry.host, insecure: true, for: ["other/*"] },
    ];
    const client = createOciRegistry({ registries: lines, now: () => NOW, userAgent: "stagecoach-test" });
    const request = { image: `${registry.host}/acme/checkout`, tag: "1.8.0" };
    assert.equal((await client.resolveTag({ ...request, asker: ASKER })).kind, "known");
    assert.equal((await client.resolveTag({ ...request, asker: "other/config" })).kind, "unknown");
  });

  const realms = [
    { name: "another host", realm: "https://attacker.example/token" },
    { name: "another host that looks like it", realm: "http://127.0.0.1.attacker.example/token" },
    { name: "an address with credentials", realm: "http://u:p@127.0.0.1/token" },
    { name: "no address", realm: "token" },
  ];
  for (const { name, realm } of realms) {
    test(`T20, T21: a realm that is ${name} gets no request`, async () => {
      const seen: string[] = [];
      const { registry, client, ask } = await setUp({
        line: RIGHT,
        client: { onRequest: ({ host }) => seen.push(host) },
      });
      registry.fail({
        kind: "status",
        status: 401,
        headers: { "www-authenticate": `Bearer realm="${realm}",service="x"` },
      });
      const answer = await client.resolveTag({ ...ask, tag: "1.8.0" });
      assert.equal(answer.kind, "unknown");
      assert.deepEqual(seen, [registry.host]);
    });
  }

  test("a realm that redirects is not followed", async () => {
    const other = await open();
    const { registry, client, ask } = await setUp({ auth: "token", line: RIGHT });
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({
      kind: "status",
      status: 401,
      headers: {
        "www-authenticate": `Bearer realm="http://${registry.host}/moved"`,
        location: `http://${other.host}/`,
      },
    });
    assert.equal((await client.resolveTag({ ...ask, tag: "1.8.0" })).kind, "unknown");
    assert.deepEqual(other.requests(), []);
  });
});
