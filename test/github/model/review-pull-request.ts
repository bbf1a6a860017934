// Reviews: given on the head as it is now, dismissed by somebody.

import { identifyNode } from "./identify-node.ts";
import type { User } from "./identity.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { PullRequest, Review, ReviewState } from "./repository.ts";

export interface NewReview {
  readonly pull: PullRequest;
  readonly author: User;
  readonly state: ReviewState;
  readonly body?: string | undefined;
  readonly commitOid?: string | undefined;
}

export type ReviewOutcome =
  | { readonly kind: "reviewed"; readonly review: Review }
  | { readonly kind: "refused"; readonly message: string };

export function reviewPullRequest(
  model: Model,
  { pull, author, state, body = "", commitOid = pull.headOid }: NewReview,
): ReviewOutcome {
  if (author === pull.author && state === "APPROVED")
    return { kind: "refused", message: "Can not approve your own pull request" };
  if (author === pull.author && state === "CHANGES_REQUESTED")
    return { kind: "refused", message: "Can not request changes on your own pull request" };
  const id = nextId(model);
  const now = timestamp(model);
  const review: Review = register(model, {
    kind: "review",
    id,
    nodeId: identifyNode("review", id),
    pullRequest: pull,
    author,
    state,
    body,
    commitOid,
    submittedAt: now,
    updatedAt: now,
    editor: undefined,
  });
  pull.reviews.push(review);
  pull.updatedAt = now;
  pull.requestedReviewers = pull.requestedReviewers.filter((user) => user !== author);
  pull.requestedTeams = pull.requestedTeams.filter((team) => !team.members.has(author.login.toLowerCase()));
  announce(model, {
    event: "pull_request_review",
    action: "submitted",
    repository: pull.repository,
    review,
    sender: author,
  });
  return { kind: "reviewed", review };
}

/** Whoever may write can change the words of others. */
export function editReview(
  model: Model,
  { review, by, body }: { readonly review: Review; readonly by: User; readonly body: string },
): void {
  review.body = body;
  review.updatedAt = timestamp(model);
  review.editor = by;
}

export function dismissReview(
  model: Model,
  { review, by, message }: { readonly review: Review; readonly by: User; readonly message: string },
): void {
  const previousState = review.state;
  review.state = "DISMISSED";
  review.updatedAt = timestamp(model);
  const { pullRequest } = review;
  addTimelineEvent(model, {
    conversation: pullRequest,
    actor: by,
    change: { kind: "review-dismissed", review, previousState, message },
  });
  announce(model, {
    event: "pull_request_review",
    action: "dismissed",
    repository: pullRequest.repository,
    review,
    sender: by,
  });
}
