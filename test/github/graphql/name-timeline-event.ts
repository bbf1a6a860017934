// What GitHub's schema calls the events of a timeline: as a type, and as a value of the filter.

import type { TimelineChange } from "../model/repository.ts";

const types: Readonly<Record<TimelineChange["kind"], string>> = {
  "added-to-merge-queue": "AddedToMergeQueueEvent",
  "base-ref-changed": "BaseRefChangedEvent",
  closed: "ClosedEvent",
  "head-ref-deleted": "HeadRefDeletedEvent",
  "head-ref-force-pushed": "HeadRefForcePushedEvent",
  "head-ref-restored": "HeadRefRestoredEvent",
  labeled: "LabeledEvent",
  merged: "MergedEvent",
  "ready-for-review": "ReadyForReviewEvent",
  "removed-from-merge-queue": "RemovedFromMergeQueueEvent",
  renamed: "RenamedTitleEvent",
  reopened: "ReopenedEvent",
  "review-dismissed": "ReviewDismissedEvent",
  "review-requested": "ReviewRequestedEvent",
  unlabeled: "UnlabeledEvent",
};

export function typeOfTimelineEvent(kind: string): string | undefined {
  return Object.hasOwn(types, kind) ? types[kind as TimelineChange["kind"]] : undefined;
}

/** HeadRefForcePushedEvent -> HEAD_REF_FORCE_PUSHED_EVENT */
export function itemTypeOf(typeName: string): string {
  return typeName.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}
