// Turns pull requests as GitHub's GraphQL shows them into promotions, past promotions and guarded heads. A pull request
// is ours when our app's bot opened it, from a branch under our prefix, in this very repository. Pure.

import { type EnvironmentKey, environmentOfBranch } from "../domain/pipeline.ts";
import type { CheckState, GuardedHead, PastPromotion, Promotion } from "../domain/promotion.ts";
import { isOurCommit, judgeHead, type Signer } from "./judge-ownership.ts";
import type {
  ActorNode,
  CheckedCommitNode,
  OpenNode,
  OriginNode,
  PastNode,
  QueueNode,
  ReviewsNode,
} from "./observe-answer.ts";
import { readRelease } from "./read-trailers.ts";

export interface Reading {
  /** Numeric id of the repository that is observed. */
  readonly repository: number;
  readonly signer: Signer;
}

/** The environment that the pull request promotes to; `undefined` when it is not ours. */
export function ourEnvironment(node: OriginNode, { repository, signer }: Reading): EnvironmentKey | undefined {
  const here = !node.isCrossRepository && node.headRepository?.databaseId === repository;
  return here && isOurBot(node.author, signer) ? environmentOfBranch(node.headRefName) : undefined;
}

export function readPromotion(
  node: OpenNode,
  { key, signer }: { readonly key: EnvironmentKey; readonly signer: Signer },
): Promotion {
  const commits = (node.commits.nodes ?? []).flatMap((item) => (item === null ? [] : [item.commit]));
  const check = checkOfHead(node);
  const describedAs = lastFingerprint(node.body);
  return {
    number: node.number,
    key,
    branch: node.headRefName,
    base: node.baseRefName,
    title: node.title,
    ...(describedAs !== undefined && { describedAs }),
    labels: (node.labels?.nodes ?? []).flatMap((label) => (label === null ? [] : [label.name])),
    openedAt: Date.parse(node.createdAt),
    draft: node.isDraft,
    head: judgeHead({ head: node.headRefOid, commits, total: node.commits.totalCount, key }, signer),
    mergeable: readMergeable(node.mergeable),
    mergeState: readMergeState(node.mergeStateStatus),
    inMergeQueue: node.isInMergeQueue,
    approvals: readApprovals(node),
    ...(check && { check }),
  };
}

/** Somebody else's pull request. */
export function readGuarded(node: OpenNode): GuardedHead {
  const check = checkOfHead(node);
  return { head: node.headRefOid, number: node.number, base: node.baseRefName, contains: [], ...(check && { check }) };
}

/** The heads of a queue's merge groups; a group is built upon those before it, so it contains their pull requests. */
export function readMergeGroups(
  queue: QueueNode | null | undefined,
  { base, reading }: { readonly base: string; readonly reading: Reading },
): readonly GuardedHead[] {
  const entries = (queue?.entries?.nodes ?? []).filter((entry) => entry !== null);
  const heads = new Map<string, GuardedHead>();
  for (const { headCommit, position } of entries) {
    if (headCommit === null) continue;
    const before = entries.filter((entry) => entry.position <= position);
    const known = heads.get(headCommit.oid)?.contains ?? [];
    const contains = before.flatMap(({ pullRequest }) =>
      pullRequest && ourEnvironment(pullRequest, reading) !== undefined ? [pullRequest.number] : [],
    );
    const check = readCheck(headCommit);
    const all = [...new Set([...known, ...contains])];
    heads.set(headCommit.oid, { head: headCommit.oid, base, contains: all, ...(check && { check }) });
  }
  return [...heads.values()];
}

export function readPast(
  node: PastNode,
  { key, signer }: { readonly key: EnvironmentKey; readonly signer: Signer },
): PastPromotion {
  const merged = node.state === "MERGED";
  const commits = (node.commits.nodes ?? []).flatMap((item) => (item === null ? [] : [item.commit]));
  const ours = commits.find((commit) => isOurCommit(commit, signer));
  const release = ours && readRelease(ours.message, key);
  const closer = (node.timelineItems.nodes ?? []).find((item) => item?.actor)?.actor ?? null;
  const actor = merged ? node.mergedBy : closer;
  const standing = new Set([node.headRefOid, ...commits.map(({ oid }) => oid)]);
  return {
    number: node.number,
    key,
    ...(release && { release }),
    outcome: merged ? "merged" : "closed",
    by: actor?.login ?? "somebody unknown",
    byUs: isOurBot(actor, signer),
    openedAt: Date.parse(node.createdAt),
    endedAt: Date.parse((merged ? node.mergedAt : node.closedAt) ?? node.createdAt),
    head: node.headRefOid,
    approvals: readApprovals(node).flatMap(({ by, head }) => (standing.has(head) ? [by] : [])),
    ...(node.mergeCommit && { mergeCommit: node.mergeCommit.oid }),
  };
}

/** The newest run of our check on a commit. */
export function readCheck(commit: CheckedCommitNode | null | undefined): CheckState | undefined {
  const suites = commit?.checkSuites?.nodes ?? [];
  const runs = suites.flatMap((suite) => suite?.checkRuns?.nodes ?? []).filter((run) => run !== null);
  const newest = runs.reduce<(typeof runs)[number] | undefined>(
    (best, run) => ((run.databaseId ?? 0) > (best?.databaseId ?? 0) ? run : best),
    undefined,
  );
  if (newest?.databaseId == null) return undefined;
  const ended = newest.conclusion === "SUCCESS" ? "success" : "failure";
  const state = newest.status === "COMPLETED" ? ended : "in-progress";
  return { id: newest.databaseId, state, fingerprint: newest.externalId ?? "" };
}

/** People may write above it what they like: the last marker is the one that we wrote. */
function lastFingerprint(body: string): string | undefined {
  const markers = body.matchAll(/<!-- stagecoach:description ([A-Za-z0-9._-]{1,100}) -->/g);
  return [...markers].at(-1)?.[1];
}

function checkOfHead(node: OpenNode): CheckState | undefined {
  const newest = (node.newest.nodes ?? []).find((item) => item?.commit.oid === node.headRefOid);
  return readCheck(newest?.commit);
}

/** People's approvals; an app that approves is nobody's second pair of eyes. */
function readApprovals(node: ReviewsNode): Promotion["approvals"] {
  return (node.latestOpinionatedReviews?.nodes ?? []).flatMap((review) =>
    review?.state === "APPROVED" && review.author?.__typename === "User" && review.commit !== null
      ? [{ by: review.author.login, head: review.commit.oid }]
      : [],
  );
}

function isOurBot(actor: ActorNode | null, { slug }: Signer): boolean {
  if (actor?.__typename !== "Bot") return false;
  // GraphQL leaves out what REST puts behind a bot's name.
  return actor.login.replace(/\[bot\]$/, "").toLowerCase() === slug.toLowerCase();
}

function readMergeable(text: string): Promotion["mergeable"] {
  return text === "MERGEABLE" ? "mergeable" : text === "CONFLICTING" ? "conflicting" : "unknown";
}

/** `UNSTABLE` and `HAS_HOOKS` can be merged: what has not passed is not required. */
function readMergeState(text: string): Promotion["mergeState"] {
  if (text === "CLEAN" || text === "UNSTABLE" || text === "HAS_HOOKS") return "clean";
  if (text === "BEHIND") return "behind";
  if (text === "BLOCKED") return "blocked";
  return text === "UNKNOWN" ? "unknown" : "other";
}
