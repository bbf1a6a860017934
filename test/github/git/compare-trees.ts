// Which paths differ between two trees. Read from the objects, because a process for each push would cost more than the
// push; whether a file was renamed is git's to find out.

import type { ObjectStore } from "./object-store.ts";
import { entryType, readTree, type TreeEntry } from "./tree.ts";

export interface DifferentPath {
  readonly path: string;
  /** undefined where there is no such file */
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

interface Trees {
  /** ids; undefined for a folder that is not there */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** In git's order. */
export function compareTrees(store: ObjectStore, trees: Trees, folder = ""): readonly DifferentPath[] {
  if (trees.before === trees.after) return [];
  const before = entriesOf(store, trees.before);
  const after = entriesOf(store, trees.after);
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort((one, other) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return keys.flatMap((key): readonly DifferentPath[] => {
    const [old, now] = [before.get(key), after.get(key)];
    const path = `${folder}${(old ?? now)?.name ?? ""}`;
    if (key.endsWith("/")) return compareTrees(store, { before: old?.oid, after: now?.oid }, `${path}/`);
    return old?.oid === now?.oid && old?.mode === now?.mode ? [] : [{ path, before: old, after: now }];
  });
}

/** By name; a folder's ends with a slash, which is also how git sorts it. */
function entriesOf(store: ObjectStore, tree: string | undefined): ReadonlyMap<string, TreeEntry> {
  const entries = tree === undefined ? [] : (readTree(store, tree) ?? []);
  return new Map(entries.map((entry) => [entryType(entry.mode) === "tree" ? `${entry.name}/` : entry.name, entry]));
}
