// Git trees: parse, print, look up a path, list, and change a few paths of a tree into a new one.

import { type ObjectStore, readObject, writeObject } from "./object-store.ts";

export type TreeMode = "100644" | "100755" | "040000" | "120000" | "160000";
export type EntryType = "blob" | "tree" | "commit";

export interface TreeEntry {
  readonly mode: TreeMode;
  readonly name: string;
  readonly oid: string;
}

export interface ListedEntry {
  readonly path: string;
  readonly mode: TreeMode;
  readonly type: EntryType;
  readonly oid: string;
}

/** One change of editTree: an object put at a path, or what is there removed. */
export interface TreeChange {
  readonly path: string;
  readonly put: { readonly mode: TreeMode; readonly oid: string } | undefined;
}

export const emptyTreeOid = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export function entryType(mode: TreeMode): EntryType {
  if (mode === "040000") return "tree";
  return mode === "160000" ? "commit" : "blob";
}

/** The entries in git's order; undefined when there is no such tree. */
export function readTree(store: ObjectStore, oid: string): readonly TreeEntry[] | undefined {
  if (oid === emptyTreeOid) return [];
  const object = readObject(store, oid);
  return object?.type === "tree" ? parseTree(object.body) : undefined;
}

export function writeTree(store: ObjectStore, entries: readonly TreeEntry[]): string {
  const sorted = entries.toSorted((one, other) => Buffer.compare(sortKey(one), sortKey(other)));
  const parts = sorted.flatMap(({ mode, name, oid }) => [
    Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`),
    Buffer.from(oid, "hex"),
  ]);
  return writeObject(store, { type: "tree", body: Buffer.concat(parts) });
}

export function entryAt(
  store: ObjectStore,
  { tree, path }: { readonly tree: string; readonly path: string },
): TreeEntry | undefined {
  const [name, ...rest] = path.split("/").filter((part) => part !== "");
  const entry = readTree(store, tree)?.find((candidate) => candidate.name === name);
  if (entry === undefined || rest.length === 0) return entry;
  return entry.mode === "040000" ? entryAt(store, { tree: entry.oid, path: rest.join("/") }) : undefined;
}

export function listTree(
  store: ObjectStore,
  { tree, recursive, prefix = "" }: { readonly tree: string; readonly recursive: boolean; readonly prefix?: string },
): readonly ListedEntry[] {
  return (readTree(store, tree) ?? []).flatMap((entry) => {
    const path = prefix + entry.name;
    const listed = { path, mode: entry.mode, type: entryType(entry.mode), oid: entry.oid };
    if (!recursive || listed.type !== "tree") return [listed];
    return [listed, ...listTree(store, { tree: entry.oid, recursive, prefix: `${path}/` })];
  });
}

/** Answers with the new tree's id, or with the path whose removal found nothing. An empty folder disappears. */
export function editTree(
  store: ObjectStore,
  { base, changes }: { readonly base: string | undefined; readonly changes: readonly TreeChange[] },
): { readonly tree: string } | { readonly missing: string } {
  const entries = new Map(
    (base === undefined ? [] : (readTree(store, base) ?? [])).map((entry) => [entry.name, entry]),
  );
  const folders = new Map<string, TreeChange[]>();
  for (const { path, put } of changes) {
    const slash = path.indexOf("/");
    if (slash > 0) {
      const inside = folders.get(path.slice(0, slash)) ?? [];
      folders.set(path.slice(0, slash), [...inside, { path: path.slice(slash + 1), put }]);
    } else if (put !== undefined) entries.set(path, { name: path, ...put });
    else if (!entries.delete(path)) return { missing: path };
  }
  for (const [name, inside] of folders) {
    const present = entries.get(name);
    const edited = editTree(store, { base: present?.mode === "040000" ? present.oid : undefined, changes: inside });
    if ("missing" in edited) return { missing: `${name}/${edited.missing}` };
    if (edited.tree === emptyTreeOid) entries.delete(name);
    else entries.set(name, { name, mode: "040000", oid: edited.tree });
  }
  return { tree: writeTree(store, [...entries.values()]) };
}

function sortKey({ name, mode }: TreeEntry): Buffer {
  return Buffer.from(mode === "040000" ? `${name}/` : name);
}

function parseTree(body: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const end = body.indexOf(0, space);
    const mode = body.subarray(at, space).toString("latin1").padStart(6, "0");
    entries.push({
      mode: isMode(mode) ? mode : "100644",
      name: body.subarray(space + 1, end).toString("utf8"),
      oid: body.subarray(end + 1, end + 21).toString("hex"),
    });
    at = end + 21;
  }
  return entries;
}

export function isMode(text: string): text is TreeMode {
  return ["100644", "100755", "040000", "120000", "160000"].includes(text);
}
