// Opens the pull request of a branch, or finds that it is open already. Adopts only what our own app opened from this
// very branch of this repository.

import { type CallRequest, type Github, read, write } from "./call-github.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";
import type { PullRequestText } from "./write-request.ts";

export interface OpenRequest extends PullRequestText {
  readonly at: RepositoryReference;
  readonly branch: string;
  readonly base: string;
  readonly draft?: boolean;
}

interface OpenPullRequest {
  readonly number: number;
  readonly by: string;
  readonly ours: boolean;
}

export async function openPullRequest(
  github: Github,
  request: OpenRequest,
): Promise<Outcome<{ readonly number: number }>> {
  const { at, branch, base, title, body, draft = false } = request;
  const written = await write(github, {
    at,
    doing: `open the pull request of ${branch}`,
    ask: ({ octokit, where }) =>
      octokit.rest.pulls.create({ ...where, head: branch, base, title, body, ...(draft && { draft }) }),
  });
  if (written.kind === "ok") return { kind: "done", value: { number: written.value.data.number } };
  if (written.kind === "answered" && written.status !== 422) return { kind: "refused", why: written.sentence };
  // Not every plan has drafts; nothing merges by itself what is not on a promotion's branch.
  const noDrafts = written.kind === "answered" && /draft pull requests are not supported/i.test(written.sentence);
  if (draft && noDrafts) return openPullRequest(github, { ...request, draft: false });
  const existing = await findOpen(github, { at, branch, base });
  if (existing?.ours) return { kind: "already-so", value: { number: existing.number } };
  if (written.kind === "unsure") throw written.error;
  if (existing) {
    return { kind: "refused", why: `pull request #${existing.number} by ${existing.by} proposes ${branch} already` };
  }
  // The branch was written a moment ago: GitHub may not show it everywhere yet, or somebody has taken it away.
  const vanished = /no commits between|\b(?:head|base) invalid/i.test(written.sentence);
  return { kind: vanished ? "moved-on" : "refused", why: written.sentence };
}

async function findOpen(
  github: Github,
  { at, branch, base }: { readonly at: RepositoryReference; readonly branch: string; readonly base: string },
): Promise<OpenPullRequest | undefined> {
  const { slug } = await github.identity();
  const { data } = await read(github, {
    at,
    doing: `look for the pull request of ${branch}`,
    ask: ({ octokit, where }) =>
      octokit.rest.pulls.list({ ...where, head: `${where.owner}:${branch}`, base, state: "open", per_page: 100 }),
  } satisfies CallRequest<unknown>);
  const here = data.filter(({ head }) => head.ref === branch && Number(head.repo?.id) === at.repository);
  const found = here.map(({ number, user }) => ({
    number,
    by: user?.login ?? "somebody unknown",
    ours: user?.type === "Bot" && user.login === `${slug}[bot]`,
  }));
  return found.find(({ ours }) => ours) ?? found[0];
}
