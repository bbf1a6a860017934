import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { setUp } from "./set-up-registry.ts";

const child = (letter: string) => `sha256:${letter.repeat(64)}`;
const INDEX = "application/vnd.oci.image.index.v1+json";

describe("the manifests of an index", () => {
  test("are listed by one request, in their order", async () => {
    const { registry, client, ask } = await setUp();
    const platforms = ["linux/amd64", "linux/arm64"];
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0", platforms });
    const answer = await client.readChildren({ ...ask, digest });
    const children = answer.kind === "known" ? answer.value : [];
    assert.equal(children.length, 2);
    assert.equal(registry.requests().length, 1);
    for (const digest of children) {
      assert.deepEqual(await client.readChildren({ ...ask, digest }), { kind: "known", value: [] });
    }
  });

  test("a plain manifest has none", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    assert.deepEqual(await client.readChildren({ ...ask, digest }), { kind: "known", value: [] });
  });

  const attestation = {
    digest: child("c"),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const rows: readonly { readonly name: string; readonly manifests: unknown; readonly expected: unknown }[] = [
    {
      name: "attestations are left out, and nothing is listed twice",
      manifests: [{ digest: child("a"), platform: { os: "linux" } }, attestation, { digest: child("a") }],
      expected: { kind: "known", value: [child("a")] },
    },
    {
      name: "what is no digest is left out",
      manifests: [{ digest: "latest" }, { digest: 7 }, null, "x", { digest: child("b") }],
      expected: { kind: "known", value: [child("b")] },
    },
    { name: "an empty one has none", manifests: [], expected: { kind: "known", value: [] } },
    { name: "a list that is none is unknown", manifests: { digest: child("a") }, expected: /lists nothing/ },
    {
      name: "more than any build has are unknown",
      manifests: Array.from({ length: 201 }, (_, n) => ({ digest: `sha256:${String(n).padStart(64, "0")}` })),
      expected: /more than 200 manifests/,
    },
  ];
  for (const { name, manifests, expected } of rows) {
    test(name, async () => {
      const value = { schemaVersion: 2, mediaType: INDEX, manifests };
      const digest = `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
      const { registry, client, ask } = await setUp();
      registry.fail({ kind: "json", value });
      const answer = await client.readChildren({ ...ask, digest });
      if (expected instanceof RegExp) assert.match(answer.kind === "unknown" ? answer.why : "", expected);
      else assert.deepEqual(answer, expected);
    });
  }

  test("bytes that are not those of the digest are not read", async () => {
    const { registry, client, ask } = await setUp();
    registry.fail({ kind: "json", value: { schemaVersion: 2, manifests: [] } });
    const answer = await client.readChildren({ ...ask, digest: child("a") });
    assert.match(answer.kind === "unknown" ? answer.why : "", /bytes that are not those of sha256:a/);
  });

  test("an image that is gone, a registry that fails and a digest that is none are unknown, with the reason", async () => {
    const { registry, client, ask, image } = await setUp();
    await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    const gone = await client.readChildren({ ...ask, digest: child("d") });
    assert.match(gone.kind === "unknown" ? gone.why : "", /answered 404 \(MANIFEST_UNKNOWN\)/);
    const asked = registry.requests().length;
    const none = await client.readChildren({ ...ask, digest: "../../_catalog" });
    assert.match(none.kind === "unknown" ? none.why : "", /is not a digest/);
    const stranger = await client.readChildren({ image, asker: "mallory/config", digest: child("d") });
    assert.match(stranger.kind === "unknown" ? stranger.why : "", /no line of `registries`/);
    assert.equal(registry.requests().length, asked);
  });
});
