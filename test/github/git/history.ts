// Questions about the graph of commits. Their answers depend on ids alone, so git is asked once for each.

import { askGit, commitAt, type GitRepository } from "./git-repository.ts";

interface Range {
  readonly base: string;
  readonly head: string;
}

export function isAncestor(git: GitRepository, { base, head }: Range): boolean {
  if (base === head || commitAt(git, head)?.parents.includes(base)) return true;
  return findMergeBase(git, { base, head }) === base;
}

/** undefined when the two have no common commit */
export function findMergeBase(git: GitRepository, { base, head }: Range): string | undefined {
  if (base === head) return base;
  const answer = askGit(git, { args: ["merge-base", base, head], accept: [0, 1] }).trim();
  return answer === "" ? undefined : answer;
}

/** Commits that head has and base has not, oldest first, as a pull request lists them. */
export function commitsBetween(git: GitRepository, { base, head }: Range): readonly string[] {
  if (base === head) return [];
  return lines(askGit(git, { args: ["rev-list", "--topo-order", "--reverse", head, `^${base}`] }));
}

/** Newest first. @param path only commits that touch it */
export function commitsOf(
  git: GitRepository,
  { head, path }: { readonly head: string; readonly path?: string },
): readonly string[] {
  return lines(askGit(git, { args: ["rev-list", head, ...(path === undefined ? [] : ["--", path])] }));
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
