// `for-each`: which folders of the repository a pattern such as `services/{app}` finds, and what its placeholders stand
// for in each. A placeholder is (part of) one folder's name; a folder whose name could not be a pipeline's is set apart.

import { checkName } from "./name-shapes.ts";

export interface Match {
  readonly folder: string;
  readonly placeholders: ReadonlyMap<string, string>;
}

export interface ForEachPattern {
  readonly kind: "pattern";
  readonly segments: readonly Segment[];
  readonly names: readonly string[];
}

interface Segment {
  readonly before: string;
  readonly name?: string;
  readonly after: string;
}

const SEGMENT = /^([^{}*?[\]\\]*)(?:\{([a-z][a-z0-9-]*)\}([^{}*?[\]\\]*))?$/;

export function readForEach(text: string): ForEachPattern | { readonly kind: "invalid"; readonly why: string } {
  const segments: Segment[] = [];
  for (const segment of text.replace(/\/$/, "").split("/")) {
    const match = SEGMENT.exec(segment);
    if (segment === "" || segment === "." || segment === ".." || match === null) {
      return {
        kind: "invalid",
        why: "Expected a folder of this repository with placeholders, such as `services/{app}`.",
      };
    }
    const [, before = "", name, after = ""] = match;
    segments.push({ before, after, ...(name !== undefined && { name }) });
  }
  const names = segments.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (names.length === 0)
    return { kind: "invalid", why: "Expected a placeholder in the folder, such as `services/{app}`." };
  if (new Set(names).size < names.length) return { kind: "invalid", why: "A placeholder may stand once only." };
  return { kind: "pattern", segments, names };
}

export type FolderSearch = (depth: number) => readonly string[];

/** The repository's folders by depth, made once for all patterns. */
export function foldersByDepth(tree: readonly string[]): FolderSearch {
  const known = new Map<number, readonly string[]>();
  return (depth) => {
    const before = known.get(depth);
    if (before !== undefined) return before;
    const folders = new Set<string>();
    for (const file of tree) {
      const parts = file.split("/", depth + 1);
      if (parts.length > depth) folders.add(parts.slice(0, depth).join("/"));
    }
    const sorted = [...folders].sort();
    known.set(depth, sorted);
    return sorted;
  };
}

export function findFolders(
  pattern: ForEachPattern,
  folders: readonly string[],
): { readonly matches: readonly Match[]; readonly misnamed: readonly string[] } {
  const matches: Match[] = [];
  const misnamed: string[] = [];
  for (const folder of folders) {
    const placeholders = matchFolder(pattern, folder);
    if (placeholders === undefined) continue;
    if ([...placeholders.values()].some((value) => checkName(value) !== undefined)) misnamed.push(folder);
    else matches.push({ folder, placeholders });
  }
  return { matches, misnamed };
}

function matchFolder(pattern: ForEachPattern, folder: string): ReadonlyMap<string, string> | undefined {
  const placeholders = new Map<string, string>();
  const parts = folder.split("/");
  for (const [index, { before, name, after }] of pattern.segments.entries()) {
    const part = parts[index] ?? "";
    if (name === undefined) {
      if (part !== before) return undefined;
      continue;
    }
    const fits = part.length > before.length + after.length && part.startsWith(before) && part.endsWith(after);
    if (!fits) return undefined;
    placeholders.set(name, part.slice(before.length, part.length - after.length));
  }
  return placeholders;
}
