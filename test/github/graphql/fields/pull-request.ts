// Pull requests: their branches, commits, files, mergeability and place in the queue.

import type { ChangedFile } from "../../git/difference.ts";
import { askMergeability } from "../../model/compute-mergeability.ts";
import { mergeStateOf } from "../../model/find-merge-block.ts";
import { rulesOf } from "../../model/find-rule.ts";
import { queueEntryOf } from "../../model/leave-merge-queue.ts";
import type { PullRequest } from "../../model/repository.ts";
import { ensureQueue } from "../../model/run-merge-queue.ts";
import { changedFilesOf, commitsOfPull } from "../../rest/views/show-pull-request.ts";
import { connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { type CommitNode, commitNode, refNode } from "../git-node.ts";
import { stateOf } from "../list-pull-requests.ts";
import { rollUpChecks } from "../roll-up-checks.ts";
import { conversationOwnFields } from "./conversation.ts";
import { reviewedFields } from "./review.ts";
import { listTimeline } from "./timeline.ts";

const mergeableStates = { unknown: "UNKNOWN", mergeable: "MERGEABLE", conflicting: "CONFLICTING" } as const;
const changeTypes: Readonly<Record<ChangedFile["status"], string>> = {
  added: "ADDED",
  removed: "DELETED",
  modified: "MODIFIED",
  renamed: "RENAMED",
  changed: "CHANGED",
};

export const pullRequestFields = {
  PullRequest: {
    ...conversationOwnFields,
    ...reviewedFields,
    state: stateOf,
    isDraft: ({ draft }: PullRequest) => draft,
    isCrossRepository: ({ repository, headRepository }: PullRequest) => headRepository !== repository,
    headRefName: ({ headRef }: PullRequest) => headRef,
    headRefOid: ({ headOid }: PullRequest) => headOid,
    headRef: ({ headRepository, headRef }: PullRequest) => refNode(headRepository, `refs/heads/${headRef}`),
    headRepository: ({ headRepository }: PullRequest) => headRepository,
    headRepositoryOwner: ({ headRepository }: PullRequest) => headRepository.owner,
    baseRefName: ({ baseRef }: PullRequest) => baseRef,
    baseRefOid: ({ baseOid }: PullRequest) => baseOid,
    baseRef: ({ repository, baseRef }: PullRequest) => refNode(repository, `refs/heads/${baseRef}`),
    baseRepository: ({ repository }: PullRequest) => repository,
    maintainerCanModify: ({ maintainerCanModify }: PullRequest) => maintainerCanModify,
    merged: ({ mergedAt }: PullRequest) => mergedAt !== undefined,
    mergedAt: ({ mergedAt }: PullRequest) => mergedAt ?? null,
    mergedBy: ({ mergedBy }: PullRequest) => mergedBy ?? null,
    mergeCommit: ({ repository, mergeCommitOid }: PullRequest) => commitNode(repository, mergeCommitOid),
    potentialMergeCommit: ({ repository, mergeability }: PullRequest) =>
      mergeability.kind === "mergeable" ? commitNode(repository, mergeability.testMergeOid) : null,
    mergeable: (pull: PullRequest, _: unknown, { model }: Context) =>
      mergeableStates[askMergeability(model, pull).kind],
    mergeStateStatus: (pull: PullRequest, _: unknown, { model }: Context) => {
      // asking one starts the same computation as asking the other
      const asked = askMergeability(model, pull);
      return asked.kind === "unknown" ? "UNKNOWN" : mergeStateOf(model, pull).toUpperCase();
    },
    isInMergeQueue: (pull: PullRequest) => queueEntryOf(pull) !== undefined,
    isMergeQueueEnabled: ({ repository, baseRef }: PullRequest) =>
      rulesOf(repository, baseRef).some((rule) => rule.mergeQueue !== undefined),
    mergeQueueEntry: (pull: PullRequest) => queueEntryOf(pull) ?? null,
    mergeQueue: ({ repository, baseRef }: PullRequest, _: unknown, { model }: Context) =>
      ensureQueue(model, { repository, branch: baseRef }) ?? null,
    autoMergeRequest: ({ autoMerge }: PullRequest) =>
      autoMerge === undefined ? null : { ...autoMerge, mergeMethod: autoMerge.mergeMethod.toUpperCase() },
    commits: (pull: PullRequest, args: PageArguments) => connect(printCommits(pull), args, ({ id }) => id),
    files: (pull: PullRequest, args: PageArguments, context: Context) => {
      demand(context, { repository: pull.repository, permission: "pull_requests" });
      return connect(changedFilesOf(pull).map(printFile), args, ({ path }) => path);
    },
    changedFiles: (pull: PullRequest) => changedFilesOf(pull).length,
    additions: (pull: PullRequest) => changedFilesOf(pull).reduce((sum, { additions }) => sum + additions, 0),
    deletions: (pull: PullRequest) => changedFilesOf(pull).reduce((sum, { deletions }) => sum + deletions, 0),
    statusCheckRollup: (pull: PullRequest, _: unknown, context: Context) => {
      const head = commitNode(pull.repository, pull.headOid);
      return head === null ? null : rollUpChecks(context, head);
    },
    timelineItems: listTimeline,
  },
} satisfies Readonly<Record<string, FieldTable>>;

/** GitHub lists the first 250 commits and no more. */
function printCommits(pull: PullRequest) {
  return commitsOfPull(pull)
    .slice(0, 250)
    .map((oid) => {
      const commit: CommitNode = { kind: "git-commit", repository: pull.repository, oid };
      return { id: `PURC_${pull.nodeId}_${oid}`, commit, pullRequest: pull };
    });
}

function printFile({ path, status, additions, deletions }: ChangedFile) {
  return { path, additions, deletions, changeType: changeTypes[status] };
}
