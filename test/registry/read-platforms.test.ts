import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { setUp } from "./set-up-registry.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";
const child = (letter: string) => `sha256:${letter.repeat(64)}`;
const PUSH = { repository: "acme/checkout", tag: "1.8.0" };

describe("the platforms of an image", () => {
  test("are those that its index lists, by one request", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ ...PUSH, platforms: ["linux/arm64", "linux/amd64", "linux/arm/v7"] });
    const value = ["linux/amd64", "linux/arm/v7", "linux/arm64"];
    assert.deepEqual(await client.readPlatforms({ ...ask, digest }), { kind: "known", value });
    assert.equal(registry.requests().length, 1);
  });

  test("is the one that the configuration of a single image names, by two requests", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ ...PUSH, platforms: ["linux/arm64"] });
    assert.deepEqual(await client.readPlatforms({ ...ask, digest }), { kind: "known", value: ["linux/arm64"] });
    assert.equal(registry.requests().length, 2);
  });

  const linux = { os: "linux", architecture: "arm64" };
  const rows: readonly { readonly name: string; readonly manifest: object; readonly expected: unknown }[] = [
    {
      name: "attestations are for none",
      manifest: {
        manifests: [
          { digest: child("a"), platform: linux },
          { digest: child("b"), platform: { os: "unknown", architecture: "unknown" } },
          {
            digest: child("c"),
            platform: { os: "linux", architecture: "amd64" },
            annotations: { "vnd.docker.reference.type": "attestation-manifest" },
          },
        ],
      },
      expected: ["linux/arm64"],
    },
    {
      name: "a manifest of an index that names no platform is for none",
      manifest: {
        manifests: [{ digest: child("a") }, { digest: child("b"), platform: { os: "linux", architecture: 7 } }, null],
      },
      expected: [],
    },
    {
      name: "a chart is for none",
      manifest: { config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: child("a"), size: 2 } },
      expected: [],
    },
    { name: "a list that is none is unknown", manifest: { manifests: "x" }, expected: /lists nothing/ },
    {
      name: "more manifests than any build has are unknown",
      manifest: { manifests: Array.from({ length: 201 }, () => ({ digest: child("a"), platform: linux })) },
      expected: /more than 200 manifests/,
    },
  ];
  for (const { name, manifest, expected } of rows) {
    test(name, async () => {
      const value = { schemaVersion: 2, mediaType: INDEX, ...manifest };
      const digest = `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
      const { registry, client, ask } = await setUp();
      registry.fail({ kind: "json", value });
      const answer = await client.readPlatforms({ ...ask, digest });
      if (expected instanceof RegExp) assert.match(answer.kind === "unknown" ? answer.why : "", expected);
      else assert.deepEqual(answer, { kind: "known", value: expected });
    });
  }

  test("of bytes that are not those of the digest, and of a registry that fails, are unknown", async () => {
    const { registry, client, ask } = await setUp();
    registry.fail({ kind: "json", value: { schemaVersion: 2, manifests: [{ platform: linux }] } });
    const lie = await client.readPlatforms({ ...ask, digest: child("a") });
    assert.match(lie.kind === "unknown" ? lie.why : "", /bytes that are not those of sha256:a/);
    registry.fail({ kind: "status", status: 503 });
    const failure = await client.readPlatforms({ ...ask, digest: child("a") });
    assert.match(failure.kind === "unknown" ? failure.why : "", /answered 503/);
  });
});
