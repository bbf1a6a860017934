// Opens, edits, closes, reopens and labels issues and pull requests, and tells of it.

import { isAncestor } from "../git/history.ts";
import type { Announcement } from "./announcement.ts";
import { forgetMergeability } from "./compute-mergeability.ts";
import { identifyNode } from "./identify-node.ts";
import type { App, Team, User } from "./identity.ts";
import { leaveQueue } from "./leave-merge-queue.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { Conversation, Issue, Label, PullRequest, Repository } from "./repository.ts";

export function openIssue(
  model: Model,
  {
    repository,
    author,
    app,
    title,
    body,
  }: {
    readonly repository: Repository;
    readonly author: User;
    readonly app?: App | undefined;
    readonly title: string;
    readonly body?: string | null;
  },
): Issue {
  const issue: Issue = {
    ...startConversation(model, { kind: "issue", repository, author, app, title, body }),
    kind: "issue",
    stateReason: undefined,
  };
  repository.conversations.set(issue.number, register(model, issue));
  announce(model, { event: "issues", action: "opened", repository, issue, sender: author });
  return issue;
}

/** What every conversation starts with; opening a pull request goes through open-pull-request.ts. */
export function startConversation(
  model: Model,
  {
    kind,
    repository,
    author,
    app,
    title,
    body = null,
  }: {
    readonly kind: "issue" | "pull-request";
    readonly repository: Repository;
    readonly author: User;
    readonly app: App | undefined;
    readonly title: string;
    readonly body?: string | null | undefined;
  },
) {
  const id = nextId(model);
  const now = timestamp(model);
  return {
    id,
    nodeId: identifyNode(kind, id),
    repository,
    number: repository.conversations.size + 1,
    author,
    app,
    title,
    body,
    state: "open" as const,
    locked: false,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
    timeline: [],
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    closedBy: undefined,
  };
}

export function closeConversation(
  model: Model,
  {
    conversation,
    by,
    reason = "completed",
  }: { readonly conversation: Conversation; readonly by: User; readonly reason?: "completed" | "not_planned" },
): void {
  if (conversation.state === "closed") return;
  conversation.state = "closed";
  conversation.closedAt = timestamp(model);
  conversation.closedBy = by;
  conversation.updatedAt = conversation.closedAt;
  addTimelineEvent(model, { conversation, actor: by, change: { kind: "closed" } });
  if (conversation.kind === "issue") conversation.stateReason = reason;
  else leaveQueue(model, { pull: conversation, by, reason: conversation.mergedAt === undefined ? "MANUAL" : "MERGE" });
  announceChange(model, { conversation, sender: by, action: "closed" });
}

export type ReopenOutcome = { readonly kind: "reopened" } | { readonly kind: "refused"; readonly message: string };

export function reopenConversation(
  model: Model,
  { conversation, by }: { readonly conversation: Conversation; readonly by: User },
): ReopenOutcome {
  if (conversation.state === "open") return { kind: "reopened" };
  const refusal = conversation.kind === "pull-request" ? refuseReopening(conversation) : undefined;
  if (refusal !== undefined) return { kind: "refused", message: refusal };
  conversation.state = "open";
  conversation.closedAt = undefined;
  conversation.closedBy = undefined;
  conversation.updatedAt = timestamp(model);
  if (conversation.kind === "issue") conversation.stateReason = "reopened";
  else {
    conversation.headOid = headTipOf(conversation) ?? conversation.headOid;
    conversation.baseOid =
      conversation.repository.git.refs.get(`refs/heads/${conversation.baseRef}`) ?? conversation.baseOid;
    forgetMergeability(conversation);
  }
  addTimelineEvent(model, { conversation, actor: by, change: { kind: "reopened" } });
  announceChange(model, { conversation, sender: by, action: "reopened" });
  return { kind: "reopened" };
}

export function editConversation(
  model: Model,
  {
    conversation,
    by,
    title,
    body,
  }: {
    readonly conversation: Conversation;
    readonly by: User;
    readonly title?: string | undefined;
    readonly body?: string | null | undefined;
  },
): void {
  const changes: { title?: string; body?: string | null } = {};
  if (title !== undefined && title !== conversation.title) {
    changes.title = conversation.title;
    conversation.title = title;
    addTimelineEvent(model, {
      conversation,
      actor: by,
      change: { kind: "renamed", previousTitle: changes.title, currentTitle: title },
    });
  }
  if (body !== undefined && body !== conversation.body) {
    changes.body = conversation.body;
    conversation.body = body;
  }
  if (Object.keys(changes).length === 0) return;
  conversation.updatedAt = timestamp(model);
  announceChange(model, { conversation, sender: by, action: "edited", changes });
}

