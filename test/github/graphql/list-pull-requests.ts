// Filters and orders pull requests as the `pullRequests` connections do: oldest first when nothing else is asked.

import type { Conversation, PullRequest } from "../model/repository.ts";

export interface PullRequestFilter {
  readonly states?: readonly string[] | null;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: {
    readonly field: "CREATED_AT" | "UPDATED_AT" | "COMMENTS";
    readonly direction: "ASC" | "DESC";
  } | null;
}

export function stateOf({ state, mergedAt }: PullRequest): "OPEN" | "CLOSED" | "MERGED" {
  if (state === "open") return "OPEN";
  return mergedAt === undefined ? "CLOSED" : "MERGED";
}

export function listPullRequests(
  conversations: readonly Conversation[],
  { states, headRefName, baseRefName, labels, orderBy }: PullRequestFilter,
): readonly PullRequest[] {
  const found = conversations.filter(
    (one): one is PullRequest =>
      one.kind === "pull-request" &&
      (!states || states.length === 0 || states.includes(stateOf(one))) &&
      (!headRefName || one.headRef === headRefName) &&
      (!baseRefName || one.baseRef === baseRefName) &&
      (!labels || labels.length === 0 || one.labels.some(({ name }) => labels.includes(name))),
  );
  const value = (pull: PullRequest) => {
    if (orderBy?.field === "UPDATED_AT") return pull.updatedAt;
    return orderBy?.field === "COMMENTS" ? String(pull.comments.length).padStart(9, "0") : pull.createdAt;
  };
  const sorted = found.toSorted((one, other) => compare(value(one), value(other)) || one.number - other.number);
  return orderBy?.direction === "DESC" ? sorted.toReversed() : sorted;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
