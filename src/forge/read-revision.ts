// Where a commit stands on a branch: which commits the branch has that it lacks, and its tree. Who names the commit is
// a cluster, so it is looked at before it goes into an address. The answer about two commits never changes.

import type { RevisionFacts } from "../domain/observed.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { isCommitId } from "./read-payload.ts";

export interface RevisionRequest {
  readonly at: RepositoryReference;
  readonly commit: string;
  readonly head: string;
}

type Revision = RevisionFacts & { readonly tree?: string };

const PAGE = 100;
/** A commit that lacks more is so old that it is not told which. */
export const MOST_MISSING = 300;

/** One request, two or three where more than a page is missing. Without a tree, GitHub does not have the commit. */
export async function readRevision(github: Github, { at, commit, head }: RevisionRequest): Promise<Seen<Revision>> {
  const wrong = [commit, head].find((id) => !isCommitId(id));
  if (wrong !== undefined) return unknown(`\`${wrong.slice(0, 80)}\` is no commit id`);
  const missing: string[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await tryRead(github, {
      at,
      doing: `compare ${commit} with ${head}`,
      ask: ({ octokit, where }) =>
        octokit.rest.repos.compareCommitsWithBasehead({
          ...where,
          basehead: `${commit}...${head}`,
          per_page: PAGE,
          page,
        }),
    });
    if (answer.kind === "answered" && (answer.status === 404 || answer.status === 422)) {
      return known({ onBranch: false });
    }
    if (answer.kind !== "ok") return unknown(whyNot(answer));
    const { status, base_commit: base, commits, total_commits: total } = answer.value.data;
    // Ahead is the head, which then has this commit behind it.
    const facts = { onBranch: status === "identical" || status === "ahead", tree: base.commit.tree.sha };
    if (total > MOST_MISSING) return known(facts);
    missing.push(...commits.map(({ sha }) => sha));
    if (missing.length >= total) return known({ ...facts, missing });
    if (commits.length === 0) return known(facts);
  }
}
