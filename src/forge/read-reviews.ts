// Reads the approvals of a pull request with what they say: by people who may write, the last opinion of each, while it
// stands. An app that approves is nobody's second pair of eyes, and words that somebody else wrote into a review are not
// the reviewer's.

import type { ApprovingReview } from "../domain/promotion.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import { askGraphql, type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { type ActorNode, nodesOf, type Page } from "./observe-answer.ts";

export const REVIEWS = `
query Reviews($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      latestOpinionatedReviews(first: 50, after: $after, writersOnly: true) {
        pageInfo { hasNextPage endCursor }
        nodes { state body author { __typename login } editor { __typename login } commit { oid } }
      }
    }
  }
}`;

interface ReviewNode {
  readonly state: string;
  readonly body: string;
  readonly author: ActorNode | null;
  /** Who changed its words last; anybody who may write can. */
  readonly editor: ActorNode | null;
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
): Promise<Seen<readonly ApprovingReview[]>> {
  const reviews: ApprovingReview[] = [];
  let after: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found: Seen<Page<ReviewNode>> = await askPage(github, { at, number, after });
    if (found.kind === "unknown") return found;
    reviews.push(...nodesOf(found.value).flatMap(readApproval));
    const { hasNextPage, endCursor } = found.value.pageInfo;
    if (!hasNextPage) return known(reviews);
    after = endCursor ?? "";
  }
  return unknown(`it has more than ${MOST_PAGES * 50} reviewers`);
}

async function askPage(
  github: Github,
  { at, number, after }: { readonly at: RepositoryReference; readonly number: number; readonly after: string | null },
): Promise<Seen<Page<ReviewNode>>> {
  const answer = await tryRead(github, {
    at,
    doing: `read the reviews of #${number}`,
    ask: ({ octokit, where }) =>
      askGraphql<Answer>(octokit, {
        query: REVIEWS,
        variables: { owner: where.owner, name: where.repo, number, after },
      }),
  });
  if (answer.kind !== "ok") return unknown(whyNot(answer));
  const { data, errors } = answer.value;
  const found = data.repository?.pullRequest?.latestOpinionatedReviews;
  return errors[0] || !found ? unknown(`GitHub said "${errors[0]?.message ?? "nothing"}"`) : known(found);
}

function readApproval({ state, author, editor, body, commit }: ReviewNode): readonly ApprovingReview[] {
  if (state !== "APPROVED" || author?.__typename !== "User" || commit === null) return [];
  const isOwn = editor === null || (editor.__typename === "User" && editor.login === author.login);
  return [{ by: author.login, head: commit.oid, text: isOwn ? body.slice(0, LONGEST_TEXT) : "" }];
}
