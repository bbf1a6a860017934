// Questions about the graph of commits. Where it is a line the objects answer; otherwise git is asked, once for each
// question, because the answers depend on ids alone.

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
  const [ours, theirs] = [lineOf(git, base), lineOf(git, head)];
  if (ours !== undefined && theirs !== undefined) {
    const known = new Set(ours);
    return theirs.find((oid) => known.has(oid));
  }
  const answer = askGit(git, { args: ["merge-base", base, head], accept: [0, 1] }).trim();
  return answer === "" ? undefined : answer;
}

/** Commits that head has and base has not, oldest first, as a pull request lists them. */
export function commitsBetween(git: GitRepository, { base, head }: Range): readonly string[] {
  if (base === head) return [];
  const [ours, theirs] = [lineOf(git, base), lineOf(git, head)];
  if (ours !== undefined && theirs !== undefined) {
    const known = new Set(ours);
    return theirs.filter((oid) => !known.has(oid)).reverse();
  }
  return lines(askGit(git, { args: ["rev-list", "--topo-order", "--reverse", head, `^${base}`] }));
}

/** Newest first. @param path only commits that touch it */
export function commitsOf(
  git: GitRepository,
  { head, path }: { readonly head: string; readonly path?: string },
): readonly string[] {
  const line = path === undefined ? lineOf(git, head) : undefined;
  if (line !== undefined) return line;
  return lines(askGit(git, { args: ["rev-list", head, ...(path === undefined ? [] : ["--", path])] }));
}

const longestLine = 500;

/** A commit and its ancestors down to the root, where none of them is a merge; undefined otherwise. */
function lineOf(git: GitRepository, head: string): readonly string[] | undefined {
  const line: string[] = [];
  for (let oid: string | undefined = head; oid !== undefined; ) {
    const parents: readonly string[] | undefined = commitAt(git, oid)?.parents;
    if (parents === undefined || parents.length > 1 || line.length >= longestLine) return undefined;
    line.push(oid);
    oid = parents[0];
  }
  return line;
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
