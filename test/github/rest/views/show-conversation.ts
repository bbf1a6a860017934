// Issues, comments, labels, reactions and reviews in the shapes of GitHub's REST API.

import { roleOf } from "../../model/decide-permission.ts";
import type { User } from "../../model/identity.ts";
import type { Model } from "../../model/model.ts";
import type { Comment, Conversation, Label, Reaction, Repository, Review } from "../../model/repository.ts";
import { showApp, showUser } from "./show-account.ts";
import { repositoryPage, repositoryUrl } from "./show-repository.ts";

export function showLabel(
  model: Model,
  { repository, label }: { readonly repository: Repository; readonly label: Label },
) {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${repositoryUrl(model, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** How GitHub calls the author's relation to the repository. */
export function associationOf(
  model: Model,
  { user, repository }: { readonly user: User; readonly repository: Repository },
): string {
  if (user === repository.owner) return "OWNER";
  const isMember = [...model.teams.values()].some(
    ({ organization, members }) => organization === repository.owner && members.has(user.login.toLowerCase()),
  );
  if (isMember) return "MEMBER";
  return roleOf(model, { user, repository }) === undefined ? "NONE" : "COLLABORATOR";
}

/** Pull requests are issues too; GitHub marks them with `pull_request`. */
export function showIssue(model: Model, issue: Conversation) {
  const { repository, number } = issue;
  const url = `${repositoryUrl(model, repository)}/issues/${number}`;
  const kind = issue.kind === "issue" ? "issues" : "pull";
  return {
    id: issue.id,
    node_id: issue.nodeId,
    url,
    repository_url: repositoryUrl(model, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${repositoryPage(model, repository)}/${kind}/${number}`,
    number,
    state: issue.state,
    state_reason: issue.kind === "issue" ? (issue.stateReason ?? null) : null,
    title: issue.title,
    body: issue.body,
    user: showUser(model, issue.author),
    labels: issue.labels.map((label) => showLabel(model, { repository, label })),
    assignee: issue.assignees[0] === undefined ? null : showUser(model, issue.assignees[0]),
    assignees: issue.assignees.map((user) => showUser(model, user)),
    milestone: null,
    locked: issue.locked,
    active_lock_reason: null,
    comments: issue.comments.length,
    closed_at: issue.closedAt ?? null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_by: issue.closedBy === undefined ? null : showUser(model, issue.closedBy),
    author_association: associationOf(model, { user: issue.author, repository }),
    reactions: showRollup(`${url}/reactions`, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.app === undefined ? null : showApp(model, issue.app),
    ...(issue.kind === "pull-request" && {
      draft: issue.draft,
      pull_request: {
        url: `${repositoryUrl(model, repository)}/pulls/${number}`,
        html_url: `${repositoryPage(model, repository)}/pull/${number}`,
        diff_url: `${repositoryPage(model, repository)}/pull/${number}.diff`,
        patch_url: `${repositoryPage(model, repository)}/pull/${number}.patch`,
        merged_at: issue.mergedAt ?? null,
      },
    }),
  };
}

export function showComment(model: Model, comment: Comment) {
  const { repository, number, kind } = comment.conversation;
  const url = `${repositoryUrl(model, repository)}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: comment.nodeId,
    url,
    html_url: `${repositoryPage(model, repository)}/${kind === "issue" ? "issues" : "pull"}/${number}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(model, repository)}/issues/${number}`,
    user: showUser(model, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(model, { user: comment.author, repository }),
    body: comment.body,
    reactions: showRollup(`${url}/reactions`, comment.reactions),
    performed_via_github_app: comment.app === undefined ? null : showApp(model, comment.app),
  };
}

export function showReaction(model: Model, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: reaction.nodeId,
    user: showUser(model, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function showReview(model: Model, review: Review) {
  const { repository, number } = review.pullRequest;
  const page = `${repositoryPage(model, repository)}/pull/${number}#pullrequestreview-${review.id}`;
  const pull = `${repositoryUrl(model, repository)}/pulls/${number}`;
  return {
    id: review.id,
    node_id: review.nodeId,
    user: showUser(model, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(model, { user: review.author, repository }),
    _links: { html: { href: page }, pull_request: { href: pull } },
    ...(review.state !== "PENDING" && { submitted_at: review.submittedAt }),
    commit_id: review.commitOid,
  };
}

function showRollup(url: string, reactions: readonly Reaction[]) {
  const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url,
    total_count: reactions.length,
    "+1": count("+1"),
    "-1": count("-1"),
    laugh: count("laugh"),
    hooray: count("hooray"),
    confused: count("confused"),
    heart: count("heart"),
    rocket: count("rocket"),
    eyes: count("eyes"),
  };
}