/** The labels that it has afterwards are these; each one added or removed is told. */
export function setLabels(
  model: Model,
  {
    conversation,
    by,
    labels,
  }: { readonly conversation: Conversation; readonly by: User; readonly labels: readonly Label[] },
): void {
  const removed = conversation.labels.filter((label) => !labels.includes(label));
  const added = [...new Set(labels)].filter((label) => !conversation.labels.includes(label));
  conversation.labels = [...conversation.labels.filter((label) => !removed.includes(label)), ...added];
  if (added.length + removed.length > 0) conversation.updatedAt = timestamp(model);
  const changed = [
    ...removed.map((label) => ({ label, action: "unlabeled" as const })),
    ...added.map((label) => ({ label, action: "labeled" as const })),
  ];
  for (const { label, action } of changed) {
    addTimelineEvent(model, { conversation, actor: by, change: { kind: action, label } });
    announceChange(model, { conversation, sender: by, action, label });
  }
}

export function requestReviewers(
  model: Model,
  {
    pull,
    by,
    users,
    teams,
  }: {
    readonly pull: PullRequest;
    readonly by: User;
    readonly users: readonly User[];
    readonly teams: readonly Team[];
  },
): void {
  const newUsers = users.filter((user) => !pull.requestedReviewers.includes(user));
  const newTeams = teams.filter((team) => !pull.requestedTeams.includes(team));
  pull.requestedReviewers.push(...newUsers);
  pull.requestedTeams.push(...newTeams);
  for (const reviewer of [...newUsers, ...newTeams]) {
    addTimelineEvent(model, { conversation: pull, actor: by, change: { kind: "review-requested", reviewer } });
    announce(model, {
      event: "pull_request",
      action: "review_requested",
      repository: pull.repository,
      pullRequest: pull,
      reviewer,
      sender: by,
    });
  }
}

function headTipOf({ headRepository, headRef }: PullRequest): string | undefined {
  return headRepository.git.refs.get(`refs/heads/${headRef}`);
}

function refuseReopening(pull: PullRequest): string | undefined {
  const tip = headTipOf(pull);
  if (pull.mergedAt !== undefined) return "state cannot be changed. The pull request cannot be reopened.";
  if (tip === undefined) return `state cannot be changed. The ${pull.headRef} branch has been deleted.`;
  if (!isAncestor(pull.repository.git, { base: pull.headOid, head: tip }))
    return `state cannot be changed. The ${pull.headRef} branch was force-pushed or recreated.`;
  const base = pull.repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  if (base === undefined) return `state cannot be changed. The ${pull.baseRef} branch has been deleted.`;
  if (isAncestor(pull.repository.git, { base: tip, head: base }))
    return `state cannot be changed. There are no new commits on the ${pull.headRef} branch.`;
  const other = [...pull.repository.conversations.values()].find(
    (one) =>
      one.kind === "pull-request" &&
      one.state === "open" &&
      one.headRef === pull.headRef &&
      one.headRepository === pull.headRepository &&
      one.baseRef === pull.baseRef,
  );
  return other === undefined ? undefined : "state cannot be changed. There is already an open pull request.";
}

type ChangeAction = "closed" | "reopened" | "edited" | "labeled" | "unlabeled";

function announceChange(
  model: Model,
  {
    conversation,
    sender,
    action,
    label,
    changes,
  }: {
    readonly conversation: Conversation;
    readonly sender: User;
    readonly action: ChangeAction;
    readonly label?: Label;
    readonly changes?: { readonly title?: string; readonly body?: string | null };
  },
): void {
  const about = {
    action,
    repository: conversation.repository,
    sender,
    ...(label && { label }),
    ...(changes && { changes }),
  };
  const announcement: Announcement =
    conversation.kind === "issue"
      ? { event: "issues", issue: conversation, ...about }
      : { event: "pull_request", pullRequest: conversation, ...about };
  announce(model, announcement);
}
