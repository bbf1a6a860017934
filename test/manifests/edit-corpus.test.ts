// The figure that this folder stands for: over files as teams write them, an edit changes the value and nothing else.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";
import { editCorpus } from "./edit-corpus.ts";
import { IMAGE, NEW_DIGEST, writeCorpus, writeLargeFile } from "./write-corpus.ts";

describe("edits over 600 generated files", () => {
  const figures = editCorpus(writeCorpus({ seed: 20260701, files: 600 }));

  it("change no byte outside the value", () => {
    assert.deepEqual(figures.strayBytes, { 0: figures.edited });
  });

  it("write no wrong value, and refuse nothing that could be edited", () => {
    assert.deepEqual(figures.wrong, []);
    assert.ok(figures.edited >= 500, `${figures.edited} files edited`);
    assert.equal(figures.edited + figures.refused, 600);
  });

  it("explain every refusal with a place and a sentence", () => {
    assert.ok(figures.refused > 30, `${figures.refused} files refused`);
    assert.deepEqual(figures.unexplained, []);
  });
});

describe("a file of 5 MB with many documents", () => {
  const large = writeLargeFile({ bytes: 5_000_000, every: 500 });
  const asked = { path: "all.yaml", text: large.text, images: [IMAGE], fields: [] };
  const { places, problems, parsed } = findPlaces(asked);

  it("costs the parsing of those documents alone that name the image", () => {
    assert.deepEqual(problems, []);
    assert.ok(large.documents > 1_000);
    assert.deepEqual([places.length, parsed], [large.naming, large.naming]);
  });

  it("is edited in those documents alone", () => {
    const result = editFile({
      ...asked,
      changes: places.map((place) => ({ place, tag: "1.8.0", digest: NEW_DIGEST })),
    });
    assert.ok(result.kind === "edited");
    assert.equal(result.text, large.text.replaceAll(`${IMAGE}:1.7.3`, `${IMAGE}:1.8.0`));
  });
});
