// Reads the approvals of a pull request with what they say: by people who may write, the last opinion of each, while it
// stands. An app that approves is nobody's second pair of eyes.

import type { ApprovingReview } from "../domain/promotion.ts";
import { askGraphql, type Github, read } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type ActorNode, nodesOf, type Page } from "./observe-answer.ts";

export const REVIEWS = `
query Reviews($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      latestOpinionatedReviews(first: 50, after: $after, writersOnly: true) {
        pageInfo { hasNextPage endCursor }
        nodes { state body author { __typename login } commit { oid } }
      }
    }
  }
}`;

interface ReviewNode {
  readonly state: string;
  readonly body: string;
  readonly author: ActorNode | null;
  readonly commit: { readonly oid: string } | null;
}

interface Answer {
  readonly repository: {
    readonly pullRequest: { readonly latestOpinionatedReviews: Page<ReviewNode> | null } | null;
  } | null;
}

const MOST_PAGES = 20;
/** Characters of a review that are looked at. */
const LONGEST_TEXT = 10_000;

export async function readReviews(
  github: Github,
  { at, number }: { readonly at: RepositoryReference; readonly number: number },
): Promise<readonly ApprovingReview[]> {
  const reviews: ApprovingReview[] = [];
  let after: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found: Page<ReviewNode> = await askPage(github, { at, number, after });
    reviews.push(...nodesOf(found).flatMap(readApproval));
    if (!found.pageInfo.hasNextPage) return reviews;
    after = found.pageInfo.endCursor ?? "";
  }
  throw new Error(`#${number} has more reviewers than Stagecoach reads.`);
}

async function askPage(
  github: Github,
  { at, number, after }: { readonly at: RepositoryReference; readonly number: number; readonly after: string | null },
): Promise<Page<ReviewNode>> {
  const { data, errors } = await read(github, {
    at,
    doing: `read the reviews of #${number}`,
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: REVIEWS,
        variables: { owner: where.owner, name: where.repo, number, after },
      }),
  });
  const found = data.repository?.pullRequest?.latestOpinionatedReviews;
  if (errors[0] || !found) {
    throw new Error(`Could not read the reviews of #${number}: GitHub said "${errors[0]?.message ?? "nothing"}".`);
  }
  return found;
}

function readApproval({ state, author, body, commit }: ReviewNode): readonly ApprovingReview[] {
  if (state !== "APPROVED" || author?.__typename !== "User" || commit === null) return [];
  return [{ by: author.login, head: commit.oid, text: body.slice(0, LONGEST_TEXT) }];
}
