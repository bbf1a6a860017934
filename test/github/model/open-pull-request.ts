// Opens a pull request, or says in GitHub's words why it cannot be opened.

import { keepRef } from "../git/git-repository.ts";
import { commitsBetween, findMergeBase } from "../git/history.ts";
import { startConversation } from "./change-conversation.ts";
import type { App, User } from "./identity.ts";
import { announce, type Model, register } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { PullRequest, Repository } from "./repository.ts";

export interface NewPullRequest {
  readonly repository: Repository;
  readonly author: User;
  readonly app?: App | undefined;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly base: string;
  /** `branch`, or `owner:branch` for a fork */
  readonly head: string;
  readonly draft?: boolean;
}

export type OpenOutcome =
  | { readonly kind: "opened"; readonly pull: PullRequest }
  /** `errors` as GitHub lists them in the body of its 422 */
  | { readonly kind: "refused"; readonly errors: readonly Readonly<Record<string, string>>[] };

export function openPullRequest(
  model: Model,
  { repository, author, app, title, body, base, head, draft = false }: NewPullRequest,
): OpenOutcome {
  const source = findHead(model, { repository, head });
  const headOid = source?.repository.git.refs.get(`refs/heads/${source.branch}`);
  const baseOid = repository.git.refs.get(`refs/heads/${base}`);
  if (baseOid === undefined) return refuse({ field: "base", code: "invalid" });
  if (source === undefined || headOid === undefined) return refuse({ field: "head", code: "invalid" });
  const owner = source.repository.owner.login;
  const double = pullRequestsOf(repository).find(
    (pull) =>
      pull.state === "open" &&
      pull.headRepository === source.repository &&
      pull.headRef === source.branch &&
      pull.baseRef === base,
  );
  if (double !== undefined)
    return refuse({ code: "custom", message: `A pull request already exists for ${owner}:${source.branch}.` });
  if (findMergeBase(repository.git, { base: baseOid, head: headOid }) === undefined)
    return refuse({ code: "custom", message: `The ${head} branch has no history in common with ${base}` });
  if (commitsBetween(repository.git, { base: baseOid, head: headOid }).length === 0)
    return refuse({ code: "custom", message: `No commits between ${base} and ${head}` });
  const pull: PullRequest = {
    ...startConversation(model, { kind: "pull-request", repository, author, app, title, body }),
    kind: "pull-request",
    headRef: source.branch,
    baseRef: base,
    headRepository: source.repository,
    headOid,
    baseOid,
    draft,
    mergeability: { kind: "unknown", questions: 0 },
    mergedAt: undefined,
    mergedBy: undefined,
    autoMerge: undefined,
    mergeCommitOid: undefined,
    maintainerCanModify: false,
    requestedReviewers: [],
    requestedTeams: [],
    reviews: [],
  };
  repository.conversations.set(pull.number, register(model, pull));
  keepRef(repository.git, { name: `refs/pull/${pull.number}/head`, oid: headOid });
  announce(model, { event: "pull_request", action: "opened", repository, pullRequest: pull, sender: author });
  return { kind: "opened", pull };
}

/** By number, newest last. */
export function pullRequestsOf(repository: Repository): readonly PullRequest[] {
  return [...repository.conversations.values()].filter((one): one is PullRequest => one.kind === "pull-request");
}

export function findPullRequest(repository: Repository, number: number): PullRequest | undefined {
  const found = repository.conversations.get(number);
  return found?.kind === "pull-request" ? found : undefined;
}

/** Lets a pull request aim at another branch. */
export function changeBase(
  model: Model,
  { pull, base, by }: { readonly pull: PullRequest; readonly base: string; readonly by: User },
): boolean {
  const oid = pull.repository.git.refs.get(`refs/heads/${base}`);
  if (oid === undefined) return false;
  const former = { ref: pull.baseRef, oid: pull.baseOid };
  pull.baseRef = base;
  pull.baseOid = oid;
  pull.mergeability = { kind: "unknown", questions: 0 };
  addTimelineEvent(model, {
    conversation: pull,
    actor: by,
    change: { kind: "base-ref-changed", previousRefName: former.ref, currentRefName: base },
  });
  announce(model, {
    event: "pull_request",
    action: "edited",
    repository: pull.repository,
    pullRequest: pull,
    changes: { base: former },
    sender: by,
  });
  return true;
}

function findHead(model: Model, { repository, head }: { readonly repository: Repository; readonly head: string }) {
  const colon = head.indexOf(":");
  if (colon < 0) return { repository, branch: head };
  const owner = head.slice(0, colon).toLowerCase();
  const branch = head.slice(colon + 1);
  if (repository.owner.login.toLowerCase() === owner) return { repository, branch };
  const fork = [...model.repositories.values()].find(
    (one) => one.parent === repository && one.owner.login.toLowerCase() === owner,
  );
  return fork === undefined ? undefined : { repository: fork, branch };
}

function refuse(error: Readonly<Record<string, string>>): OpenOutcome {
  return { kind: "refused", errors: [{ resource: "PullRequest", ...error }] };
}
