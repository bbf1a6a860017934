// A repository's tree from texts by path, for what is asked about files and reads none.

import { known, type Seen } from "../../src/domain/seen.ts";
import { blobId } from "../../src/manifests/blob-id.ts";
import { indexTree, type TreeIndex } from "../../src/manifests/tree-index.ts";

export type Files = Readonly<Record<string, string>>;

export function treeOf(files: Files, modes: Readonly<Record<string, string>> = {}): TreeIndex {
  return indexTree(
    Object.entries(files).map(([path, text]) => ({
      path,
      mode: modes[path] ?? "100644",
      oid: blobId(text),
      size: Buffer.byteLength(text),
    })),
  );
}

export function textsOf(...sides: readonly Files[]): ReadonlyMap<string, Seen<string>> {
  return new Map(sides.flatMap((files) => Object.values(files).map((text) => [blobId(text), known(text)] as const)));
}
