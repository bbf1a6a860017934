// Where a commit stands on a branch of a local clone. A shallow clone lacks history, so there a commit that does not
// show on the branch may be on it all the same.

import type { RevisionFacts } from "../domain/observed.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { readCommit } from "./read-git-objects.ts";
import { isCommitId } from "./read-payload.ts";
import { MOST_MISSING } from "./read-revision.ts";
import { askGit, tryGit } from "./run-git.ts";

export async function readCloneRevision(
  clone: string,
  { commit, head }: { readonly commit: string; readonly head: string },
): Promise<Seen<RevisionFacts & { readonly tree?: string }>> {
  const wrong = [commit, head].find((id) => !isCommitId(id));
  if (wrong !== undefined) return unknown(`\`${wrong.slice(0, 80)}\` is no commit id`);
  const found = await tryGit({ clone, arguments: ["cat-file", "-e", `${commit}^{commit}`] });
  const ancestor = await tryGit({ clone, arguments: ["merge-base", "--is-ancestor", commit, head] });
  const onBranch = ancestor.kind === "answered";
  const shallow = (await askGit({ clone, arguments: ["rev-parse", "--is-shallow-repository"] })).toString("utf8");
  if (!onBranch && shallow.trim() === "true") return unknown("this clone does not have the whole history");
  if (found.kind === "refused") return known({ onBranch: false });
  const { tree } = await readCommit(clone, commit);
  const list = ["rev-list", `--max-count=${MOST_MISSING + 1}`, head, `^${commit}`, "--"];
  const missing = (await askGit({ clone, arguments: list })).toString("utf8").split("\n").slice(0, -1);
  return known({ onBranch, tree, ...(missing.length <= MOST_MISSING && { missing: missing.reverse() }) });
}
