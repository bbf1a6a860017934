// What a registry answers about releases that somebody supposes, and about all others.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { supposeReleases } from "../../src/cli/suppose-releases.ts";
import { missingPlatforms } from "../../src/domain/platform.ts";
import { createOciRegistry } from "../../src/registry/oci-registry.ts";

const image = "ghcr.io/acme/checkout";
const version = { image, tag: "1.8.0", digest: `sha256:${"1".repeat(64)}` };
const ask = { image, asker: "acme/platform-config" };

describe("a supposed release", () => {
  const nobody = createOciRegistry({ registries: [], publicHosts: [], now: () => 0, userAgent: "stagecoach-test" });
  const registry = supposeReleases({ registry: nobody, versions: [version], offline: true, now: () => 0 });

  it("can run wherever a policy wants it to", async () => {
    const answer = await registry.readPlatforms({ ...ask, digest: version.digest });
    assert.ok(answer.kind === "known");
    const wanted = ["linux/amd64", "linux/arm64", "linux/arm", "linux/arm/v7", "linux/s390x", "windows/amd64"];
    assert.deepEqual(missingPlatforms(wanted, answer.value), []);
  });

  it("says nothing about what another is for", async () => {
    const answer = await registry.readPlatforms({ ...ask, digest: `sha256:${"2".repeat(64)}` });
    assert.deepEqual(answer, { kind: "unknown", why: "no registry was asked (`--offline`)" });
  });
});
