import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ImageAlias } from "../../src/domain/pipeline.ts";
import { releaseOf } from "../../src/domain/release.ts";
import { blobId } from "../../src/manifests/blob-id.ts";
import { findPlaces, joinPlaces } from "../../src/manifests/find-places.ts";
import { type FileText, planEdit } from "../../src/manifests/plan-edit.ts";

const WEB = "ghcr.io/acme/web";
const WORKER = "ghcr.io/acme/worker";
const MIRROR = "mirror.example.com/acme/web";
const digest = (pair: string): string => `sha256:${pair.repeat(32)}`;
const release = releaseOf([
  { image: WEB, tag: "1.8.0", digest: digest("b2") },
  { image: WORKER, tag: "2.1.0", digest: digest("c3") },
]);

function plan(
  files: Readonly<Record<string, string>>,
  { images = [] as readonly ImageAlias[], alter = (file: FileText): FileText | undefined => file } = {},
) {
  const environment = { images, fields: [{ file: "fields.yaml", path: ["v"], writes: "tag", image: WEB }] } as const;
  const named = images[0]?.image ?? WEB;
  const asked = { images: [named, WORKER], fields: environment.fields };
  const { places } = joinPlaces(
    Object.entries(files).map(([path, text]) => findPlaces({ path, text, ...asked })),
    asked,
  );
  const texts = new Map<string, FileText>();
  for (const [path, text] of Object.entries(files)) {
    const file = alter({ text, mode: "100644", oid: blobId(text) });
    if (file) texts.set(path, file);
  }
  return planEdit({ places, texts, release, environment });
}

describe("the edit for a release", () => {
  it("moves all images in all files, with Git's ids before and after", () => {
    const files = {
      "b.yaml": `image: ${WORKER}:2.0.0\n`,
      "a.yaml": `x: {image: ${WEB}:1.7.3}\nimage: ${WORKER}:2.0.0\n`,
    };
    const result = plan(files);
    assert.ok(result.kind === "edit");
    const [a, b] = result.edit.files;
    assert.deepEqual(a, {
      path: "a.yaml",
      mode: "100644",
      before: blobId(files["a.yaml"]),
      after: blobId(`x: {image: ${WEB}:1.8.0}\nimage: ${WORKER}:2.1.0\n`),
      text: `x: {image: ${WEB}:1.8.0}\nimage: ${WORKER}:2.1.0\n`,
      changes: [
        { line: 1, from: `${WEB}:1.7.3`, to: `${WEB}:1.8.0` },
        { line: 2, from: `${WORKER}:2.0.0`, to: `${WORKER}:2.1.0` },
      ],
    });
    assert.equal(b?.text, `image: ${WORKER}:2.1.0\n`);
  });

  it("leaves out files that declare the release already", () => {
    assert.deepEqual(plan({ "a.yaml": `image: ${WEB}:1.8.0\n` }), { kind: "edit", edit: { files: [] } });
  });

  it("writes under the name that the environment's registry has, and in fields", () => {
    const result = plan(
      { "a.yaml": `image: ${MIRROR}:1.7.3\n`, "fields.yaml": "v: 1.7.3\n" },
      { images: [{ image: MIRROR, as: WEB }] },
    );
    assert.ok(result.kind === "edit");
    assert.deepEqual(
      result.edit.files.map(({ text }) => text),
      [`image: ${MIRROR}:1.8.0\n`, "v: 1.8.0\n"],
    );
  });

  it("is all or nothing: one place that cannot be edited refuses the rest", () => {
    const result = plan({ "a.yaml": `image: ${WEB}:1.7.3\n`, "b.yaml": `image: |\n  ${WORKER}:2.0.0\n` });
    assert.ok(result.kind === "refused");
    assert.deepEqual([result.path, result.line], ["b.yaml", 1]);
    assert.match(result.why, /block scalar/);
  });

  it("T18: is refused for a symbolic link, a file that is gone, and a text that is not the blob's", () => {
    const files = { "a.yaml": `image: ${WEB}:1.7.3\n` };
    const refusals = [
      plan(files, { alter: (file) => ({ ...file, mode: "120000" }) }),
      plan(files, { alter: () => undefined }),
      plan(files, { alter: (file) => ({ ...file, text: `\uFEFF${file.text}` }) }),
    ].map((result) => (result.kind === "refused" ? result.why : ""));
    assert.match(refusals[0] ?? "", /symbolic link/);
    assert.match(refusals[1] ?? "", /no longer there/);
    assert.match(refusals[2] ?? "", /not valid UTF-8/);
  });
});

describe("the edit for a release of a chart", () => {
  const release = (version: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec:\n  chart:\n    spec: {chart: web, version: ${version}, sourceRef: {kind: HelmRepository, name: acme}}\n`;
  const repository = (url: string): string =>
    `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: acme}\nspec: {type: oci, url: ${url}}\n`;
  const texts = { "release.yaml": release("1.7.3"), "sources.yaml": repository("oci://ghcr.io/acme") };

  it("finds in another file where the chart comes from", () => {
    const result = plan(texts);
    assert.ok(result.kind === "edit", JSON.stringify(result));
    assert.deepEqual(
      result.edit.files.map(({ path, text }) => [path, text]),
      [["release.yaml", release("1.8.0")]],
    );
  });

  it("is refused where that is no longer said, or is said of another registry", () => {
    for (const [changed, why] of [
      ["kind: ConfigMap\n", /not known/],
      [repository("oci://quay.io/acme"), /no longer says/],
    ] as const) {
      const result = plan(texts, {
        alter: (file) => (file.text === texts["sources.yaml"] ? { ...file, text: changed } : file),
      });
      assert.ok(result.kind === "refused", JSON.stringify(result));
      assert.match(result.why, why);
    }
  });
});

describe("Git's blob ids", () => {
  it("are those of git hash-object", () => {
    assert.equal(blobId(""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    assert.equal(blobId("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    assert.equal(blobId("ü🚢"), "2e7a6e4f4c17976c6bebda6e7c00b975622f919f");
  });
});
