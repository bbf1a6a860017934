import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";
import type { ImageEvent } from "../../src/registry/webhooks/receiver.ts";
import { findMissingParts, tellNotSeen } from "./find-missing-parts.ts";
import type { ImageToMake } from "./make-image.ts";
import { startRegistry } from "./serve-registry.ts";
import { type DockerRegistry, startDockerRegistry } from "./start-docker-registry.ts";
import { receive } from "./webhooks/receive.ts";

const SECRET = "a secret of the lab, long enough";
const ASKER = "acme/platform-config";
const SINGLE: ImageToMake = { seed: "single", platforms: ["linux/amd64"], labels: {}, created: "2026-11-19T08:30:00Z" };
const LABELS = {
  "org.opencontainers.image.revision": "4f1c2ab0".repeat(5),
  "org.opencontainers.image.source": "https://github.com/acme/checkout",
};
const MULTI: ImageToMake = { ...SINGLE, seed: "multi", platforms: ["linux/amd64", "linux/arm64"], labels: LABELS };
const COSIGN_TAG = `sha256-${"a1".repeat(32)}.sig`;

/** Takes everything that the registry sends and answers 202 at once, as a receiver must. */
async function startSink() {
  const deliveries: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    deliveries.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/registry/lab`;
  return { url, deliveries, close: () => server.close() };
}

/** What the receiver makes of all that arrived so far. */
async function received(deliveries: Awaited<ReturnType<typeof startSink>>["deliveries"], host: string) {
  const settings = { id: "lab", kind: "distribution", registry: host, secrets: [SECRET] } as const;
  const readings = await Promise.all(deliveries.map(({ headers, body }) => receive({ headers, body, settings })));
  const events: ImageEvent[] = [];
  const ignored: string[] = [];
  for (const reading of readings) {
    assert.equal(reading.kind, "understood");
    if (reading.kind !== "understood") continue;
    events.push(...reading.events);
    ignored.push(...reading.ignored.map(({ what }) => what));
  }
  return { events, ignored };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, "it did not happen within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The questions that the product asks, and how the test's own registry and the real one answer them. */
async function answersOf(host: string) {
  const requests: string[] = [];
  const client = createOciRegistry({
    registries: [{ host, prefix: "", for: ["*"], insecure: true, every: 60_000 }],
    now: () => Date.UTC(2026, 10, 20),
    userAgent: "stagecoach-test",
    onRequest: ({ method }) => requests.push(method),
  });
  const ask = { image: `${host}/acme/checkout`, asker: ASKER };
  const tags = await client.listTags(ask);
  const single = await client.resolveTag({ ...ask, tag: "1.4.0" });
  const multi = await client.resolveTag({ ...ask, tag: "1.5.0" });
  const missing = await client.resolveTag({ ...ask, tag: "9.9.9" });
  const elsewhere = await client.listTags({ ...ask, image: `${host}/acme/nothing` });
  const digest = (multi.kind === "known" ? multi.value : undefined) ?? "";
  const created = await client.readCreated({ ...ask, digest });
  const platforms = await client.readPlatforms({ ...ask, digest });
  const alone = (single.kind === "known" ? single.value : undefined) ?? "";
  const platform = await client.readPlatforms({ ...ask, digest: alone });
  const origin = await client.readOrigin({ ...ask, digest });
  return {
    tags: tags.kind === "known" ? [...tags.value.tags].sort() : tags,
    ...{ single, multi, missing, created, platforms, platform, origin },
    elsewhere: elsewhere.kind === "unknown" ? elsewhere.why.replace(host, "HOST") : elsewhere,
    requests,
  };
}

const missing = await findMissingParts(["docker-registry", "skopeo"]);

if (missing.length > 0) {
  tellNotSeen("docker-registry and skopeo of Debian", missing);
} else {
  describe("docker-registry and skopeo of Debian", () => {
    let sink: Awaited<ReturnType<typeof startSink>>;
    let registry: DockerRegistry;
    const digests: Record<"single" | "multi", string> = { single: "", multi: "" };

    before(async () => {
      sink = await startSink();
      registry = await startDockerRegistry({ notify: { url: sink.url, secret: SECRET } });
      digests.single = await registry.push({ repository: "acme/checkout", tag: "1.4.0", image: SINGLE });
      digests.multi = await registry.push({ repository: "acme/checkout", tag: "1.5.0", image: MULTI });
      await registry.copy({ from: "acme/checkout:1.5.0", to: "acme/checkout:stable" });
      await registry.push({ repository: "acme/checkout", tag: COSIGN_TAG, image: { ...SINGLE, seed: "signature" } });
    });
    after(async () => {
      await registry?.close();
      sink?.close();
    });

    test("the client reads it, and the test's own registry answers the same", async () => {
      const real = await answersOf(registry.host);
      assert.deepEqual(real.tags, ["1.4.0", "1.5.0", COSIGN_TAG, "stable"].sort());
      assert.deepEqual(real.single, { kind: "known", value: digests.single });
      assert.deepEqual(real.multi, { kind: "known", value: digests.multi });
      assert.deepEqual(real.missing, { kind: "known", value: undefined });
      assert.deepEqual(real.created, { kind: "known", value: Date.UTC(2026, 10, 19, 8, 30) });
      assert.deepEqual(real.platforms, { kind: "known", value: [...MULTI.platforms].sort() });
      assert.deepEqual(real.platform, { kind: "known", value: SINGLE.platforms });
      const [revision, source] = Object.values(LABELS);
      assert.deepEqual(real.origin, { kind: "known", value: { revision, source } });
      assert.equal(real.elsewhere, "HOST answered 404 (NAME_UNKNOWN)");

      const own = await startRegistry();
      const push = { repository: "acme/checkout", created: "2026-11-19T08:30:00Z" };
      await own.push({ ...push, tag: "1.4.0", digestSeed: "single" });
      await own.push({ ...push, tag: "1.5.0", digestSeed: "multi", platforms: MULTI.platforms, labels: LABELS });
      await own.retag({ repository: "acme/checkout", from: "1.5.0", to: "stable" });
      await own.push({ ...push, tag: COSIGN_TAG, digestSeed: "signature" });
      const pretended = await answersOf(own.host);
      await own.close();
      assert.deepEqual(pretended, real);
    });

    test("each tag that names a version comes as one event with the registry's name from the settings", async () => {
      await until(async () => {
        const { ignored } = await received(sink.deliveries, registry.host);
        return ignored.some((what) => what.includes(COSIGN_TAG));
      });
      const { events, ignored } = await received(sink.deliveries, "registry.acme.example:5000");
      const image = "registry.acme.example:5000/acme/checkout";
      assert.deepEqual(events, [
        { image, tag: "1.4.0", digest: digests.single },
        { image, tag: "1.5.0", digest: digests.multi },
        { image, tag: "stable", digest: digests.multi },
      ]);
      assert.ok(ignored.includes("push of acme/checkout"), "a platform's part has no tag");
    });

    test("a chart is read as an image is: its tag, its digest, its time, and that it is no index", async () => {
      const created = "2026-11-19T08:30:00Z";
      const chart = { name: "checkout", version: "1.2.0+build.5", created };
      const push = { repository: "acme/charts/checkout", tag: "1.2.0_build.5", chart };
      const digest = await registry.pushChart(push);
      const own = await startRegistry();
      assert.equal(await own.pushChart({ ...chart, folder: "acme/charts" }), digest);
      for (const { host } of [registry, own]) {
        const client = createOciRegistry({
          registries: [{ host, prefix: "", for: ["*"], insecure: true, every: 60_000 }],
          now: () => Date.UTC(2026, 10, 20),
          userAgent: "stagecoach-test",
        });
        const ask = { image: `${host}/acme/charts/checkout`, asker: ASKER };
        const tags = await client.listTags(ask);
        assert.deepEqual(tags.kind === "known" && tags.value.tags, ["1.2.0_build.5"]);
        assert.deepEqual(await client.resolveTag({ ...ask, tag: "1.2.0_build.5" }), { kind: "known", value: digest });
        assert.deepEqual(await client.readCreated({ ...ask, digest }), { kind: "known", value: Date.parse(created) });
        assert.deepEqual(await client.readChildren({ ...ask, digest }), { kind: "known", value: [] });
      }
      await own.close();
      await until(async () => {
        const { events } = await received(sink.deliveries, registry.host);
        return events.some(({ image, tag }) => image.endsWith("/acme/charts/checkout") && tag === "1.2.0_build.5");
      });
    });

    test("its deliveries are not believed with another secret", async () => {
      const [first] = sink.deliveries;
      assert.ok(first);
      const settings = { id: "lab", kind: "distribution", registry: registry.host, secrets: ["another"] } as const;
      assert.equal((await receive({ ...first, settings })).kind, "unauthenticated");
    });
  });
}
