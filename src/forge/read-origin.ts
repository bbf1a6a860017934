// Who brought what a file says: the newest commit of a branch that changed it, and the merged pull request that it came
// with. Two requests; the answer about a head never changes.

import type { Origin } from "../domain/observed.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";

export interface OriginRequest {
  readonly at: RepositoryReference;
  readonly head: string;
  readonly path: string;
}

export async function readOrigin(github: Github, { at, head, path }: OriginRequest): Promise<Seen<Origin>> {
  const listed = await tryRead(github, {
    at,
    doing: `find who changed ${path}`,
    ask: ({ octokit, where }) => octokit.rest.repos.listCommits({ ...where, sha: head, path, per_page: 1 }),
  });
  if (listed.kind !== "ok") return unknown(whyNot(listed));
  const [newest] = listed.value.data;
  if (newest === undefined) return unknown("GitHub names no commit that changed it");
  const { sha: commit, author, commit: made } = newest;
  const by = author?.login ?? made.author?.name ?? "somebody unknown";
  const pulls = await tryRead(github, {
    at,
    doing: `find the pull request of ${commit}`,
    ask: ({ octokit, where }) =>
      octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...where, commit_sha: commit, per_page: 30 }),
  });
  if (pulls.kind !== "ok") return unknown(whyNot(pulls));
  const merged = pulls.value.data.find((pull) => pull.merged_at !== null);
  return known({ commit, by, ...(merged && { pullRequest: merged.number }) });
}
