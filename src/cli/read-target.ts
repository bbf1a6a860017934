// Finds the pipeline files that somebody means on the command line: a clone, or one file. A file in a clone is read with
// the others of that clone; any other file stands for the main file of a repository whose tree is not known.

import { dirname, relative, resolve } from "node:path";
import { isConfigurationFile, MAIN_FILE } from "../config/configuration-files.ts";
import { type Clone, isFolder, readClone, readText } from "./read-clone.ts";

export type Target =
  /** `alone`: the path of a file that stands for a main file, in a tree that nobody knows. */
  | { readonly kind: "clone"; readonly clone: Clone; readonly alone?: string }
  | { readonly kind: "nothing"; readonly why: string };

export async function readTarget(target: string, folder: string): Promise<Target> {
  const path = resolve(folder, target);
  const kind = await isFolder(path);
  if (kind === undefined) return { kind: "nothing", why: `There is no \`${target}\`.` };
  if (kind) {
    const clone = await readClone(path);
    if (clone.files.length > 0) return { kind: "clone", clone };
    return { kind: "nothing", why: `There is no \`${MAIN_FILE}\` in \`${target}\`.` };
  }
  const root = rootOf(path);
  if (root !== undefined) return { kind: "clone", clone: await readClone(root) };
  const clone = { files: [{ path: MAIN_FILE, text: await readText(path) }], tree: [] };
  return { kind: "clone", clone, alone: target };
}

/** The folder in which the file stands where pipeline files have to stand. */
function rootOf(path: string): string | undefined {
  for (const root of [dirname(dirname(path)), dirname(dirname(dirname(path)))]) {
    if (isConfigurationFile(relative(root, path).replaceAll("\\", "/"))) return root;
  }
  return undefined;
}
