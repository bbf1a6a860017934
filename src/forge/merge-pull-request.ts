// Merges a pull request at the head that it was decided on, puts it into the merge queue with that head, or takes it out
// of the queue. What became of a merge that GitHub did not confirm is read from the pull request.

import { type Github, read, type Written, write } from "./call-github.ts";
import { type PullRequestNow, readPullRequest } from "./edit-pull-request.ts";
import type { Outcome, RepositoryReference } from "./forge.ts";

export interface MergeRequest {
  readonly at: RepositoryReference;
  readonly number: number;
  readonly head: string;
  readonly method: "squash" | "merge" | "rebase" | "queue";
  readonly title: string;
  readonly message: string;
}

export const ENQUEUE = `
mutation Enqueue($pullRequest: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $pullRequest, expectedHeadOid: $head }) { mergeQueueEntry { id } }
}`;

export const DEQUEUE = `
mutation Dequeue($pullRequest: ID!) { dequeuePullRequest(input: { id: $pullRequest }) { mergeQueueEntry { id } } }`;

export const QUEUED = `
query Queued($pullRequest: ID!) { node(id: $pullRequest) { ... on PullRequest { isInMergeQueue } } }`;

const DONE: Outcome = { kind: "done", value: undefined };
const ALREADY_SO: Outcome = { kind: "already-so", value: undefined };

export function mergePullRequest(github: Github, request: MergeRequest): Promise<Outcome> {
  return request.method === "queue" ? enqueue(github, request) : merge(github, { ...request, method: request.method });
}

async function merge(
  github: Github,
  { at, number, head, method, title, message }: MergeRequest & { readonly method: "squash" | "merge" | "rebase" },
): Promise<Outcome> {
  const written = await write(github, {
    at,
    doing: `merge #${number}`,
    ask: ({ octokit, where }) =>
      octokit.rest.pulls.merge({
        ...where,
        pull_number: number,
        sha: head,
        merge_method: method,
        ...(method !== "rebase" && { commit_title: title, commit_message: message }),
      }),
  });
  if (written.kind === "ok") return DONE;
  const now = await readPullRequest(github, { at, number });
  return judge(written, { now, head, number });
}

async function enqueue(github: Github, { at, number, head }: MergeRequest): Promise<Outcome> {
  const before = await readPullRequest(github, { at, number });
  const movedOn = howItMovedOn(before, { head, number });
  if (movedOn) return movedOn;
  const written = await write(github, {
    at,
    doing: `put #${number} into the merge queue`,
    ask: ({ octokit }) => octokit.graphql(ENQUEUE, { pullRequest: before.node, head }),
  });
  if (written.kind === "ok") return DONE;
  if (await isQueued(github, { at, pullRequest: before.node })) return ALREADY_SO;
  return judge(written, { now: await readPullRequest(github, { at, number }), head, number });
}

export async function dequeuePullRequest(
  github: Github,
  { at, number, head }: Pick<MergeRequest, "at" | "number" | "head">,
): Promise<Outcome> {
  const before = await readPullRequest(github, { at, number });
  if (before.merged) return { kind: "moved-on", why: `#${number} was merged` };
  const movedOn = howItMovedOn(before, { head, number });
  if (movedOn) return movedOn;
  const written = await write(github, {
    at,
    doing: `take #${number} out of the merge queue`,
    ask: ({ octokit }) => octokit.graphql(DEQUEUE, { pullRequest: before.node }),
  });
  if (written.kind === "ok") return DONE;
  if (!(await isQueued(github, { at, pullRequest: before.node }))) return ALREADY_SO;
  if (written.kind === "unsure") throw written.error;
  return { kind: "refused", why: written.sentence };
}

async function isQueued(
  github: Github,
  { at, pullRequest }: { readonly at: RepositoryReference; readonly pullRequest: string },
): Promise<boolean> {
  const { node } = await read(github, {
    at,
    doing: "read whether it is in the merge queue",
    ask: ({ octokit }) =>
      octokit.graphql<{ readonly node: { readonly isInMergeQueue?: boolean } | null }>(QUEUED, { pullRequest }),
  });
  return node?.isInMergeQueue === true;
}

function judge(
  written: Exclude<Written<unknown>, { readonly kind: "ok" }>,
  { now, head, number }: { readonly now: PullRequestNow; readonly head: string; readonly number: number },
): Outcome {
  const movedOn = howItMovedOn(now, { head, number });
  if (movedOn) return movedOn;
  if (written.kind === "unsure") throw written.error;
  // 409: the head or the base moved while GitHub merged.
  if (written.status === 409 || /was modified/i.test(written.sentence)) {
    return { kind: "moved-on", why: written.sentence };
  }
  if (now.mergeable === undefined) {
    return { kind: "moved-on", why: `GitHub still works out whether #${number} can be merged` };
  }
  return { kind: "refused", why: written.sentence };
}

function howItMovedOn(
  now: PullRequestNow,
  { head, number }: { readonly head: string; readonly number: number },
): Outcome | undefined {
  if (now.head !== head) return { kind: "moved-on", why: `the head of #${number} is ${now.head} now` };
  if (now.merged) return ALREADY_SO;
  return now.open ? undefined : { kind: "moved-on", why: `#${number} was closed` };
}
