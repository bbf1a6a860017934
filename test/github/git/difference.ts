// The files that differ between two trees or commits, with blob ids, counts and patches, as pull requests show them.

import { compareTrees } from "./compare-trees.ts";
import { askGit, commitAt, type GitRepository } from "./git-repository.ts";
import type { TreeEntry } from "./tree.ts";

export interface ChangedFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  /** the blob after the change; before it for a removed file */
  readonly oid: string;
  readonly additions: number;
  readonly deletions: number;
  /** absent for binary files and pure renames */
  readonly patch: string | undefined;
}

interface Range {
  readonly base: string;
  readonly head: string;
}

const emptyOid = "0".repeat(40);

/** Counts and patches are asked of git when somebody looks at them. */
export function findChangedFiles(git: GitRepository, range: Range): readonly ChangedFile[] {
  if (range.base === range.head) return [];
  return listPaths(git, range).map((path, index) => ({
    ...path,
    get additions() {
      return countLines(git, range)[index]?.additions ?? 0;
    },
    get deletions() {
      return countLines(git, range)[index]?.deletions ?? 0;
    },
    get patch() {
      return hunksOf(readPatches(git, range)[index] ?? "");
    },
  }));
}

type ChangedPath = Pick<ChangedFile, "path" | "previousPath" | "status" | "oid">;

function listPaths(git: GitRepository, range: Range): readonly ChangedPath[] {
  const treeOf = (oid: string) => commitAt(git, oid)?.tree ?? oid;
  const paths = compareTrees(git.objects, { before: treeOf(range.base), after: treeOf(range.head) });
  const mayBeRenamed =
    paths.some(({ before }) => before === undefined) && paths.some(({ after }) => after === undefined);
  if (mayBeRenamed) return askForPaths(git, range);
  return paths.map(({ path, before, after }) => ({
    path,
    previousPath: undefined,
    status: compareEntries(before, after),
    oid: (after ?? before)?.oid ?? emptyOid,
  }));
}

function compareEntries(before: TreeEntry | undefined, after: TreeEntry | undefined): ChangedFile["status"] {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  const kind = ({ mode }: TreeEntry) => mode.slice(0, 3);
  return kind(before) === kind(after) ? "modified" : "changed";
}

function askForPaths(git: GitRepository, { base, head }: Range): readonly ChangedPath[] {
  const raw = askGit(git, { args: ["diff-tree", "-r", "-M", "--raw", "--no-abbrev", "-z", base, head] }).split("\0");
  const paths: ChangedPath[] = [];
  for (let at = 0; at < raw.length - 1; ) {
    const [, , before = "", after = "", letter = "M"] = (raw[at] ?? "").split(" ");
    const renamed = letter.startsWith("R");
    const previousPath = renamed ? raw[at + 1] : undefined;
    const path = raw[at + (renamed ? 2 : 1)] ?? "";
    paths.push({ path, previousPath, status: statusOf(letter), oid: after === emptyOid ? before : after });
    at += renamed ? 3 : 2;
  }
  return paths;
}

function readPatches(git: GitRepository, { base, head }: Range): readonly string[] {
  return askGit(git, { args: ["diff-tree", "-r", "-M", "-p", base, head] })
    .split(/^diff --git /m)
    .slice(1);
}

function countLines(git: GitRepository, { base, head }: Range) {
  const text = askGit(git, { args: ["diff-tree", "-r", "-M", "--numstat", base, head] });
  // binary files have a dash instead of numbers
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"))
    .map(([additions = "", deletions = ""]) => ({
      additions: Number(additions) || 0,
      deletions: Number(deletions) || 0,
    }));
}

function statusOf(letter: string): ChangedFile["status"] {
  if (letter === "A") return "added";
  if (letter === "D") return "removed";
  if (letter.startsWith("R")) return "renamed";
  return letter === "T" ? "changed" : "modified";
}

function hunksOf(patch: string): string | undefined {
  const start = patch.indexOf("\n@@ ");
  return start < 0 ? undefined : patch.slice(start + 1).replace(/\n$/, "");
}
