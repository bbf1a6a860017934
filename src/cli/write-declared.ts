// Writes an environment's files as a commit has them, byte for byte, into a folder that is new or empty. Nothing is
// written outside of it: every name is checked first, and no file is opened that exists.

import { chmod, lstat, mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../domain/pipeline.ts";
import type { History } from "../forge/history.ts";
import { selectFiles } from "../manifests/select-files.ts";
import { indexTree, isLink, type TreeFile, type TreeIndex } from "../manifests/tree-index.ts";

export interface Writing {
  readonly environment: Environment;
  readonly index: TreeIndex;
  readonly history: History;
  /** Absolute. */
  readonly folder: string;
}

export type WritingResult =
  /** `left`: links and submodules, which are not followed. */
  | { readonly kind: "written"; readonly files: number; readonly left: readonly string[] }
  /** A sentence. */
  | { readonly kind: "refused"; readonly why: string };

/** How many contents are in memory at once. */
const BATCH = 50;

export async function writeDeclared({ environment, index, history, folder }: Writing): Promise<WritingResult> {
  const { paths, fields } = environment;
  const { files } = selectFiles({ paths, fields, index, every: true });
  const asFiles = indexTree(index.files.map((file) => (isLink(file) ? { ...file, mode: "100644" } : file)));
  const left = selectFiles({ paths, fields, index: asFiles, every: true }).files.filter(({ path }) => {
    const file = index.byPath.get(path);
    return file !== undefined && isLink(file);
  });
  if (files.length === 0) return { kind: "refused", why: "The environment declared no files then." };
  const unsafe = files.find(({ path }) => !isSafe(path));
  if (unsafe) return { kind: "refused", why: `The name \`${unsafe.path}\` cannot be written safely.` };
  const refusal = await prepareFolder(folder);
  if (refusal !== undefined) return { kind: "refused", why: refusal };
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const contents = await history.readBytes(batch.map(({ oid }) => oid));
    for (const file of batch) {
      const bytes = contents.get(file.oid);
      if (bytes === undefined)
        return {
          kind: "refused",
          why: `This clone does not have the content of \`${file.path}\`; what was written so far is not all.`,
        };
      await writeFile(file, { bytes, folder });
    }
  }
  return { kind: "written", files: files.length, left: left.map(({ path }) => path) };
}

/** Git takes no such names, but a tree that was made by hand can have them. */
function isSafe(path: string): boolean {
  const parts = path.split("/");
  return parts.every((part) => part !== "" && !/^(?:\.{1,2}|\.git)$/i.test(part) && !/[\0\\]/.test(part));
}

async function prepareFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await lstat(folder)).isSymbolicLink()) return `\`${folder}\` is a link. Name the folder itself.`;
    const present = await readdir(folder);
    return present.length === 0 ? undefined : `The folder \`${folder}\` is not empty. Name a new one.`;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "EEXIST" || error.code === "ENOTDIR"))
      return `\`${folder}\` is not a folder. Name a new one.`;
    throw error;
  }
}

async function writeFile(
  { path, mode }: TreeFile,
  { bytes, folder }: { readonly bytes: Uint8Array; readonly folder: string },
): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  // Fails where something stands, a link included: two names may be one on a disk that knows no capital letters.
  const handle = await open(target, "wx", 0o644);
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
  if (mode === "100755") await chmod(target, 0o755);
}
