// Reads what somebody's pull request touches and the trees between which it does, for all who judge it. Kept by its head:
// GitHub is asked once.

import type { ChangedFiles } from "../domain/removal.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type RepositoryReference, TreeTooLarge } from "../forge/forge.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";
import { readTreeIndex } from "./read-files.ts";
import type { Shell } from "./shell.ts";

interface Desk {
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

/** A tree that is too large stays so, and each try costs many requests. */
export async function readTree(tree: string, desk: Desk): Promise<Seen<TreeIndex>> {
  const kept = desk.shell.memory.tooLarge.get(tree);
  if (kept !== undefined) return unknown(kept);
  try {
    return known(await readTreeIndex(tree, desk));
  } catch (error) {
    if (!(error instanceof TreeTooLarge)) throw error;
    const why = "it has more files than are looked at";
    desk.shell.memory.tooLarge.set(tree, why);
    return unknown(why);
  }
}

export async function readChangedFiles(
  { number, head, base }: { readonly number: number; readonly head: string; readonly base: string },
  { at, shell }: Desk,
): Promise<Seen<ChangedFiles>> {
  const key = `${at.repository} ${number} ${base} ${head}`;
  const cached = (await shell.store.cache.read("changed-files", [key])).get(key);
  if (cached !== undefined) return known(JSON.parse(cached) as ChangedFiles);
  const changed = await shell.forge.readChangedFiles(at, number);
  if (changed.kind === "known" && changed.value.head === head)
    await shell.store.cache.write("changed-files", new Map([[key, JSON.stringify(changed.value)]]));
  return changed;
}
