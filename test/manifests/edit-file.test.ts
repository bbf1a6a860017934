import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Place } from "../../src/domain/place.ts";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";
import { findFlaw } from "../../src/manifests/prove-edit.ts";
import { IMAGE, NEW_DIGEST, OLD_DIGEST, TAGS } from "./write-corpus.ts";

function edit(
  text: string,
  { tag = "1.8.0", digest = NEW_DIGEST, path = "values.yaml", alter = (place: Place) => place } = {},
) {
  const asked = { path, text, images: [IMAGE], fields: [] };
  const changes = findPlaces(asked).places.map((place) => ({ place: alter(place), tag, digest }));
  return editFile({ ...asked, changes });
}

function textAfter(...asked: Parameters<typeof edit>): string {
  const result = edit(...asked);
  return result.kind === "edited" ? result.text : JSON.stringify(result);
}

describe("a tag that YAML could take for something else", () => {
  for (const [tag, quoted] of TAGS) {
    it(`${tag} is written ${quoted ? "in double quotes" : "plain"} where it was plain, and in the quotes that were there`, () => {
      const text = (value: string): string => `image:\n  repository: ${IMAGE}\n  tag: ${value} # c\n`;
      assert.equal(textAfter(text("1.7.3"), { tag }), text(quoted ? `"${tag}"` : tag));
      assert.equal(textAfter(text("'1.7.3'"), { tag }), text(`'${tag}'`));
      assert.equal(textAfter(text('"1.7.3"'), { tag }), text(`"${tag}"`));
      const flow = (value: string): string => `{"image": {"repository": "${IMAGE}", "tag": ${value}}}`;
      assert.equal(textAfter(flow("17"), { tag, path: "a.json" }), flow(`"${tag}"`));
    });
  }
});

describe("what is pinned stays pinned", () => {
  it("a tag alone that is right already is no change, whatever the digest", () => {
    assert.deepEqual(edit(`image: ${IMAGE}:1.8.0\n`), { kind: "unchanged" });
    assert.deepEqual(edit(`image:\n  repository: ${IMAGE}\n  tag: 1.80\n`, { tag: "1.80" }), { kind: "unchanged" });
  });

  it("the digest moves alone when the tag is right already", () => {
    const text = (digest: string): string => `image:\n  repository: ${IMAGE}\n  tag: 1.8.0\n  digest: ${digest}\n`;
    const result = edit(text(OLD_DIGEST));
    assert.deepEqual(result, {
      kind: "edited",
      text: text(NEW_DIGEST),
      changes: [{ line: 4, from: OLD_DIGEST, to: NEW_DIGEST }],
    });
  });
});

describe("an edit is refused, whole, with a place and a reason", () => {
  it("when one of several places cannot be edited", () => {
    const result = edit(`image: ${IMAGE}:1.7.3\nb:\n  repository: ${IMAGE}\n  tag: ""\n`);
    assert.ok(result.kind === "refused");
    assert.deepEqual([result.path, result.line, result.column], ["values.yaml", 4, 8]);
  });

  it("when the file is not what was read", () => {
    const result = edit(`image: ${IMAGE}:1.7.3\n`, { alter: (place) => ({ ...place, tag: "1.6.0" }) });
    assert.ok(result.kind === "refused");
    assert.match(result.why, /no longer says/);
  });

  it("when the version is not a tag or not a digest", () => {
    for (const wrong of [{ tag: "1.8.0\nadmin: true" }, { tag: '"' }, { digest: "sha256:1" }]) {
      const result = edit(`image: ${IMAGE}:1.7.3\n`, wrong);
      assert.ok(result.kind === "refused");
      assert.match(result.why, /is not (an image tag|a sha256 digest)/);
    }
  });
});

describe("where a chart's version stands", () => {
  const chart = (version: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: {chart: checkout, repoURL: ghcr.io/acme, targetRevision: ${version}}\n`;

  it("the tag is written as the version that it names, in the quotes that were there", () => {
    for (const mark of ["", "'", '"']) {
      const text = (version: string): string => chart(`${mark}${version}${mark}`);
      assert.equal(textAfter(text("1.7.3+build.4"), { tag: "1.8.0_build.5" }), text("1.8.0+build.5"));
    }
  });

  it("a tag that names no version is refused, also where it would be the same text", () => {
    for (const tag of ["latest", "1.8", "1.8.0_a_b", "main-0a1b2c3", "v1.8.x"]) {
      const result = edit(chart("1.7.3"), { tag });
      assert.ok(result.kind === "refused", tag);
      assert.match(result.why, /is not a version as charts have it/);
    }
  });

  it("a field that says so is written in the same way", () => {
    const field = { file: "values.yaml", path: ["version"], writes: "version", image: IMAGE } as const;
    const asked = { path: "values.yaml", text: "version: 1.7.3\n", images: [IMAGE], fields: [field] };
    const changes = findPlaces(asked).places.map((place) => ({ place, tag: "1.8.0_5", digest: NEW_DIGEST }));
    const result = editFile({ ...asked, changes });
    assert.equal(result.kind === "edited" && result.text, "version: 1.8.0+5\n");
  });
});

describe("the proof", () => {
  const before = "a: x # c\nb: y\n---\nc: *d\n";
  const splice = { start: 3, end: 4, bytes: "z", value: "z" };
  const flaws: readonly (readonly [name: string, after: string, splices: readonly (typeof splice)[]])[] = [
    ["a byte beside the value", "a: z # C\nb: y\n---\nc: *d\n", [splice]],
    ["a byte after all values", "a: z # c\nb: y\n---\nc: *e\n", [splice]],
    [
      "a value that reads as a number",
      "a: 1.10 # c\nb: y\n---\nc: *d\n",
      [{ ...splice, bytes: "1.10", value: "1.10" }],
    ],
    [
      "a value that reads as true for YAML 1.1",
      "a: on # c\nb: y\n---\nc: *d\n",
      [{ ...splice, bytes: "on", value: "on" }],
    ],
    ["a new key", "a: z\nk: v # c\nb: y\n---\nc: *d\n", [{ ...splice, bytes: "z\nk: v", value: "z" }]],
    ["a new document", "a: z\n---\nk: v # c\nb: y\n---\nc: *d\n", [{ ...splice, bytes: "z\n---\nk: v", value: "z" }]],
    ["a new comment", "a: z # more # c\nb: y\n---\nc: *d\n", [{ ...splice, bytes: "z # more", value: "z" }]],
    ["a new anchor", "a: &n z # c\nb: y\n---\nc: *d\n", [{ ...splice, bytes: "&n z", value: "z" }]],
    ["a value that is not where it was found", "az x # c\nb: y\n---\nc: *d\n", [{ ...splice, start: 1, end: 2 }]],
    ["broken YAML", "a: [ # c\nb: y\n---\nc: *d\n", [{ ...splice, bytes: "[", value: "[" }]],
  ];
  for (const [name, after, splices] of flaws) {
    it(`does not hold for ${name}`, () => assert.ok(findFlaw({ before, after, splices, json: false })));
  }

  it("does not hold for JSON that would only be YAML", () => {
    assert.ok(
      findFlaw({
        before: '{"a": 1}',
        after: '{"a": z}',
        splices: [{ start: 6, end: 7, bytes: "z", value: "z" }],
        json: true,
      }),
    );
  });

  it("holds for the value alone", () => {
    assert.equal(findFlaw({ before, after: before.replace("x", "z"), splices: [splice], json: false }), undefined);
  });
});
