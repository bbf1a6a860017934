// What happens to pull requests when a branch moved: heads follow, approvals are dismissed, mergeability is forgotten,
// a head that has nothing left to merge closes its pull request, a base that took the head in merges it.

import { findChangedFiles } from "../git/difference.ts";
import { keepRef } from "../git/git-repository.ts";
import { findMergeBase, isAncestor } from "../git/history.ts";
import { closeConversation } from "./change-conversation.ts";
import { forgetMergeability } from "./compute-mergeability.ts";
import { rulesOf } from "./find-rule.ts";
import type { User } from "./identity.ts";
import { leaveQueue } from "./leave-merge-queue.ts";
import { announce, type Model, timestamp } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { PullRequest, Repository } from "./repository.ts";

interface FollowedMove {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function followReferences(
  model: Model,
  {
    repository,
    sender,
    moves,
  }: { readonly repository: Repository; readonly sender: User; readonly moves: readonly FollowedMove[] },
): void {
  for (const move of moves.filter(({ name }) => name.startsWith("refs/heads/"))) {
    const branch = move.name.slice("refs/heads/".length);
    for (const pull of openPullRequests(model)) {
      if (pull.headRepository === repository && pull.headRef === branch)
        followHead(model, { pull, sender, after: move.after });
      if (pull.repository === repository && pull.baseRef === branch && pull.state === "open")
        followBase(model, { pull, sender, after: move.after });
    }
  }
}

export function baseTipOf(pull: PullRequest): string | undefined {
  return pull.repository.git.refs.get(`refs/heads/${pull.baseRef}`);
}

interface Following {
  readonly pull: PullRequest;
  readonly sender: User;
  readonly after: string | undefined;
}

function followHead(model: Model, { pull, sender, after }: Following): void {
  if (after === undefined) {
    addTimelineEvent(model, { conversation: pull, actor: sender, change: { kind: "head-ref-deleted" } });
    closeConversation(model, { conversation: pull, by: sender });
    return;
  }
  const before = pull.headOid;
  const { git } = pull.repository;
  const reviewed = reviewedChange(pull);
  pull.headOid = after;
  keepRef(git, { name: `refs/pull/${pull.number}/head`, oid: after });
  pull.baseOid = baseTipOf(pull) ?? pull.baseOid;
  pull.updatedAt = timestamp(model);
  forgetMergeability(pull);
  leaveQueue(model, { pull, by: sender, reason: "MANUAL" });
  if (!isAncestor(git, { base: before, head: after }))
    addTimelineEvent(model, {
      conversation: pull,
      actor: sender,
      change: { kind: "head-ref-force-pushed", beforeOid: before, afterOid: after },
    });
  announce(model, {
    event: "pull_request",
    action: "synchronize",
    repository: pull.repository,
    pullRequest: pull,
    before,
    after,
    sender,
  });
  if (reviewedChange(pull) !== reviewed) dismissApprovals(model, { pull, sender });
  // nothing between base and head: GitHub closes the pull request by itself
  if (isAncestor(git, { base: after, head: pull.baseOid }))
    closeConversation(model, { conversation: pull, by: sender });
}

function followBase(model: Model, { pull, sender, after }: Following): void {
  if (after === undefined) {
    closeConversation(model, { conversation: pull, by: sender });
    return;
  }
  forgetMergeability(pull);
  if (!isAncestor(pull.repository.git, { base: pull.headOid, head: after })) return;
  pull.mergedAt = timestamp(model);
  pull.mergedBy = sender;
  pull.mergeCommitOid = after;
  addTimelineEvent(model, { conversation: pull, actor: sender, change: { kind: "merged", commitOid: after } });
  closeConversation(model, { conversation: pull, by: sender });
}

/** What a reviewer read: an update that leaves it alone (a merge of the base) keeps the approvals. */
function reviewedChange({ repository: { git }, baseOid, headOid }: PullRequest): string {
  const base = findMergeBase(git, { base: baseOid, head: headOid });
  if (base === undefined) return headOid;
  return findChangedFiles(git, { base, head: headOid })
    .map(({ path, patch, oid }) => `${path}\0${patch ?? oid}`)
    .join("\0");
}

function dismissApprovals(model: Model, { pull, sender }: { readonly pull: PullRequest; readonly sender: User }): void {
  if (!rulesOf(pull.repository, pull.baseRef).some((rule) => rule.dismissStaleReviews)) return;
  for (const review of pull.reviews.filter(({ state }) => state === "APPROVED")) {
    review.state = "DISMISSED";
    review.updatedAt = timestamp(model);
    addTimelineEvent(model, {
      conversation: pull,
      actor: sender,
      change: { kind: "review-dismissed", review, previousState: "APPROVED", message: "" },
    });
    announce(model, { event: "pull_request_review", action: "dismissed", repository: pull.repository, review, sender });
  }
}

function openPullRequests(model: Model): readonly PullRequest[] {
  return [...model.repositories.values()].flatMap(({ conversations }) =>
    [...conversations.values()].filter(
      (one): one is PullRequest => one.kind === "pull-request" && one.state === "open",
    ),
  );
}
