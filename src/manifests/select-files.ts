// Which files of the repository an environment's `paths` and `fields` cover. `paths` are read in order: files, folders
// or globs, `!` takes out again, later ones win. Symbolic links and submodules are never followed; where one is named,
// that is a problem. Says nothing about what the files hold.

import type { Field } from "../domain/pipeline.ts";
import type { PlaceProblem } from "../domain/place.ts";
import { isManifestPath, LARGEST_FILE } from "./manifest-path.ts";
import { baseOf, isGlob, readGlob } from "./match-glob.ts";
import { filesUnder, isLink, type TreeFile, type TreeIndex } from "./tree-index.ts";

export interface Selection {
  /** Sorted by path. */
  readonly files: readonly TreeFile[];
  readonly problems: readonly PlaceProblem[];
  /** How many entries of the tree were looked at; long names count more, since a glob has more to try in them. */
  readonly looked: number;
}

/**
 * `atMost`: how many entries may be looked at, as `looked` counts; beyond it the paths are a problem. `every`: also files
 * that are no manifests or too large to be read as one.
 */
export function selectFiles(asked: {
  readonly paths: readonly string[];
  readonly fields: readonly Pick<Field, "file">[];
  readonly index: TreeIndex;
  readonly atMost?: number;
  readonly every?: boolean;
}): Selection {
  const { index, atMost = Number.POSITIVE_INFINITY, every = false } = asked;
  const chosen = new Map<string, TreeFile>();
  const problems: PlaceProblem[] = [];
  let looked = 0;
  for (const written of asked.paths) {
    if (looked > atMost) {
      problems.push(problem(written, TOO_MANY));
      break;
    }
    const exclude = written.startsWith("!");
    const match = matchPath(exclude ? written.slice(1) : written, index);
    looked += match.looked;
    if (match.why !== undefined && (!exclude || match.malformed)) problems.push(problem(written, match.why));
    for (const file of match.files) {
      if (exclude) chosen.delete(file.path);
      else if (!isLink(file) && (every || isManifestPath(file.path))) chosen.set(file.path, file);
    }
  }
  for (const name of new Set(asked.fields.map(({ file }) => file))) {
    looked += 1;
    const file = index.byPath.get(name);
    if (file && !isLink(file)) chosen.set(name, file);
    else problems.push(problem(name, explainAbsence(name, index)));
  }
  const files = [...chosen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const large = every ? [] : files.filter(isLarge);
  problems.push(
    ...large.map(({ path }) =>
      problem(path, 'The file is larger than 5 MiB and is not read. Split it, or exclude it with "!".'),
    ),
  );
  return { files: files.filter((file) => !large.includes(file)), problems, looked };
}

function isLarge({ size }: TreeFile): boolean {
  return (size ?? 0) > LARGEST_FILE;
}

interface Match {
  readonly files: readonly TreeFile[];
  readonly looked: number;
  readonly why?: string;
  /** The path itself is wrong, whatever the tree holds. */
  readonly malformed?: boolean;
}

function matchPath(written: string, index: TreeIndex): Match {
  const path = written.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  if (path === "" || path === ".") return written.startsWith("/") ? malformed(OUTSIDE) : filesUnder(index, "");
  if (path.startsWith("/") || path.split("/").includes("..")) return malformed(OUTSIDE);
  const file = index.byPath.get(path);
  if (file) return { files: [file], looked: 1, ...(isLink(file) && { why: explainAbsence(path, index) }) };
  const folder = filesUnder(index, path);
  if (folder.files.length > 0) return folder;
  if (!isGlob(path)) return { files: [], looked: folder.looked, why: explainAbsence(path, index) };
  const glob = readGlob(path);
  if (glob.kind === "unsafe") return malformed(glob.why);
  const { files, looked } = filesUnder(index, baseOf(path));
  const effort = files.reduce((sum, file) => sum + Math.floor((file.path.length / USUAL_PATH) ** 2), looked);
  return { files: files.filter((file) => glob.matches(file.path)), looked: effort };
}

const USUAL_PATH = 60;
const TOO_MANY =
  "The globs of this pipeline file have too many files to look at. Let each begin with the folder that it is about.";

const OUTSIDE =
  "The path leads out of the repository. Write it from the repository's root, without `..` and a leading `/`.";

function malformed(why: string): Match {
  return { files: [], looked: 0, why, malformed: true };
}

function explainAbsence(path: string, { byPath }: TreeIndex): string {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const file = byPath.get(parts.slice(0, length).join("/"));
    if (!file || !isLink(file)) continue;
    const what = file.mode === "120000" ? "a symbolic link" : "a submodule";
    return `${file.path} is ${what}, and those are never followed. Name the file or folder itself.`;
  }
  return "The repository has no file or folder of this name on this branch. Correct the path, or add the file.";
}

function problem(path: string, why: string): PlaceProblem {
  return { path, line: 1, column: 1, why };
}
