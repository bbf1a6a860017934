import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeRevision, splitRevision } from "../../../src/live/flux/flux-revision.ts";
import { parseFluxTarget } from "../../../src/live/flux/flux-target.ts";
import { parseDuration } from "../../../src/live/flux/parse-duration.ts";
import { NEW } from "./build.ts";

const SPLIT: readonly (readonly [string, unknown])[] = [
  [`main@sha1:${NEW}`, { reference: "main", algorithm: "sha1", id: NEW }],
  [`feature/x@sha1:${NEW}`, { reference: "feature/x", algorithm: "sha1", id: NEW }],
  [`a@b@sha1:${NEW}`, { reference: "a@b", algorithm: "sha1", id: NEW }],
  [`refs/heads/main@sha1:${NEW}`, { reference: "main", algorithm: "sha1", id: NEW }],
  [`sha1:${NEW}`, { algorithm: "sha1", id: NEW }],
  [`main/${NEW}`, { reference: "main", id: NEW }],
  [`release/1.x/${NEW}`, { reference: "release/1.x", id: NEW }],
  [`HEAD/${NEW}`, { id: NEW }],
  [NEW, { id: NEW }],
  ["6.1.8@sha256:9f3b", { reference: "6.1.8", algorithm: "sha256", id: "9f3b" }],
  ["main@sha1:", undefined],
  ["", undefined],
];

describe("a revision of Flux", () => {
  for (const [text, expected] of SPLIT) {
    test(text === "" ? "an empty text" : text, () => assert.deepEqual(splitRevision(text), expected));
  }

  test("of a Git repository is a commit, also one of 64 digits", () => {
    const long = "a".repeat(64);
    const source = { kind: "GitRepository", repository: "acme/env" };
    assert.deepEqual(describeRevision(`main@sha256:${long}`, { source }), [
      { kind: "git", id: long, repository: "acme/env", reference: "main" },
    ]);
  });

  test("of an artifact is its digest, and before it the commit that it was built from", () => {
    const source = { kind: "OCIRepository", repository: "acme/env" };
    assert.deepEqual(describeRevision(`latest@sha256:${"9".repeat(64)}`, { source, origin: `main@sha1:${NEW}` }), [
      { kind: "git", id: NEW, repository: "acme/env", reference: "main" },
      { kind: "oci", id: `sha256:${"9".repeat(64)}`, reference: "latest" },
    ]);
    assert.equal(describeRevision(`latest@sha256:${"9".repeat(64)}`, { source, origin: "1.0" })?.length, 1);
  });

  test("of a chart is its version; of a bucket it is nothing that could be compared", () => {
    assert.deepEqual(describeRevision("6.6.1", { source: { kind: "HelmChart" } }), [{ kind: "helm", id: "6.6.1" }]);
    assert.equal(describeRevision(`sha256:${"9".repeat(64)}`, { source: { kind: "Bucket" } }), undefined);
  });
});

const TARGETS: readonly (readonly [string, unknown])[] = [
  ["apps/web", { namespace: "apps", name: "web" }],
  ["HelmRelease/apps/web", { kind: "HelmRelease", namespace: "apps", name: "web" }],
  ["kustomization/apps/web", { kind: "Kustomization", namespace: "apps", name: "web" }],
  ["web", undefined],
  ["Deployment/apps/web", undefined],
  ["constructor/apps/web", undefined],
  ["a/b/c/d", undefined],
  ["Apps!/web", undefined],
  ["apps/", undefined],
];

describe("a target of Flux", () => {
  for (const [text, expected] of TARGETS) {
    test(`${text}: ${expected === undefined ? "not understood" : "understood"}`, () => {
      const target = parseFluxTarget(text);
      assert.deepEqual(target.kind === "known" ? target.value : undefined, expected);
    });
  }
});

test("durations are Go's", () => {
  const rows: readonly (readonly [string | undefined, number | undefined])[] = [
    ["10m", 600_000],
    ["1h30m0s", 5_400_000],
    ["2m0.5s", 120_500],
    ["250ms", 250],
    ["10", undefined],
    ["-5m", undefined],
    ["m", undefined],
    [undefined, undefined],
    ["9".repeat(400), undefined],
  ];
  for (const [text, milliseconds] of rows) assert.equal(parseDuration(text), milliseconds, text);
});
