// The pipeline files of a folder on disk and the names of all its files, as far as validation needs them. Follows no
// links, reads nothing that is larger than a pipeline file may be, and leaves `.git` and `node_modules` alone.

import { open, opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isConfigurationFile } from "../config/configuration-files.ts";
import { LARGEST_FILE } from "../config/parse-limits.ts";
import { CODEOWNERS_PATHS, LARGEST_CODEOWNERS } from "../config/read-codeowners.ts";

export interface Clone {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly tree: readonly string[];
  /** The file of code owners that counts. */
  readonly codeowners?: string;
}

/** A tree this large is not listed further: `for-each` then sees what was found. */
const MOST_FILES = 200_000;
const LEFT_ALONE = new Set([".git", "node_modules"]);

export async function readClone(folder: string): Promise<Clone> {
  const tree = await listFiles(folder);
  const files: { path: string; text: string }[] = [];
  for (const path of tree.filter(isConfigurationFile)) files.push({ path, text: await readText(join(folder, path)) });
  const owners = CODEOWNERS_PATHS.find((path) => tree.includes(path));
  const codeowners = owners === undefined ? undefined : await readText(join(folder, owners), LARGEST_CODEOWNERS);
  return { files, tree, ...(codeowners !== undefined && { codeowners }) };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined && files.length < MOST_FILES; below = pending.pop()) {
    for await (const entry of await opendir(join(folder, below))) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !LEFT_ALONE.has(entry.name)) pending.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }
  return files.sort();
}

/** One byte more than is allowed is enough for the reader to refuse it. */
export async function readText(path: string, largest = LARGEST_FILE): Promise<string> {
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(largest + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.toString("utf8", 0, length);
    }
  } finally {
    await handle.close();
  }
}

export async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
