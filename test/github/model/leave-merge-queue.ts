// Takes a pull request out of its merge queue, because somebody asked, its head moved, it was closed, or checks failed.

import type { User } from "./identity.ts";
import { announce, type Model } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { MergeQueueEntry, PullRequest } from "./repository.ts";

/** GitHub's reasons, as the webhook `pull_request.dequeued` writes them. */
export type LeaveReason =
  | "MERGE"
  | "MERGE_CONFLICT"
  | "CI_FAILURE"
  | "CI_TIMEOUT"
  | "QUEUE_CLEARED"
  | "ROLL_BACK"
  | "MANUAL"
  | "ALREADY_MERGED";

export function queueEntryOf(pull: PullRequest): MergeQueueEntry | undefined {
  return pull.repository.mergeQueues.get(pull.baseRef)?.entries.find((entry) => entry.pullRequest === pull);
}

/** Does nothing when it stands in no queue. A group that had it is destroyed; the others of the group wait again. */
export function leaveQueue(
  model: Model,
  { pull, by, reason }: { readonly pull: PullRequest; readonly by: User; readonly reason: LeaveReason },
): MergeQueueEntry | undefined {
  const entry = queueEntryOf(pull);
  if (entry === undefined) return undefined;
  const { queue, group } = entry;
  queue.entries = queue.entries.filter((other) => other !== entry);
  if (group !== undefined && reason !== "MERGE") {
    queue.groups = queue.groups.filter((other) => other !== group);
    for (const other of group.entries) {
      other.group = undefined;
      other.state = "QUEUED";
    }
    announce(model, {
      event: "merge_group",
      action: "destroyed",
      reason: "dequeued",
      repository: pull.repository,
      group,
      sender: by,
    });
  }
  addTimelineEvent(model, {
    conversation: pull,
    actor: by,
    change: { kind: "removed-from-merge-queue", entry, reason },
  });
  announce(model, {
    event: "pull_request",
    action: "dequeued",
    reason,
    repository: pull.repository,
    pullRequest: pull,
    sender: by,
  });
  return entry;
}
