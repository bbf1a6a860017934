// The question about what we said on pull requests after their merge, as many of them in one request as there are, and
// the one about our issues. Names, numbers and cursors travel as variables only.

import { DRIFT_LABEL } from "./read-marks.ts";

/** What is asked of one pull request or one merge commit, from a cursor on. */
export interface ToldQuestion {
  readonly kind: "comments" | "deployments";
  /** Of the pull request. */
  readonly number: number;
  /** The merge commit; only for deployments. */
  readonly commit?: string;
  readonly after?: string;
  /** From 1. */
  readonly page: number;
}

const FIELDS = {
  comments: {
    type: "Int!",
    text: (n: number) =>
      `told${n}: issueOrPullRequest(number: $about${n}) {
        ... on PullRequest { comments(first: 50, after: $after${n}) { ...said } }
        ... on Issue { comments(first: 50, after: $after${n}) { ...said } }
      }`,
    fragment: `
fragment said on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { url body author { __typename login } }
}`,
  },
  deployments: {
    type: "GitObjectID!",
    text: (n: number) =>
      `told${n}: object(oid: $about${n}) { ... on Commit { deployments(first: 50, after: $after${n}) { ...recorded } } }`,
    fragment: `
fragment recorded on DeploymentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id databaseId originalEnvironment creator { __typename login } latestStatus { state description } }
}`,
  },
} as const;

/** The answers stand in the repository as `told0`, `told1` and so on, in the order of the questions. */
export function toldQuery(kinds: readonly ToldQuestion["kind"][]): string {
  const variables = kinds.map((kind, n) => `, $about${n}: ${FIELDS[kind].type}, $after${n}: String`).join("");
  const fields = kinds.map((kind, n) => `    ${FIELDS[kind].text(n)}`).join("\n");
  const fragments = [...new Set(kinds)].map((kind) => FIELDS[kind].fragment).join("");
  return `
query Told($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
${fields}
  }
}${fragments}`;
}

export const DRIFT_ISSUES = `
query DriftIssues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(
      states: OPEN, labels: ["${DRIFT_LABEL}"], first: 50, after: $after, orderBy: { field: CREATED_AT, direction: ASC }
    ) {
      pageInfo { hasNextPage endCursor }
      nodes { number body author { __typename login } labels(first: 30) { nodes { name } } }
    }
  }
}`;
