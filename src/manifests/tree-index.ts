// A repository's tree, sorted once, so that the files of one folder among twenty thousand are found without looking at
// the others. Counts what it looks at, because six thousand environments ask.

export interface TreeFile {
  readonly path: string;
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
  /** Bytes; absent for submodules. */
  readonly size?: number;
}

export interface TreeIndex {
  /** Sorted by path, in UTF-16 code units. */
  readonly files: readonly TreeFile[];
  readonly byPath: ReadonlyMap<string, TreeFile>;
}

export function indexTree(tree: readonly TreeFile[]): TreeIndex {
  const files = [...tree].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, byPath: new Map(files.map((file) => [file.path, file])) };
}

/** All files below a folder (`""`: all of the tree). `looked` is how many entries that took. */
export function filesUnder(
  { files }: TreeIndex,
  folder: string,
): { readonly files: readonly TreeFile[]; readonly looked: number } {
  if (folder === "") return { files, looked: files.length };
  const prefix = `${folder}/`;
  let looked = 0;
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    looked += 1;
    if ((files[middle]?.path ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (files[end]?.path.startsWith(prefix)) end += 1;
  return { files: files.slice(low, end), looked: looked + end - low + 1 };
}

export function isLink({ mode }: TreeFile): boolean {
  return mode === "120000" || mode === "160000";
}
