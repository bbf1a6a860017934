// The history of a pull request: its events, comments and reviews, oldest first.

import type { Comment, PullRequest, Review, TimelineChange, TimelineEvent } from "../../model/repository.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import type { FieldTable } from "../context.ts";
import { commitNode, refNode } from "../git-node.ts";
import { itemTypeOf, typeOfTimelineEvent } from "../name-timeline-event.ts";
import { notModelled } from "../problem.ts";

interface TimelineArguments extends PageArguments {
  readonly itemTypes?: readonly string[] | null;
  readonly since?: string | null;
  readonly skip?: number | null;
}

/** An event alone does not say whose it is; the schema asks that, too. */
type ToldEvent<Kind extends TimelineChange["kind"] = TimelineChange["kind"]> = Extract<
  TimelineEvent,
  { kind: Kind }
> & {
  readonly pull: PullRequest;
};

type Item = ToldEvent | Comment | Review;

export function listTimeline(pull: PullRequest, { itemTypes, since, skip, ...page }: TimelineArguments) {
  // commits stand between the rest in an order that is not modelled
  if (!itemTypes) throw notModelled("PullRequest.timelineItems without itemTypes");
  if (since || skip) throw notModelled("PullRequest.timelineItems(since:, skip:)");
  const events = pull.timeline.map((event) => ({ ...event, pull }) as ToldEvent);
  const items: readonly Item[] = [...events, ...pull.comments, ...pull.reviews];
  const wanted = items
    .filter((item) => itemTypes.includes(itemTypeOf(nameOf(item))))
    .toSorted((one, other) => one.id - other.id);
  const connection = connect(wanted, page, byNodeId);
  return { ...connection, filteredCount: wanted.length, pageCount: connection.nodes.length, updatedAt: pull.updatedAt };
}

function nameOf(item: Item): string {
  if (item.kind === "comment") return "IssueComment";
  return item.kind === "review" ? "PullRequestReview" : (typeOfTimelineEvent(item.kind) ?? "");
}

const told = {
  id: ({ nodeId }: ToldEvent) => nodeId,
  actor: ({ actor }: ToldEvent) => actor,
  createdAt: ({ createdAt }: ToldEvent) => createdAt,
};
const ofPull = { ...told, pullRequest: ({ pull }: ToldEvent) => pull };
const labelling = {
  ...told,
  label: ({ label }: ToldEvent<"labeled" | "unlabeled">) => label,
  labelable: ({ pull }: ToldEvent) => pull,
};
const queueing = {
  ...ofPull,
  mergeQueue: ({ entry }: ToldEvent<"added-to-merge-queue" | "removed-from-merge-queue">) => entry.queue,
};

export const timelineFields = {
  ClosedEvent: { ...told, closable: ({ pull }: ToldEvent) => pull },
  ReopenedEvent: { ...told, closable: ({ pull }: ToldEvent) => pull },
  MergedEvent: {
    ...ofPull,
    commit: ({ pull, commitOid }: ToldEvent<"merged">) => commitNode(pull.repository, commitOid),
    mergeRefName: ({ pull }: ToldEvent) => pull.baseRef,
  },
  HeadRefForcePushedEvent: {
    ...ofPull,
    beforeCommit: ({ pull, beforeOid }: ToldEvent<"head-ref-force-pushed">) => commitNode(pull.repository, beforeOid),
    afterCommit: ({ pull, afterOid }: ToldEvent<"head-ref-force-pushed">) => commitNode(pull.repository, afterOid),
    ref: ({ pull }: ToldEvent) => refNode(pull.headRepository, `refs/heads/${pull.headRef}`),
  },
  HeadRefDeletedEvent: { ...ofPull, headRefName: ({ pull }: ToldEvent) => pull.headRef },
  HeadRefRestoredEvent: ofPull,
  ReadyForReviewEvent: ofPull,
  BaseRefChangedEvent: {
    ...ofPull,
    previousRefName: ({ previousRefName }: ToldEvent<"base-ref-changed">) => previousRefName,
    currentRefName: ({ currentRefName }: ToldEvent<"base-ref-changed">) => currentRefName,
  },
  RenamedTitleEvent: {
    ...told,
    previousTitle: ({ previousTitle }: ToldEvent<"renamed">) => previousTitle,
    currentTitle: ({ currentTitle }: ToldEvent<"renamed">) => currentTitle,
    subject: ({ pull }: ToldEvent) => pull,
  },
  LabeledEvent: labelling,
  UnlabeledEvent: labelling,
  ReviewRequestedEvent: {
    ...ofPull,
    requestedReviewer: ({ reviewer }: ToldEvent<"review-requested">) => reviewer,
  },
  ReviewDismissedEvent: {
    ...ofPull,
    review: ({ review }: ToldEvent<"review-dismissed">) => review,
    previousReviewState: ({ previousState }: ToldEvent<"review-dismissed">) => previousState,
    dismissalMessage: ({ message }: ToldEvent<"review-dismissed">) => message,
  },
  AddedToMergeQueueEvent: queueing,
  RemovedFromMergeQueueEvent: {
    ...queueing,
    reason: ({ reason }: ToldEvent<"removed-from-merge-queue">) => reason,
  },
} satisfies Readonly<Record<string, FieldTable>>;
