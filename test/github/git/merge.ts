// Merges two commits as GitHub does it: without a working tree, with git's own merge machinery.

import type { Signature } from "./commit.ts";
import { askGit, commitAt, createCommit, type GitRepository } from "./git-repository.ts";
import { commitsBetween, findMergeBase } from "./history.ts";

export type MergeResult = { readonly kind: "clean"; readonly tree: string } | { readonly kind: "conflict" };

export function mergeTrees(
  git: GitRepository,
  { base, head }: { readonly base: string; readonly head: string },
): MergeResult {
  const text = askGit(git, {
    args: ["merge-tree", "--write-tree", "--allow-unrelated-histories", base, head],
    accept: [0, 1],
  });
  // a clean merge prints the tree alone, a conflict lists its files below
  const [tree = "", ...rest] = text.split("\n").filter((line) => line !== "");
  return rest.length === 0 ? { kind: "clean", tree } : { kind: "conflict" };
}

/** Puts head's commits on top of base one by one; the answer is the last of the new commits. */
export function rebaseCommits(
  git: GitRepository,
  { base, head, committer }: { readonly base: string; readonly head: string; readonly committer: Signature },
): { readonly kind: "clean"; readonly oid: string } | { readonly kind: "conflict" } {
  const start = findMergeBase(git, { base, head });
  if (start === undefined) return { kind: "conflict" };
  let tip = base;
  for (const oid of commitsBetween(git, { base: start, head })) {
    const commit = commitAt(git, oid);
    const [parent, ...others] = commit?.parents ?? [];
    if (commit === undefined || parent === undefined || others.length > 0) continue;
    // a stand-in for the tip whose parent is the commit's own makes exactly that one the merge base
    const stage = createCommit(git, {
      ...commit,
      tree: commitAt(git, tip)?.tree ?? "",
      parents: [parent],
      message: "stage",
      signed: false,
    });
    const merged = mergeTrees(git, { base: stage, head: oid });
    if (merged.kind === "conflict") return merged;
    tip = createCommit(git, { ...commit, tree: merged.tree, parents: [tip], committer, signed: false });
  }
  return { kind: "clean", oid: tip };
}
