// What GitHub keeps as attestations of a digest: read with a token of the config repository's installation, for the one
// repository that built the image, as far as its owners let us. Bundles are passed on as they are.

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { compress } from "snappyjs";
import { fetchBundle } from "../../src/forge/fetch-bundle.ts";
import { stagecoachPermissions } from "../github/start-github.ts";
import { type ForgeOnGithub, startForge } from "./start-forge.ts";

const SOURCE = "acme/checkout";
const DIGEST = `sha256:${"1a".repeat(32)}`;
const BUNDLE = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", dsseEnvelope: {} };
const ATTESTATIONS = "GET /repos/{owner}/{repo}/attestations/{subject_digest}";
const { attestations: _, ...withoutAttestations } = stagecoachPermissions;

const worlds: ForgeOnGithub[] = [];
const servers: Server[] = [];
after(async () => {
  for (const world of worlds) await world.close();
  for (const server of servers) server.close();
});

async function start(options: Parameters<typeof startForge>[0] = {}): Promise<ForgeOnGithub> {
  const world = await startForge(options);
  worlds.push(world);
  world.github.createRepository({
    owner: "acme",
    name: "checkout",
    private: true,
    files: { "README.md": "Checkout\n" },
  });
  return world;
}

const read = ({ forge, at }: ForgeOnGithub, source = SOURCE) => forge.readAttestations(at, { source, digest: DIGEST });
const found = (documents: readonly unknown[], unread: readonly string[] = []) => ({
  kind: "known",
  value: { documents, refused: [], unread },
});
const asDocument = { kind: "bundle", text: JSON.stringify(BUNDLE) };

describe("attestations", () => {
  it("of the digest are given as they are, in one request", async () => {
    const world = await start();
    world.github.attest({ repository: SOURCE, digest: DIGEST, bundle: BUNDLE });
    world.github.attest({ repository: SOURCE, digest: `sha256:${"2b".repeat(32)}`, bundle: { other: true } });
    const { value, requests } = await world.count(() => read(world));
    assert.deepEqual(value, found([asDocument]));
    assert.deepEqual(requests, [ATTESTATIONS]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("are none where there are none, and where GitHub does not show the repository", async () => {
    const world = await start();
    assert.deepEqual(await read(world), found([]));
    assert.deepEqual(await read(world, "acme/nothing"), found([]));
    assert.deepEqual(await read(world, "stranger/private"), found([]));
  });

  it("T23: are read with a token for that repository that may read attestations, and nothing else", async () => {
    const world = await start();
    await read(world);
    const tokens = [...world.github.model.tokens.values()].filter(({ permissions }) => "attestations" in permissions);
    assert.deepEqual(
      tokens.map(({ permissions, repositories }) => [permissions, repositories]),
      [[{ attestations: "read", metadata: "read" }, new Set([world.github.model.names.get(SOURCE)])]],
    );
  });

  it("cannot be looked at where the owners have not granted it, which is said", async () => {
    const world = await start({ permissions: withoutAttestations });
    world.github.attest({ repository: SOURCE, digest: DIGEST, bundle: BUNDLE });
    const answer = await read(world);
    assert.ok(answer.kind === "known");
    assert.deepEqual(answer.value.documents, []);
    assert.match(answer.value.closed ?? "", /has not granted `attestations: read`; an owner accepts it/);
  });

  it("that are more than anybody makes are said to be unread", async () => {
    const world = await start();
    for (let index = 0; index < 25; index += 1)
      world.github.attest({ repository: SOURCE, digest: DIGEST, bundle: { ...BUNDLE, index } });
    const answer = await read(world);
    assert.ok(answer.kind === "known");
    assert.equal(answer.value.documents.length, 20);
    assert.deepEqual(answer.value.unread, ["there are more than 20"]);
  });
});

/** GitHub's storage. `body` is what it says. */
async function storage(body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}, status = 200) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, authorizations, fetch: () => fetchBundle(`${origin}/bundle`, { baseUrl: origin }) };
}

const SNAPPY = { "content-type": "application/x-snappy" };
const TEXT = JSON.stringify(BUNDLE);

describe("a bundle in GitHub's storage", () => {
  it("is unpacked, and asked for without credentials", async () => {
    const { fetch, authorizations } = await storage(compress(Buffer.from(TEXT)), SNAPPY);
    assert.deepEqual(await fetch(), { kind: "known", value: TEXT });
    assert.deepEqual(authorizations, [undefined]);
  });

  it("is taken as it is where it is not packed", async () => {
    const { fetch } = await storage(TEXT, { "content-type": "application/json" });
    assert.deepEqual(await fetch(), { kind: "known", value: TEXT });
  });

  const bomb = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00, 0x61]);
  const rows = [
    { name: "that is no Snappy", body: Buffer.from([0x05, 0xff]), headers: SNAPPY, says: /could not be decompressed/ },
    { name: "that says it unpacks to a gigabyte", body: bomb, headers: SNAPPY, says: /could not be decompressed/ },
    { name: "of ten megabytes", body: Buffer.alloc(10_000_000), says: /has more than 1024 KiB/ },
    {
      name: "T21: behind a redirect",
      body: "",
      status: 302,
      headers: { location: "https://evil.example/" },
      says: /answered 302/,
    },
    { name: "that is not there", body: "", status: 404, says: /answered 404/ },
  ] as const;
  for (const { name, body, says, ...row } of rows) {
    it(`${name} is unknown`, async () => {
      const { fetch } = await storage(body, "headers" in row ? row.headers : {}, "status" in row ? row.status : 200);
      const answer = await fetch();
      assert.match(answer.kind === "unknown" ? answer.why : "known", says);
    });
  }

  for (const address of [
    "http://169.254.169.254/latest",
    "https://169.254.169.254/latest",
    "https://[::1]/bundle",
    "http://storage.example/bundle",
    "https://user:secret@storage.example/bundle",
    "file:///etc/passwd",
    "",
  ]) {
    it(`T20: is not fetched from "${address}"`, async () => {
      let asked = 0;
      const send: typeof fetch = async () => {
        asked += 1;
        return new Response("{}");
      };
      const answer = await fetchBundle(address, { baseUrl: "https://api.github.com", fetch: send });
      assert.equal(answer.kind, "unknown");
      assert.equal(asked, 0);
    });
  }
});
