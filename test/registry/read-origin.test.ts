// What images say of the commit that they were built from, and which of several words counts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageOrigin } from "../../src/domain/image-origin.ts";
import type { Push } from "./serve-registry.ts";
import { setUp } from "./set-up-registry.ts";

const COMMIT = "4f1c2ab0".repeat(5);
const OTHER = "99999999".repeat(5);
const HERE = "https://github.com/acme/checkout";
const BASE = "https://github.com/docker-library/python";
const REVISION = "org.opencontainers.image.revision";
const SOURCE = "org.opencontainers.image.source";
const OURS = { [REVISION]: COMMIT, [SOURCE]: HERE };
const BELOW = { [REVISION]: OTHER, [SOURCE]: BASE };
const TWO = ["linux/arm64", "linux/amd64"];

interface Row {
  readonly name: string;
  readonly push: Partial<Push>;
  readonly says: ImageOrigin;
  readonly requests: number;
}

const rows: readonly Row[] = [
  {
    name: "annotations of the index are all that is asked for",
    push: { platforms: TWO, annotations: { index: OURS }, labels: BELOW },
    says: { revision: COMMIT, source: HERE },
    requests: 1,
  },
  {
    name: "annotations of a platform's manifest stand before its labels",
    push: { platforms: TWO, annotations: { manifest: OURS }, labels: BELOW },
    says: { revision: COMMIT, source: HERE },
    requests: 2,
  },
  {
    name: "labels of a platform's configuration are the last",
    push: { platforms: TWO, labels: OURS },
    says: { revision: COMMIT, source: HERE },
    requests: 3,
  },
  {
    name: "an image for one platform needs no index",
    push: { labels: OURS },
    says: { revision: COMMIT, source: HERE },
    requests: 2,
  },
  {
    name: "the names that labels had before count, too",
    push: { labels: { "org.label-schema.vcs-ref": COMMIT, "org.label-schema.vcs-url": HERE } },
    says: { revision: COMMIT, source: HERE },
    requests: 2,
  },
  {
    name: "old names give way to new ones",
    push: { labels: { ...OURS, "org.label-schema.vcs-ref": OTHER, "org.label-schema.vcs-url": BASE } },
    says: { revision: COMMIT, source: HERE },
    requests: 2,
  },
  {
    name: "the repository of a commit may stand below it",
    push: { annotations: { manifest: { [REVISION]: COMMIT } }, labels: { [SOURCE]: HERE } },
    says: { revision: COMMIT, source: HERE },
    requests: 2,
  },
  {
    name: "the commit of the image below is not taken for one of the repository that is written above",
    push: { platforms: TWO, annotations: { index: { [SOURCE]: HERE } }, labels: BELOW },
    says: { revision: OTHER, source: BASE },
    requests: 3,
  },
  {
    name: "a commit without a repository stays one",
    push: { labels: { [REVISION]: COMMIT } },
    says: { revision: COMMIT },
    requests: 2,
  },
  { name: "a repository without a commit says nothing", push: { labels: { [SOURCE]: HERE } }, says: {}, requests: 2 },
  { name: "an image without labels says nothing", push: {}, says: {}, requests: 2 },
  { name: "empty words say nothing", push: { labels: { [REVISION]: "  ", [SOURCE]: "" } }, says: {}, requests: 2 },
  {
    name: "T14: hostile words come as they are, to be judged",
    push: { labels: { [REVISION]: "a\n# b `@maria`", [SOURCE]: "javascript:alert(1)" } },
    says: { revision: "a\n# b `@maria`", source: "javascript:alert(1)" },
    requests: 2,
  },
  {
    name: "T1: of long words the beginning comes",
    push: { labels: { [REVISION]: "f".repeat(100_000), [SOURCE]: HERE } },
    says: { revision: "f".repeat(300), source: HERE },
    requests: 2,
  },
];

describe("where an image says that it comes from", () => {
  for (const { name, push, says, requests } of rows) {
    test(name, async () => {
      const { registry, client, ask } = await setUp();
      const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0", ...push });
      assert.deepEqual(await client.readOrigin({ ...ask, digest }), { kind: "known", value: says });
      assert.equal(registry.requests().length, requests);
    });
  }

  test("T1: a label of ten megabytes is not read, and says so", async () => {
    const { registry, client, ask } = await setUp();
    const labels = { ...OURS, noise: "x".repeat(10 * 1024 * 1024) };
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0", labels });
    const answer = await client.readOrigin({ ...ask, digest });
    assert.match(answer.kind === "unknown" ? answer.why : "", /configuration of an image at \S+ is too large to read$/);
    assert.equal(registry.requests().length, 1);
  });

  test("bytes that are not those of the digest are not believed", async () => {
    const { registry, client, ask } = await setUp();
    const digest = await registry.push({ repository: "acme/checkout", tag: "1.8.0" });
    registry.fail({ kind: "json", value: { schemaVersion: 2, annotations: OURS } });
    const answer = await client.readOrigin({ ...ask, digest });
    assert.match(answer.kind === "unknown" ? answer.why : "", /bytes that are not those of sha256:/);
  });
});
