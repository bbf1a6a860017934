// Figures of the editor: over generated files as teams write them, and over one large file.

import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";
import { editCorpus } from "../manifests/edit-corpus.ts";
import { IMAGE, NEW_DIGEST, writeCorpus, writeLargeFile } from "../manifests/write-corpus.ts";

export interface EditFigures {
  readonly files: number;
  readonly edited: number;
  readonly refused: number;
  readonly refusedWithoutReason: number;
  readonly values: number;
  readonly wrongValues: number;
  /** Over all edited files. */
  readonly bytesChangedOutsideValues: number;
  /** To find, splice and prove, for each file. */
  readonly meanMilliseconds: number;
  readonly large: {
    readonly bytes: number;
    readonly documents: number;
    readonly parsedDocuments: number;
    readonly findMilliseconds: number;
    readonly editMilliseconds: number;
  };
}

export function benchEdits(): EditFigures {
  const corpus = writeCorpus({ seed: 20260701, files: 1_000 });
  const figures = editCorpus(corpus);
  const stray = Object.entries(figures.strayBytes).map(([bytes, files]) => Number(bytes) * files);
  return {
    files: figures.files,
    edited: figures.edited,
    refused: figures.refused,
    refusedWithoutReason: figures.unexplained.length,
    values: figures.values,
    wrongValues: figures.wrong.length,
    bytesChangedOutsideValues: stray.reduce((sum, bytes) => sum + bytes, 0),
    meanMilliseconds: figures.milliseconds / figures.files,
    large: benchLargeFile(),
  };
}

function benchLargeFile(): EditFigures["large"] {
  const { text, documents } = writeLargeFile({ bytes: 5_000_000, every: 2_000 });
  const asked = { path: "all.yaml", text, images: [IMAGE], fields: [] };
  const started = performance.now();
  const { places, parsed } = findPlaces(asked);
  const found = performance.now();
  editFile({ ...asked, changes: places.map((place) => ({ place, tag: "1.8.0", digest: NEW_DIGEST })) });
  const edited = performance.now();
  return {
    bytes: Buffer.byteLength(text),
    documents,
    parsedDocuments: parsed,
    findMilliseconds: found - started,
    editMilliseconds: edited - found,
  };
}
