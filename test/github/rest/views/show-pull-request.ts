// Pull requests in the shapes of GitHub's REST API: the short one of lists and the long one of a single request.

import { type ChangedFile, findChangedFiles } from "../../git/difference.ts";
import { commitAt } from "../../git/git-repository.ts";
import { commitsBetween, findMergeBase } from "../../git/history.ts";
import { askMergeability } from "../../model/compute-mergeability.ts";
import { mergeStateOf } from "../../model/find-merge-block.ts";
import type { Model } from "../../model/model.ts";
import type { PullRequest, Repository } from "../../model/repository.ts";
import { showTeam, showUser } from "./show-account.ts";
import { associationOf, showLabel } from "./show-conversation.ts";
import { repositoryPage, repositoryUrl, showRepository } from "./show-repository.ts";

/** Lists, and the payloads of events that only mention a pull request. */
export function showSimplePullRequest(model: Model, pull: PullRequest) {
  const { repository, number } = pull;
  return {
    ...urlsOf(model, pull),
    id: pull.id,
    node_id: pull.nodeId,
    number,
    state: pull.state,
    locked: pull.locked,
    active_lock_reason: null,
    title: pull.title,
    body: pull.body,
    user: showUser(model, pull.author),
    labels: pull.labels.map((label) => showLabel(model, { repository, label })),
    milestone: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt ?? null,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: mergeCommitOf(pull),
    assignee: pull.assignees[0] === undefined ? null : showUser(model, pull.assignees[0]),
    assignees: pull.assignees.map((user) => showUser(model, user)),
    requested_reviewers: pull.requestedReviewers.map((user) => showUser(model, user)),
    requested_teams: pull.requestedTeams.map((team) => showTeam(model, team)),
    head: showEnd(model, { repository: pull.headRepository, ref: pull.headRef, oid: pull.headOid }),
    base: showEnd(model, { repository, ref: pull.baseRef, oid: pull.baseOid }),
    author_association: associationOf(model, { user: pull.author, repository }),
    auto_merge: showAutoMerge(model, pull),
    draft: pull.draft,
  };
}

function showAutoMerge(model: Model, { autoMerge }: PullRequest) {
  if (autoMerge === undefined) return null;
  const { enabledBy, mergeMethod } = autoMerge;
  return { enabled_by: showUser(model, enabledBy), merge_method: mergeMethod, commit_title: "", commit_message: "" };
}

/** @param asking whether this is a reader's question, which starts the computation of mergeability */
export function showPullRequest(
  model: Model,
  pull: PullRequest,
  { asking = false }: { readonly asking?: boolean } = {},
) {
  const mergeability = asking ? askMergeability(model, pull) : pull.mergeability;
  const files = changedFilesOf(pull);
  const closed = pull.state === "closed";
  return {
    ...showSimplePullRequest(model, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: closed || mergeability.kind === "unknown" ? null : mergeability.kind === "mergeable",
    rebaseable: closed || mergeability.kind === "unknown" ? null : mergeability.kind === "mergeable",
    mergeable_state: closed || mergeability.kind === "unknown" ? "unknown" : mergeStateOf(model, pull),
    merged_by: pull.mergedBy === undefined ? null : showUser(model, pull.mergedBy),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: commitsOfPull(pull).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** What the pull request changes: from where it left the base to its head. */
export function changedFilesOf({ repository: { git }, baseOid, headOid }: PullRequest): readonly ChangedFile[] {
  const base = findMergeBase(git, { base: baseOid, head: headOid });
  const tree = base === undefined ? undefined : commitAt(git, base)?.oid;
  return tree === undefined ? [] : findChangedFiles(git, { base: tree, head: headOid });
}

export function commitsOfPull({ repository: { git }, baseOid, headOid }: PullRequest): readonly string[] {
  return commitsBetween(git, { base: baseOid, head: headOid });
}

function mergeCommitOf({ mergeCommitOid, mergeability }: PullRequest): string | null {
  if (mergeCommitOid !== undefined) return mergeCommitOid;
  return mergeability.kind === "mergeable" ? mergeability.testMergeOid : null;
}

function showEnd(
  model: Model,
  { repository, ref, oid }: { readonly repository: Repository; readonly ref: string; readonly oid: string },
) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha: oid,
    user: showUser(model, repository.owner),
    repo: showRepository(model, repository),
  };
}

function urlsOf(model: Model, { repository, number, headOid }: PullRequest) {
  const api = repositoryUrl(model, repository);
  const url = `${api}/pulls/${number}`;
  const page = `${repositoryPage(model, repository)}/pull/${number}`;
  const urls = {
    html_url: page,
    issue_url: `${api}/issues/${number}`,
    comments_url: `${api}/issues/${number}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${api}/statuses/${headOid}`,
  };
  const links = {
    self: url,
    html: page,
    issue: urls.issue_url,
    comments: urls.comments_url,
    review_comments: urls.review_comments_url,
    review_comment: urls.review_comment_url,
    commits: urls.commits_url,
    statuses: urls.statuses_url,
  };
  return {
    url,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    ...urls,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
}
