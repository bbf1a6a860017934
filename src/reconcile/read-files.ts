// Reads trees and files of a repository by Git's ids, which never change their meaning: first from what this process
// keeps, then from the cache, then from the forge. Tells how many it could not read instead of leaving them out.

import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RepositoryReference, TreeEntry } from "../forge/forge.ts";
import { indexTree, type TreeIndex } from "../manifests/tree-index.ts";
import type { Shell } from "./shell.ts";

export async function readTreeIndex(
  tree: string,
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<TreeIndex> {
  const kept = shell.memory.trees.get(tree);
  if (kept) return kept;
  const cached = (await shell.store.cache.read("tree", [tree])).get(tree);
  const entries =
    cached === undefined ? await shell.forge.readTree(at, tree) : (JSON.parse(cached) as readonly TreeEntry[]);
  if (cached === undefined) await shell.store.cache.write("tree", new Map([[tree, JSON.stringify(entries)]]));
  const index = indexTree(entries);
  shell.memory.trees.set(tree, index);
  return index;
}

/** Text by blob id; every id that was asked for is in the answer. */
export async function readTexts(
  oids: readonly string[],
  { at, shell }: { readonly at: RepositoryReference; readonly shell: Shell },
): Promise<ReadonlyMap<string, Seen<string>>> {
  const wanted = [...new Set(oids)];
  const cached = await shell.store.cache.read("blob", wanted);
  const texts = new Map<string, Seen<string>>([...cached].map(([oid, text]) => [oid, known(text)]));
  const missing = wanted.filter((oid) => !texts.has(oid));
  if (missing.length === 0) return texts;
  const read = await shell.forge.readBlobs(at, missing);
  const fresh = new Map<string, string>();
  for (const oid of missing) {
    const text = read.get(oid) ?? unknown("the forge did not answer for it");
    texts.set(oid, text);
    if (text.kind === "known") fresh.set(oid, text.value);
  }
  if (fresh.size > 0) await shell.store.cache.write("blob", fresh);
  return texts;
}
