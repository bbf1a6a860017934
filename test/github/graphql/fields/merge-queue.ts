// Merge queues and the pull requests that wait in them.

import { fullName } from "../../model/manage-repositories.ts";
import type { MergeQueue, MergeQueueEntry } from "../../model/repository.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import type { Context, FieldTable } from "../context.ts";
import { commitNode } from "../git-node.ts";

export const mergeQueueFields = {
  MergeQueue: {
    id: ({ nodeId }: MergeQueue) => nodeId,
    repository: ({ repository }: MergeQueue) => repository,
    nextEntryEstimatedTimeToMerge: () => null,
    url: ({ repository, branch }: MergeQueue, _: unknown, { model }: Context) =>
      `${model.url}/${fullName(repository)}/queue/${branch}`,
    entries: ({ entries }: MergeQueue, args: PageArguments) => connect(entries, args, byNodeId),
  },
  MergeQueueEntry: {
    id: ({ nodeId }: MergeQueueEntry) => nodeId,
    mergeQueue: ({ queue }: MergeQueueEntry) => queue,
    pullRequest: ({ pullRequest }: MergeQueueEntry) => pullRequest,
    enqueuer: ({ enqueuer }: MergeQueueEntry) => enqueuer,
    enqueuedAt: ({ enqueuedAt }: MergeQueueEntry) => enqueuedAt,
    estimatedTimeToMerge: () => null,
    jump: ({ jump }: MergeQueueEntry) => jump,
    solo: () => false,
    state: ({ state }: MergeQueueEntry) => state,
    position: (entry: MergeQueueEntry) => entry.queue.entries.indexOf(entry) + 1,
    baseCommit: ({ queue, group }: MergeQueueEntry) => commitNode(queue.repository, group?.baseOid),
    headCommit: ({ queue, group }: MergeQueueEntry) => commitNode(queue.repository, group?.headOid),
  },
} satisfies Readonly<Record<string, FieldTable>>;
