// Opens, edits, closes and labels issues and pull requests, and tells of it.

import type { Announcement } from "./announcement.ts";
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
    edits: [],
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
    recordEdit(model, { conversation, by });
  }
  if (Object.keys(changes).length === 0) return;
  conversation.updatedAt = timestamp(model);
  announceChange(model, { conversation, sender: by, action: "edited", changes });
}

function recordEdit(
  model: Model,
  { conversation, by }: { readonly conversation: Conversation; readonly by: User },
): void {
  const { edits, author, createdAt } = conversation;
  const add = (editor: User, at: string) => {
    const id = nextId(model);
    edits.push({ id, nodeId: identifyNode("content-edit", id), editor, at });
  };
  if (edits.length === 0) add(author, createdAt);
  add(by, timestamp(model));
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

type ChangeAction = "closed" | "reopened" | "edited" | "labeled" | "unlabeled";

/** One change of an issue or a pull request, as the event that GitHub has for it. */
export function announceChange(
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
