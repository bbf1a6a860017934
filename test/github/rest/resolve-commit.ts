// Finds the commit that somebody names: by its id, whole or short, or as a branch or tag.

import type { Commit } from "../git/commit.ts";
import { commitAt } from "../git/git-repository.ts";
import { runGit } from "../git/run-git.ts";
import type { Repository } from "../model/repository.ts";

export function resolveCommit({ git }: Repository, name: string): Commit | undefined {
  const short = name.replace(/^refs\//, "");
  const named = ["refs/heads/", "refs/tags/", "refs/"]
    .map((prefix) => git.refs.get(prefix + short))
    .find((oid) => oid !== undefined);
  const direct = commitAt(git, named ?? name);
  if (direct !== undefined) return direct;
  // a short id, or an annotated tag that has to be peeled
  if (named === undefined && !/^[0-9a-f]{4,39}$/.test(name)) return undefined;
  const peeled = runGit(git.folder, {
    args: ["rev-parse", "--verify", "--quiet", `${named ?? name}^{commit}`],
    accept: [0, 1, 128],
  });
  return commitAt(git, peeled.output.toString("utf8").trim());
}
