// The question about the newest comments of many pull requests and issues, and the shape of its answer. Numbers travel
// as variables only.

import type { IdentifiedActorNode, Nodes } from "./observe-answer.ts";
import { IDENTIFIED_ACTOR } from "./read-actor.ts";

export interface CommentNode {
  readonly id: string;
  /** Ends in the comment's number, which has outgrown GraphQL's `Int`. */
  readonly url: string;
  readonly body: string;
  readonly createdAt: string;
  readonly lastEditedAt: string | null;
  readonly includesCreatedEdit: boolean;
  readonly isMinimized: boolean;
  readonly author: IdentifiedActorNode | null;
  readonly reactionGroups: readonly { readonly content: string; readonly viewerHasReacted: boolean }[] | null;
}

export interface ConversationNode {
  readonly id: string;
  readonly comments: Nodes<CommentNode>;
}

export interface CommentsAnswer {
  readonly repository: Readonly<Record<string, ConversationNode | null>> | null;
}

/** The answers stand in the repository as `talk0`, `talk1` and so on. */
export function commentsQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const variables = numbers.map((n) => `, $number${n}: Int!`).join("");
  const fields = numbers.map((n) => `    talk${n}: issueOrPullRequest(number: $number${n}) { ...issue ...pull }`);
  return `
query Comments($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
${fields.join("\n")}
  }
}
fragment issue on Issue { id comments(last: 50) { ...said } }
fragment pull on PullRequest { id comments(last: 50) { ...said } }
fragment said on IssueCommentConnection {
  nodes {
    id
    url
    body
    createdAt
    lastEditedAt
    includesCreatedEdit
    isMinimized
    author { ${IDENTIFIED_ACTOR} }
    reactionGroups { content viewerHasReacted }
  }
}`;
}
