// The change of a promotion as a person would look for it: the file, the line as it was, the line as it becomes.

import { findChangedFiles } from "../github/git/difference.ts";
import { commitAt } from "../github/git/git-repository.ts";
import type { PullRequest } from "../github/model/repository.ts";
import { shortenDigests, type Terminal } from "./terminal.ts";

export function showChange({ repository, headOid }: PullRequest, { paint, width }: Terminal): readonly string[] {
  const { git } = repository;
  const parent = commitAt(git, headOid)?.parents[0];
  if (parent === undefined) return [];
  return findChangedFiles(git, { base: parent, head: headOid }).flatMap(({ path, patch = "" }) => [
    paint("dim", path),
    ...changedLines(patch).map((line) => {
      const text = shortenDigests(line);
      return paint(line.startsWith("-") ? "red" : "green", text.length > width ? `${text.slice(0, width - 1)}…` : text);
    }),
  ]);
}

/** Moved to the left together, because nothing around them shows how deep they stand. */
function changedLines(patch: string): readonly string[] {
  const lines = patch.split("\n").filter((line) => /^[+-]/.test(line));
  const depth = Math.min(...lines.map((line) => line.slice(1).search(/\S|$/)));
  return lines.map((line) => `${line.slice(0, 1)} ${line.slice(1 + depth)}`);
}
