// Lists every file of a tree. One request where GitHub can answer with all of it; otherwise folder by folder.

import { type Github, read } from "./call-github.ts";
import { type RepositoryReference, type TreeEntry, TreeTooLarge } from "./forge.ts";

/** Git's name for the tree without entries; GitHub does not serve it. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/** Each costs a request, and a stranger's pull request may have a great many. */
const MOST_FOLDERS = 500;

interface Folder {
  readonly oid: string;
  /** With a final slash, or empty. */
  readonly prefix: string;
}

interface Listing {
  readonly entries: readonly Entry[];
  readonly truncated: boolean;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size?: number;
}

export async function readTree(
  github: Github,
  { at, tree }: { readonly at: RepositoryReference; readonly tree: string },
): Promise<readonly TreeEntry[]> {
  if (tree === EMPTY_TREE) return [];
  const files: TreeEntry[] = [];
  const folders: Folder[] = [{ oid: tree, prefix: "" }];
  let read = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    read += 1;
    if (read > MOST_FOLDERS) throw new TreeTooLarge(`The tree ${tree} has more folders than Stagecoach reads.`);
    const { entries, subfolders } = await readFolder(github, { at, folder });
    files.push(...entries);
    folders.push(...subfolders);
  }
  return files;
}

async function readFolder(
  github: Github,
  { at, folder }: { readonly at: RepositoryReference; readonly folder: Folder },
): Promise<{ readonly entries: readonly TreeEntry[]; readonly subfolders: readonly Folder[] }> {
  const whole = await list(github, { at, oid: folder.oid, recursive: true });
  if (!whole.truncated) return { entries: filesOf(whole, folder), subfolders: [] };
  const shallow = await list(github, { at, oid: folder.oid, recursive: false });
  if (shallow.truncated)
    throw new TreeTooLarge(`GitHub does not list folder "${folder.prefix}" whole: it is too large.`);
  const subfolders = shallow.entries
    .filter(({ type }) => type === "tree")
    .map(({ path, sha }) => ({ oid: sha, prefix: `${folder.prefix}${path}/` }));
  return { entries: filesOf(shallow, folder), subfolders };
}

async function list(
  github: Github,
  { at, oid, recursive }: { readonly at: RepositoryReference; readonly oid: string; readonly recursive: boolean },
): Promise<Listing> {
  const { data } = await read(github, {
    at,
    doing: `list the files of tree ${oid}`,
    ask: ({ octokit, where }) =>
      octokit.rest.git.getTree({ ...where, tree_sha: oid, ...(recursive && { recursive: "1" }) }),
  });
  return { entries: data.tree, truncated: data.truncated };
}

function filesOf({ entries }: Listing, { prefix }: Folder): readonly TreeEntry[] {
  return entries
    .filter(({ type }) => type !== "tree")
    .map(({ path, mode, sha, size }) => ({
      path: `${prefix}${path}`,
      mode,
      oid: sha,
      ...(size !== undefined && { size }),
    }));
}
