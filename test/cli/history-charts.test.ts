// `stagecoach history` of a chart: where it comes from is said in another file, which has a history of its own.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { buildClone } from "./build-clone.ts";
import { runProgram } from "./run-program.ts";

const PIPELINE = `version: 1
pipelines:
  - name: checkout
    images: [{ image: ghcr.io/acme/charts/checkout, policy: { semver: "*" } }]
    environments: [{ name: live, paths: [apps/live] }]
`;
const release = (version: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: checkout}\nspec:\n  chart:\n    spec: {chart: checkout, version: ${version}, sourceRef: {kind: HelmRepository, name: acme}}\n`;
const repository = (url: string): string =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: acme}\nspec: {type: oci, url: "${url}"}\n`;

describe("stagecoach history of a chart", () => {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-history-charts-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("tells its versions, from when on it is known where it comes from, and when it comes from elsewhere", async () => {
    const clone = buildClone(join(folder, "platform-config"));
    const commit = (day: number, message: string, files: Readonly<Record<string, string>>): string =>
      clone.commit({ at: `2026-10-0${day}T08:00:00Z`, message, files });
    commit(1, "Begin", { ".github/stagecoach.yaml": PIPELINE, "apps/live/release.yaml": release("1.6.0") });
    commit(2, "Say where from", { "apps/live/sources.yaml": repository("oci://ghcr.io/acme/charts") });
    commit(3, "Move", { "apps/live/release.yaml": release("1.7.0+build.5") });
    commit(4, "From elsewhere", { "apps/live/sources.yaml": repository("oci://quay.io/acme") });
    const { code, stdout, stderr } = await runProgram(["history", "live", "--json"], { folder: clone.folder });
    assert.equal(code, 0, stderr);
    const entries: readonly {
      readonly title: string;
      readonly versions: readonly { readonly tag?: string }[];
      readonly unreadable: readonly { readonly path: string; readonly why: string }[];
    }[] = JSON.parse(stdout).entries;
    assert.deepEqual(
      entries.map(({ title, versions }) => [title, versions.map(({ tag }) => tag)]),
      [
        ["From elsewhere", []],
        ["Move", ["1.7.0_build.5"]],
        ["Say where from", ["1.6.0"]],
        ["Begin", []],
      ],
    );
    const [unclear] = entries.at(-1)?.unreadable ?? [];
    assert.equal(unclear?.path, "apps/live/release.yaml");
    assert.match(unclear?.why ?? "", /no file of the environment has the HelmRepository acme/);
  });
});
