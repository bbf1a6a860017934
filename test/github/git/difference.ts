// The files that differ between two trees or commits, with blob ids, counts and patches, as pull requests show them.

import { askGit, type GitRepository } from "./git-repository.ts";

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

const emptyOid = "0".repeat(40);

export function findChangedFiles(
  git: GitRepository,
  { base, head }: { readonly base: string; readonly head: string },
): readonly ChangedFile[] {
  if (base === head) return [];
  const raw = askGit(git, { args: ["diff-tree", "-r", "-M", "--raw", "--no-abbrev", "-z", base, head] }).split("\0");
  const counts = countLines(git, { base, head });
  const patches = askGit(git, { args: ["diff-tree", "-r", "-M", "-p", base, head] })
    .split(/^diff --git /m)
    .slice(1);
  const files: ChangedFile[] = [];
  for (let at = 0; at < raw.length - 1; ) {
    const [, , before = "", after = "", letter = "M"] = (raw[at] ?? "").split(" ");
    const renamed = letter.startsWith("R");
    const previousPath = renamed ? raw[at + 1] : undefined;
    const path = raw[at + (renamed ? 2 : 1)] ?? "";
    files.push({
      path,
      previousPath,
      status: statusOf(letter),
      oid: after === emptyOid ? before : after,
      ...(counts[files.length] ?? { additions: 0, deletions: 0 }),
      patch: hunksOf(patches[files.length] ?? ""),
    });
    at += renamed ? 3 : 2;
  }
  return files;
}

function countLines(git: GitRepository, { base, head }: { readonly base: string; readonly head: string }) {
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
