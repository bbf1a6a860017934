// Reviews and requests for review, and what GitHub decides from them.

import { hasRole } from "../../model/decide-permission.ts";
import { countApprovals, hasRequestedChanges } from "../../model/find-merge-block.ts";
import { rulesOf } from "../../model/find-rule.ts";
import { accountOf } from "../../model/manage-accounts.ts";
import type { PullRequest, Review } from "../../model/repository.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { commitNode } from "../git-node.ts";
import { urlOf } from "./conversation.ts";

interface ReviewArguments extends PageArguments {
  readonly states?: readonly string[] | null;
  readonly author?: string | null;
}

const opinions = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"];

export const reviewFields = {
  PullRequestReview: {
    id: ({ nodeId }: Review) => nodeId,
    databaseId: ({ id }: Review) => id,
    fullDatabaseId: ({ id }: Review) => String(id),
    author: ({ author }: Review) => author,
    body: ({ body }: Review) => body,
    state: ({ state }: Review) => state,
    commit: ({ pullRequest, commitOid }: Review) => commitNode(pullRequest.repository, commitOid),
    createdAt: ({ submittedAt }: Review) => submittedAt,
    submittedAt: ({ submittedAt }: Review) => submittedAt,
    updatedAt: ({ updatedAt }: Review) => updatedAt,
    editor: ({ editor }: Review) => editor ?? null,
    pullRequest: ({ pullRequest }: Review) => pullRequest,
    viewerDidAuthor: ({ author }: Review, _: unknown, { actor }: Context) => author === accountOf(actor),
    authorCanPushToRepository: (review: Review, _: unknown, context: Context) => canPush(context, review),
    url: ({ pullRequest, id }: Review, _: unknown, context: Context) =>
      `${urlOf(context, pullRequest)}#pullrequestreview-${id}`,
  },
} satisfies Readonly<Record<string, FieldTable>>;

/** The fields of a PullRequest that reviewers fill. */
export const reviewedFields = {
  reviews: (pull: PullRequest, args: ReviewArguments, context: Context) => {
    demand(context, { repository: pull.repository, permission: "pull_requests" });
    const found = pull.reviews.filter(
      ({ state, author }) =>
        (!args.states || args.states.includes(state)) && (!args.author || author.login === args.author),
    );
    return connect(found, args, byNodeId);
  },
  latestReviews: (pull: PullRequest, args: PageArguments) =>
    connect(latestOfEach(pull.reviews.filter(({ state }) => state !== "PENDING")), args, byNodeId),
  latestOpinionatedReviews: (
    pull: PullRequest,
    args: PageArguments & { readonly writersOnly?: boolean | null },
    context: Context,
  ) => {
    const latest = latestOfEach(pull.reviews.filter(({ state }) => opinions.includes(state)));
    return connect(args.writersOnly ? latest.filter((review) => canPush(context, review)) : latest, args, byNodeId);
  },
  reviewRequests: (pull: PullRequest, args: PageArguments) => {
    const requested = [...pull.requestedReviewers, ...pull.requestedTeams].map((reviewer) => ({
      id: `RR_${reviewer.nodeId}`,
      asCodeOwner: false,
      pullRequest: pull,
      requestedReviewer: reviewer,
    }));
    return connect(requested, args, ({ id }) => id);
  },
  reviewDecision: (pull: PullRequest, _: unknown, { model }: Context) => {
    const needed = Math.max(0, ...rulesOf(pull.repository, pull.baseRef).map((rule) => rule.requiredApprovals ?? 0));
    // GitHub decides nothing where no rule asks for a review, whatever was said
    if (needed === 0) return null;
    if (hasRequestedChanges(model, pull)) return "CHANGES_REQUESTED";
    return countApprovals(model, pull) >= needed ? "APPROVED" : "REVIEW_REQUIRED";
  },
};

function latestOfEach(reviews: readonly Review[]): readonly Review[] {
  return [...new Map(reviews.map((review) => [review.author.login, review])).values()];
}

function canPush({ model }: Context, { author, pullRequest: { repository } }: Review): boolean {
  return hasRole(model, { user: author, repository, role: "write" });
}
