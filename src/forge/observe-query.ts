// The one question that a pass asks about a repository, and the one about its ledger's history. Names and cursors travel
// as variables only. The shape of the answers is in observe-answer.ts. GitHub charges by the lists within lists, whether
// they have much or little, so the inner ones are as short as will do.

import { LEDGER_BRANCH } from "../domain/ledger.ts";
import { IDENTIFIED_ACTOR } from "./read-actor.ts";
import { DASHBOARD_LABEL } from "./read-marks.ts";

export const CHECK_NAME = "stagecoach";
export const BRANCH_PREFIX = "refs/heads/stagecoach/";
const SANDBOX_PREFIX = "refs/heads/stagecoach-sandbox/";

const FRAGMENTS = `
fragment ourCheck on Commit {
  checkSuites(first: 2, filterBy: { appId: $appId }) {
    nodes {
      createdAt
      checkRuns(first: 20, filterBy: { checkName: "${CHECK_NAME}", checkType: LATEST }) {
        nodes { databaseId url status conclusion externalId }
      }
    }
  }
}
fragment signed on Commit {
  oid
  message
  committedDate
  author { name email user { login } }
  signature { isValid wasSignedByGitHub }
}
fragment made on Commit { ...signed parents(first: 3) { nodes { oid } } }
fragment branch on Ref {
  name
  target { ... on Commit { oid committedDate tree { oid } author { name user { login } } ...ourCheck } }
}
fragment queue on MergeQueue {
  entries(first: 20) {
    nodes { position headCommit { oid ...ourCheck } pullRequest { ...origin } }
  }
}
fragment origin on PullRequest {
  number
  isCrossRepository
  headRefName
  headRefOid
  baseRefName
  author { __typename login }
  headRepository { databaseId }
}
fragment reviews on PullRequest {
  latestOpinionatedReviews(first: 50, writersOnly: true) {
    nodes { state author { login ${IDENTIFIED_ACTOR} } commit { oid } }
  }
}
fragment reported on Commit {
  statusCheckRollup {
    contexts(first: 100) {
      totalCount
      nodes {
        __typename
        ... on CheckRun { name status conclusion startedAt checkSuite { app { slug } } }
        ... on StatusContext { context state createdAt creator { __typename login } }
      }
    }
  }
}
fragment talk on IssueCommentConnection { totalCount nodes { url createdAt author { __typename login } } }
fragment open on PullRequest {
  ...origin
  comments(last: 3) { ...talk }
  title
  body
  createdAt
  isDraft
  labels(first: 50) { nodes { name } }
  mergeable
  mergeStateStatus
  isInMergeQueue
  queueing: timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT, HEAD_REF_FORCE_PUSHED_EVENT]) {
    nodes { __typename ... on RemovedFromMergeQueueEvent { reason actor { __typename login } } }
  }
  ...reviews
  commits(first: 6) { totalCount nodes { commit { ...made } } }
  newest: commits(last: 1) { nodes { commit { oid committedDate ...ourCheck ...reported } } }
}
fragment past on PullRequest {
  ...origin
  comments(last: 3) { ...talk }
  state
  createdAt
  closedAt
  mergedAt
  mergedBy { __typename login }
  mergeCommit { oid }
  timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { __typename login } } } }
  ...reviews
  commits(first: 3) { nodes { commit { ...signed } } }
}
fragment dashboard on Issue {
  id
  number
  body
  author { __typename login }
  comments(last: 3) { ...talk }
  userContentEdits(first: 10) { nodes { editedAt editor { ${IDENTIFIED_ACTOR} } } }
}`;

/** `branches` counts the wanted branches; they stand in the answer as `branch0`, `queue0`, `branch1` and so on. */
export function observeQuery({ branches }: { readonly branches: number }): string {
  const numbers = Array.from({ length: branches }, (_, index) => index);
  const variables = numbers.map((n) => `, $ref${n}: String!, $name${n}: String!`).join("");
  const wanted = numbers.map(
    (n) => `
    branch${n}: ref(qualifiedName: $ref${n}) @include(if: $facts) { ...branch }
    queue${n}: mergeQueue(branch: $name${n}) @include(if: $facts) { ...queue }`,
  );
  return `
query Observe(
  $owner: String!, $name: String!, $appId: Int!, $facts: Boolean!
  $pulls: Boolean!, $pullsAfter: String, $refs: Boolean!, $refsAfter: String${variables}
) {
  repository(owner: $owner, name: $name) {
    id
    databaseId
    name
    owner { login }
    isArchived
    visibility
    squashMergeAllowed
    mergeCommitAllowed
    rebaseMergeAllowed
    defaultBranchRef { ...branch }
    defaultQueue: mergeQueue @include(if: $facts) { ...queue }${wanted.join("")}
    ledger: ref(qualifiedName: "refs/heads/${LEDGER_BRANCH}") @include(if: $facts) {
      target {
        ... on Commit { oid tree { oid } history(first: 20) { pageInfo { hasNextPage } nodes { ...made } } }
      }
    }
    open: pullRequests(states: OPEN, first: 50, after: $pullsAfter) @include(if: $pulls) {
      pageInfo { hasNextPage endCursor }
      nodes { ...open }
    }
    past: pullRequests(
      states: [CLOSED, MERGED], first: 50, orderBy: { field: UPDATED_AT, direction: DESC }
    ) @include(if: $facts) { nodes { ...past } }
    closed: pullRequests(
      states: [CLOSED], labels: ["stagecoach"], first: 50, orderBy: { field: UPDATED_AT, direction: DESC }
    ) @include(if: $facts) { nodes { ...past } }
    dashboards: issues(
      states: OPEN, labels: ["${DASHBOARD_LABEL}"], first: 5, orderBy: { field: CREATED_AT, direction: ASC }
    ) @include(if: $facts) { nodes { ...dashboard } }
    lent: refs(refPrefix: "${SANDBOX_PREFIX}", first: 50) @include(if: $facts) {
      nodes {
        name
        prefix
        target { ... on Commit { ...signed parents(first: 3) { nodes { ...made } } } }
      }
    }
    closedDashboards: issues(
      states: CLOSED, labels: ["${DASHBOARD_LABEL}"], first: 5, orderBy: { field: CREATED_AT, direction: DESC }
    ) @include(if: $facts) { nodes { number author { __typename login } } }
    refs(refPrefix: "${BRANCH_PREFIX}", first: 50, after: $refsAfter) @include(if: $refs) {
      pageInfo { hasNextPage endCursor }
      nodes {
        name
        prefix
        target { ... on Commit { ...signed parents(first: 3) { nodes { ...made } } } }
      }
    }
  }
}${FRAGMENTS}`;
}

export const LEDGER_COMMITS_QUERY = `
query LedgerCommits($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    object(oid: $oid) {
      ... on Commit {
        history(first: 100) {
          nodes {
            oid
            message
            author { name email user { login } }
            parents(first: 3) { nodes { oid } }
            signature { isValid wasSignedByGitHub }
          }
        }
      }
    }
  }
}`;
