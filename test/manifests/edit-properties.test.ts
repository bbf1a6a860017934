import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces, joinPlaces } from "../../src/manifests/find-places.ts";
import { IMAGE, seededRandom, writeCorpus } from "./write-corpus.ts";

const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const digest = fc.stringMatching(/^sha256:[0-9a-f]{64}$/);

function edit(text: string, version: { tag: string; digest: string }) {
  const asked = { path: "values.yaml", text, images: [IMAGE], fields: [] };
  const { places } = joinPlaces([findPlaces(asked)], asked);
  const changes = places.map((place) => ({ place, ...version }));
  return editFile({ ...asked, changes });
}

function readBothWays(text: string): unknown {
  return (["1.1", "1.2"] as const).map((version) =>
    parseAllDocuments(text, { version, logLevel: "silent" }).map((one) => one.toJS()),
  );
}

describe("whatever the tag and the digest", () => {
  const settings = { numRuns: 400, seed: 20260701 };

  it("every reader reads exactly them, and all else as before", () => {
    const quote = fc.constantFrom("", "'", '"');
    const around = fc.constantFrom(
      ["image:\n  ", "\n  ", "\nafter: on # c\n"],
      ["before: 1.10\nimage: {", ", ", "}\r\n--- # next\na: y"],
    );
    fc.assert(
      fc.property(tag, digest, quote, around, (newTag, newDigest, mark, [head = "", between = "", tail = ""]) => {
        const write = (one: string, two: string): string =>
          `${head}repository: ${IMAGE}${between}tag: ${one}${between}digest: ${two}${tail}`;
        const before = write(`${mark}old-tag${mark}`, `${mark}sha256:${"0".repeat(64)}${mark}`);
        const result = edit(before, { tag: newTag, digest: newDigest });
        assert.ok(result.kind === "edited", JSON.stringify(result));
        assert.deepEqual(
          readBothWays(result.text),
          readBothWays(write(JSON.stringify(newTag), JSON.stringify(newDigest))),
        );
      }),
      settings,
    );
  });

  it("an edit and its reverse give the same bytes, where the values were quoted", () => {
    fc.assert(
      fc.property(tag, tag, digest, digest, (tagA, tagB, digestA, digestB) => {
        fc.pre(tagA !== tagB);
        const text = `image:\n  repository: ${IMAGE}\n  tag: "${tagA}"\n  digest: '${digestA}'\ncopy: {image: "${IMAGE}:${tagA}@${digestA}" }\n`;
        const there = edit(text, { tag: tagB, digest: digestB });
        assert.ok(there.kind === "edited");
        const back = edit(there.text, { tag: tagA, digest: digestA });
        assert.deepEqual(back.kind === "edited" && back.text, text);
      }),
      settings,
    );
  });
});

describe("whatever the version of a chart", () => {
  const part = fc.nat(30).map(String);
  const identifiers = fc.stringMatching(/^[A-Za-z][0-9A-Za-z-]{0,6}(\.[A-Za-z][0-9A-Za-z]{0,4})?$/);
  const version = fc
    .tuple(fc.constantFrom("", "v"), part, part, part, fc.option(identifiers), fc.option(identifiers))
    .map(([v, major, minor, patch, pre, build]) => {
      return `${v}${major}.${minor}.${patch}${pre === null ? "" : `-${pre}`}${build === null ? "" : `+${build}`}`;
    });

  it("every reader reads exactly it, all else as before, and it is found again as its tag", () => {
    const quote = fc.constantFrom("", "'", '"');
    fc.assert(
      fc.property(version, version, quote, (old, now, mark) => {
        fc.pre(old !== now);
        const write = (one: string): string =>
          `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: {chart: checkout, repoURL: ghcr.io/acme,targetRevision: ${one} } # c\nafter: on\n`;
        const tag = now.replace("+", "_");
        const result = edit(write(`${mark}${old}${mark}`), { tag, digest: `sha256:${"9".repeat(64)}` });
        assert.ok(result.kind === "edited", JSON.stringify(result));
        assert.deepEqual(readBothWays(result.text), readBothWays(write(JSON.stringify(now))));
        const [place] = findPlaces({ path: "app.yaml", text: result.text, images: [IMAGE], fields: [] }).places;
        assert.equal(place?.tag, tag);
      }),
      { numRuns: 400, seed: 20260701 },
    );
  });
});

describe("files that are damaged at random", () => {
  it("are edited so that only the values differ, or refused; never more", () => {
    const random = seededRandom(7);
    const signs = [..."{}[]:,#&*!|>'\"%@`-? \n\t\r\\", "---\n", "<<: *base\n", "\u2028", "\uFEFF"];
    const pick = (length: number): number => Math.floor(random() * length);
    const kinds = { edited: 0, refused: 0, unchanged: 0 };
    for (const { before } of writeCorpus({ seed: 99, files: 400 })) {
      const at = pick(before.length);
      const text = before.slice(0, at) + (signs[pick(signs.length)] ?? "") + before.slice(at + pick(3));
      const result = edit(text, { tag: "9.9.9", digest: `sha256:${"9".repeat(64)}` });
      kinds[result.kind] += 1;
      if (result.kind !== "edited") continue;
      const lines = (whole: string): readonly string[] => whole.split("\n");
      const changed = new Set(result.changes.map(({ line }) => line));
      const kept = (whole: string): readonly string[] => lines(whole).filter((_, index) => !changed.has(index + 1));
      assert.deepEqual(kept(result.text), kept(text));
    }
    assert.ok(kinds.edited > 100 && kinds.refused > 50, JSON.stringify(kinds));
  });
});
