// What a registry may do to whoever reads it, row by row: every answer is bounded in size and in time, nothing of it
// shortens a list, and no credential leaves the registry's own origin.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { ANY, ASKER, NOW, RIGHT } from "./set-up-registry.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Hostile {
  readonly client: Registry;
  readonly host: string;
  readonly ask: { readonly image: string; readonly asker: string };
  /** Host, path and scheme of the credentials of every request that arrived or left. */
  readonly arrived: readonly string[];
  readonly left: readonly string[];
}

const stop: (() => void)[] = [];
after(() => {
  for (const each of stop) each();
});

async function startHostile(
  answer: Answer,
  options: { readonly timeout?: number; readonly now?: () => number } = {},
): Promise<Hostile> {
  const arrived: string[] = [];
  const left: string[] = [];
  const server = createServer((request, response) => {
    arrived.push(`${request.url} ${request.headers.authorization?.split(" ")[0] ?? "none"}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createOciRegistry({
    registries: [{ ...ANY, host, insecure: true, for: ["*"], ...RIGHT }],
    now: options.now ?? (() => NOW),
    userAgent: "stagecoach-test",
    timeout: options.timeout ?? 5_000,
    lookup: async () => ["93.184.216.34"],
    onRequest: ({ host: to }) => left.push(to),
  });
  return { client, host, ask: { image: `${host}/acme/checkout`, asker: ASKER }, arrived, left };
}

function whyUnknown(answer: { readonly kind: string; readonly why?: string }): string {
  assert.equal(answer.kind, "unknown", JSON.stringify(answer).slice(0, 200));
  return answer.why ?? "";
}

const json = (response: ServerResponse, value: unknown, headers: Readonly<Record<string, string>> = {}) => {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
};

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => String(from + index));

describe("a list of 200,000 tags", () => {
  test("in one body of less than 4 MiB is refused with its number, not cut", async () => {
    const { client, ask } = await startHostile((_, response) => json(response, { tags: numbers(200_000) }));
    assert.match(
      whyUnknown(await client.listTags(ask)),
      /^acme\/checkout at 127\.0\.0\.1:\d+ has too many tags to read \(more than 100000\); delete those that nobody needs/,
    );
  });

  test("in one body of more than 4 MiB is refused before it is read to its end", async () => {
    const tags = numbers(200_000).map((number) => `main-${number.padStart(20, "0")}`);
    const { client, ask } = await startHostile((_, response) => json(response, { tags }));
    assert.match(whyUnknown(await client.listTags(ask)), /answered more than 4 MiB$/);
  });

  test("in pages of a thousand is refused where it passes the limit", async () => {
    const { client, ask, arrived } = await startHostile((request, response) => {
      const last = Number(new URL(request.url ?? "", "http://x").searchParams.get("last") ?? 0);
      const link = `</v2/acme/checkout/tags/list?n=1000&last=${last + 1000}>; rel="next"`;
      json(response, { tags: numbers(1000, last) }, last < 200_000 ? { link } : {});
    });
    assert.match(whyUnknown(await client.listTags(ask)), /too many tags to read \(more than 100000\)/);
    assert.equal(arrived.length, 101);
  });

  test("100,000 are read to the last one", async () => {
    const { client, ask } = await startHostile((_, response) => json(response, { tags: numbers(100_000) }));
    const answer = await client.listTags(ask);
    assert.equal(answer.kind === "known" && answer.value.tags.length, 100_000);
  });
});

describe("pages without end", () => {
  test("that name ever new pages are refused", async () => {
    let page = 0;
    const { client, ask, arrived } = await startHostile((_, response) => {
      page += 1;
      json(response, { tags: ["1.0.0"] }, { link: `</v2/acme/checkout/tags/list?last=${page}>; rel="next"` });
    });
    assert.match(whyUnknown(await client.listTags(ask)), /too many tags to read \(more than 1 on 200 pages\)/);
    assert.equal(arrived.length, 200);
  });

  test("that come slowly are refused after a minute", async () => {
    let now = NOW;
    let page = 0;
    const { client, ask, arrived } = await startHostile(
      (_, response) => {
        page += 1;
        now += 9_000;
        json(response, { tags: numbers(1, page) }, { link: `<?last=${page}>; rel="next"` });
      },
      { now: () => now },
    );
    assert.match(whyUnknown(await client.listTags(ask)), /took more than 60 s to list 7 tags and more$/);
    assert.equal(arrived.length, 7);
  });

  const links: readonly { readonly name: string; readonly link: string; readonly why: RegExp }[] = [
    { name: "two pages that name each other", link: "?n=1000", why: /in a circle/ },
    { name: "a link without brackets", link: '/v2/acme/checkout/tags/list?last=9; rel="next"', why: /cannot be read/ },
    { name: "a link that is longer than any", link: `<?${"x".repeat(9000)}>; rel="next"`, why: /cannot be read/ },
    {
      name: "a second link to another host",
      link: '<?a>; rel="prev", <http://127.0.0.1:1/v2/>; rel="next"',
      why: /another host/,
    },
    { name: "a link to no address at all", link: '<http://[>; rel="next"', why: /another host/ },
    { name: "a link to a file", link: '<file:///etc/passwd>; rel="next"', why: /another host/ },
  ];
  for (const { name, link, why } of links) {
    test(`T21: ${name} makes the list unknown`, async () => {
      const header = link === "?n=1000" ? '<?n=1000>; rel="next"' : link;
      const { client, host, ask, left } = await startHostile((_, response) =>
        json(response, { tags: ["1.0.0"] }, { link: header }),
      );
      assert.match(whyUnknown(await client.listTags(ask)), why);
      assert.deepEqual([...new Set(left)], [host]);
    });
  }

  test("several relations of one link are read", async () => {
    const { client, ask } = await startHostile((request, response) =>
      json(
        response,
        { tags: [request.url?.includes("last") ? "2.0.0" : "1.0.0"] },
        request.url?.includes("last") ? {} : { link: '<?last=1.0.0>; title="b"; rel="last next"' },
      ),
    );
    assert.deepEqual(await client.listTags(ask), { kind: "known", value: { tags: ["1.0.0", "2.0.0"] } });
  });
});

describe("tags that are none", () => {
  test("are not listed: control characters, ways out of the path, other alphabets, too long", async () => {
    const tricks = [
      "1.0.0\n",
      "1.0.0\r\nx: y",
      "\u0000",
      "\u001b[2J",
      "../../_catalog",
      "..",
      ".hidden",
      "-rm",
      "1.0.0/../2.0.0",
      "1.0.0?n=1",
      "1.0.0#x",
      "%2e%2e",
      "1.0.0@sha256:0",
      "１.0.0",
      "\u202e0.0.1",
      "a".repeat(129),
      "",
      " 1.0.0",
      1,
      null,
      ["1.0.0"],
      { tag: "1.0.0" },
    ];
    const { client, ask } = await startHostile((_, response) =>
      json(response, { tags: [...tricks, "1.0.0", "a".repeat(128)] }),
    );
    assert.deepEqual(await client.listTags(ask), { kind: "known", value: { tags: ["1.0.0", "a".repeat(128)] } });
  });
});

describe("an answer without end", () => {
  const drip: Answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(timer));
  };
  const bomb: Answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  };
  const rows: readonly { readonly name: string; readonly answer: Answer; readonly why: RegExp }[] = [
    { name: "that drips, byte by byte, is cut by the clock", answer: drip, why: /did not answer within 0\.3 s$/ },
    { name: "that unpacks to more than it is, is cut by its size", answer: bomb, why: /answered more than 4 MiB$/ },
    {
      name: "that is packed in a broken way",
      answer: (_, response) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        response.end("no gzip");
      },
      why: /could not be reached|closed the connection early/,
    },
    {
      name: "whose headers are too many",
      answer: (request) => void request.socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`),
      why: /could not be reached \(UND_ERR_HEADERS_OVERFLOW\)$/,
    },
    {
      name: "that is no HTTP",
      answer: (request) => void request.socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
      why: /did not answer in HTTP \(HPE_/,
    },
    {
      name: "that ends before it said it would",
      answer: (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{");
        setTimeout(() => response.destroy(), 10);
      },
      why: /closed the connection early/,
    },
    {
      name: "nested deeper than anybody reads",
      answer: (_, response) => void response.end("[".repeat(2_000_000)),
      why: /something else than a list of tags/,
    },
  ];
  for (const { name, answer, why } of rows) {
    test(name, async () => {
      const { client, ask } = await startHostile(answer, { timeout: name.includes("drips") ? 300 : 5_000 });
      assert.match(whyUnknown(await client.listTags(ask)), why);
    });
  }

  test("redirects share the time of one request", async () => {
    const { client, ask, arrived } = await startHostile(
      (_, response) => {
        setTimeout(() => {
          response.writeHead(307, { location: "/again" });
          response.end();
        }, 200);
      },
      { timeout: 300 },
    );
    assert.match(whyUnknown(await client.listTags(ask)), /did not answer within 0\.3 s$/);
    assert.equal(arrived.length, 2);
  });
});

describe("a token service", () => {
  const challenge = (response: ServerResponse, realm: string) => {
    response.writeHead(401, {
      "www-authenticate": `Bearer realm="${realm}",service="x",scope="repository:acme/other:push"`,
    });
    response.end();
  };
  const service =
    (token: Answer): Answer =>
    (request, response) =>
      request.url?.startsWith("/token")
        ? token(request, response)
        : challenge(response, `http://${request.headers.host}/token`);

  test("T20: is asked for reading this repository, whatever the challenge names", async () => {
    const { client, ask, arrived } = await startHostile(service((_, response) => json(response, {})));
    assert.match(whyUnknown(await client.listTags(ask)), /answered without a token$/);
    assert.ok(arrived.includes("/token?service=x&scope=repository%3Aacme%2Fcheckout%3Apull Basic"), arrived.join());
  });

  const tokens: readonly { readonly name: string; readonly token: unknown }[] = [
    { name: "that breaks a header", token: "a\r\nhost: b" },
    { name: "that is longer than a header", token: "a".repeat(20_000) },
    { name: "that is no text", token: { a: 1 } },
  ];
  for (const { name, token } of tokens) {
    test(`T22: a token ${name} is not sent`, async () => {
      const { client, ask, arrived } = await startHostile(service((_, response) => json(response, { token })));
      assert.match(whyUnknown(await client.listTags(ask)), /answered without a token$/);
      assert.equal(arrived.filter((each) => each.endsWith("Bearer")).length, 0);
    });
  }

  test("T21: a challenge of somebody to whom the registry redirects is not answered", async () => {
    const storage = "https://storage.example";
    const sent: string[] = [];
    const client = createOciRegistry({
      registries: [{ ...ANY, host: "registry.example", for: ["*"], ...RIGHT }],
      now: () => NOW,
      userAgent: "stagecoach-test",
      lookup: async () => ["93.184.216.34"],
      fetch: async (url, init) => {
        sent.push(`${new URL(String(url)).host} ${new Headers(init?.headers).get("authorization") ?? "none"}`);
        if (String(url).startsWith(storage)) {
          return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
        }
        return new Response(null, { status: 307, headers: { location: `${storage}/x` } });
      },
    });
    const answer = await client.listTags({ image: "registry.example/acme/checkout", asker: ASKER });
    assert.match(whyUnknown(answer), /^storage\.example answered 401/);
    assert.deepEqual(sent, ["registry.example none", "storage.example none"]);
  });
});

describe("`Retry-After`", () => {
  const rows: readonly { readonly said: string; readonly quiet: number }[] = [
    { said: "30", quiet: 30_000 },
    { said: "0", quiet: 1_000 },
    { said: "Fri, 20 Nov 2026 12:02:00 GMT", quiet: 120_000 },
    { said: "Fri, 20 Nov 2020 12:00:00 GMT", quiet: 1_000 },
    { said: "Fri, 20 Nov 3020 12:00:00 GMT", quiet: 3_600_000 },
    { said: "99999999999999999999", quiet: 3_600_000 },
    { said: "9".repeat(400), quiet: 3_600_000 },
    { said: "-5", quiet: 0 },
    { said: "1e9", quiet: 0 },
    { said: "soon", quiet: 0 },
    { said: "Infinity", quiet: 0 },
    { said: "", quiet: 0 },
  ];
  for (const { said, quiet } of rows) {
    test(`“${said.slice(0, 40)}” means ${quiet / 1000} s without a request`, async () => {
      let now = NOW;
      const { client, ask, arrived } = await startHostile(
        (_, response) => {
          response.writeHead(429, { "retry-after": said });
          response.end();
        },
        { now: () => now },
      );
      assert.match(whyUnknown(await client.listTags(ask)), /answered 429 \(too many requests\)/);
      now += Math.max(0, quiet - 1);
      await client.listTags(ask);
      assert.equal(arrived.length, quiet === 0 ? 2 : 1);
      now += 1;
      await client.listTags(ask);
      assert.equal(arrived.length, quiet === 0 ? 3 : 2);
    });
  }
});

describe("a digest that is not true", () => {
  const INDEX = "application/vnd.oci.image.index.v1+json";
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
  const truth = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const lie = `sha256:${"f".repeat(64)}`;
  const manifest =
    (digest: string, onHead = true): Answer =>
    (request, response) => {
      const named = request.method === "HEAD" && !onHead ? {} : { "docker-content-digest": digest };
      response.writeHead(200, { "content-type": INDEX, ...named });
      response.end(request.method === "HEAD" ? undefined : body);
    };

  test("on HEAD is the registry's word for the tag; whoever reads what it names finds the bytes to be others", async () => {
    const { client, ask } = await startHostile(manifest(lie));
    assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.0.0" }), { kind: "known", value: lie });
    const bytes = /sent bytes that are not those of sha256:f+$/;
    assert.match(whyUnknown(await client.readChildren({ ...ask, digest: lie })), bytes);
    assert.match(whyUnknown(await client.readCreated({ ...ask, digest: lie })), bytes);
  });

  test("on GET is refused: the bytes are there", async () => {
    const { client, ask } = await startHostile(manifest(lie, false));
    assert.match(
      whyUnknown(await client.resolveTag({ ...ask, tag: "1.0.0" })),
      /sent bytes that are not those of sha256:f+$/,
    );
  });

  for (const digest of ["sha256:short", "latest", `sha512:${"a".repeat(128)}`, `${lie}, ${lie}`, "SHA256:"]) {
    test(`“${digest.slice(0, 20)}” on HEAD is none: the bytes are hashed`, async () => {
      const { client, ask, arrived } = await startHostile(manifest(digest));
      assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.0.0" }), { kind: "known", value: truth });
      assert.equal(arrived.length, 2);
    });
  }
});
