// Filters and orders issues as the `issues` connection does: oldest first when nothing else is asked. Pull requests are
// no issues here, other than in REST. The filter object wins over the arguments beside it.

import type { Conversation, Issue } from "../model/repository.ts";
import { notModelled } from "./problem.ts";

export interface IssueFilter {
  readonly states?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly filterBy?: Readonly<Record<string, unknown>> | null;
  readonly orderBy?: {
    readonly field: "CREATED_AT" | "UPDATED_AT" | "COMMENTS";
    readonly direction: "ASC" | "DESC";
  } | null;
}

export function listIssues(
  conversations: readonly Conversation[],
  { states, labels, filterBy, orderBy }: IssueFilter,
): readonly Issue[] {
  // a bot's name in `createdBy`, `assignee` and the rest of the filter is not described
  if (filterBy) throw notModelled("Repository.issues(filterBy:)");
  if (orderBy?.field === "COMMENTS") throw notModelled("Repository.issues by number of comments");
  const found = conversations.filter(
    (one): one is Issue =>
      one.kind === "issue" &&
      (!states || states.length === 0 || states.includes(one.state.toUpperCase())) &&
      (!labels || labels.length === 0 || one.labels.some(({ name }) => isNamed(labels, name))),
  );
  const value = ({ createdAt, updatedAt }: Issue) => (orderBy?.field === "UPDATED_AT" ? updatedAt : createdAt);
  const sorted = found.toSorted((one, other) => value(one).localeCompare(value(other)) || one.number - other.number);
  return orderBy?.direction === "DESC" ? sorted.toReversed() : sorted;
}

/** Labels are told apart without regard to capitals. */
function isNamed(labels: readonly string[], name: string): boolean {
  return labels.some((label) => label.toLowerCase() === name.toLowerCase());
}
