// Turns pull requests as GitHub's GraphQL shows them into promotions, past promotions and guarded heads. A pull request
// is ours when our app's bot opened it, from a branch under our prefix, in this very repository. Pure.

import { type EnvironmentKey, environmentOfBranch } from "../domain/pipeline.ts";
import type { Approval, CheckState, GuardedHead, PastPromotion, Promotion } from "../domain/promotion.ts";
import { sandboxOfBranch } from "../domain/sandbox.ts";
import { isOurCommit, judgeHead, pushersOf, readTime, type Signer } from "./judge-ownership.ts";
import {
  type ActorNode,
  type CheckedCommitNode,
  type CheckRunNode,
  type IdentifiedActorNode,
  nodesOf,
  type OpenNode,
  type OriginNode,
  type PastNode,
  type QueueNode,
  type ReviewsNode,
} from "./observe-answer.ts";
import { readActor } from "./read-actor.ts";
import { readHeadChecks } from "./read-head-checks.ts";
import { readDescriptionMark } from "./read-marks.ts";
import { readProposed } from "./read-proposed.ts";

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

/** The environment that the pull request lends or takes back; `undefined` when it is not ours. */
export function ourSandbox(node: OriginNode, { repository, signer }: Reading): EnvironmentKey | undefined {
  const here = !node.isCrossRepository && node.headRepository?.databaseId === repository;
  return here && isOurBot(node.author, signer) ? sandboxOfBranch(node.headRefName) : undefined;
}

export function readPromotion(
  node: OpenNode,
  { key, signer }: { readonly key: EnvironmentKey; readonly signer: Signer },
): Promotion {
  const commits = nodesOf(node.commits).map(({ commit }) => commit);
  const check = checkOfHead(node);
  const describedAs = readDescriptionMark(node.body);
  const leftQueue = readLeftQueue(node, signer);
  return {
    number: node.number,
    key,
    branch: node.headRefName,
    base: node.baseRefName,
    title: node.title,
    ...(describedAs !== undefined && { describedAs }),
    labels: nodesOf(node.labels).map(({ name }) => name),
    openedAt: Date.parse(node.createdAt),
    draft: node.isDraft,
    head: judgeHead(
      { head: node.headRefOid, committedAt: headTime(node), commits, total: node.commits.totalCount, key },
      signer,
    ),
    mergeable: readMergeable(node.mergeable),
    mergeState: readMergeState(node.mergeStateStatus),
    inMergeQueue: node.isInMergeQueue,
    ...(leftQueue && { leftQueue }),
    approvals: readApprovals(node),
    checks: readHeadChecks(newestCommit(node), signer),
    pushedBy: pushersOf(commits, signer),
    ...(check && { check }),
  };
}

function headTime(node: OpenNode): number {
  const commit = newestCommit(node);
  return Math.max(readTime(commit?.committedDate), readSuiteTime(commit) ?? 0);
}

/**
 * When GitHub opened our check suite on a commit, which it does when the commit comes: whoever made it may have given it
 * any time, and may have kept it back.
 */
export function readSuiteTime(commit: CheckedCommitNode | undefined): number | undefined {
  const times = nodesOf(commit?.checkSuites).map(({ createdAt }) => Date.parse(createdAt));
  return times.length === 0 ? undefined : Math.min(...times);
}

function newestCommit({ newest, headRefOid }: OpenNode) {
  return nodesOf(newest).find(({ commit }) => commit.oid === headRefOid)?.commit;
}

/**
 * Taken out of the merge queue since its head moved last: it is not put back for the same head, unless we took it out
 * because a gate had closed.
 */
function readLeftQueue({ queueing }: OpenNode, signer: Signer): Promotion["leftQueue"] {
  const [last] = nodesOf(queueing);
  if (last?.__typename !== "RemovedFromMergeQueueEvent") return undefined;
  if (isOurBot(last.actor ?? null, signer) && /manual/i.test(last.reason ?? "")) return undefined;
  return { by: last.actor?.login ?? "GitHub", why: last.reason ?? "" };
}

/** Somebody else's pull request. */
export function readGuarded(node: OpenNode): GuardedHead {
  const check = checkOfHead(node);
  const fork = node.isCrossRepository && { fork: true as const };
  const { headRefOid: head, number, baseRefName: base, headRefName: branch } = node;
  return { head, number, base, branch, contains: [], ...fork, ...(check && { check }) };
}

/** The heads of a queue's merge groups; a group is built upon those before it, so it contains their pull requests. */
export function readMergeGroups(
  queue: QueueNode | null | undefined,
  { base, reading }: { readonly base: string; readonly reading: Reading },
): readonly GuardedHead[] {
  const entries = nodesOf(queue?.entries);
  const heads = new Map<string, GuardedHead>();
  for (const { headCommit, position } of entries) {
    if (headCommit === null) continue;
    const before = entries.filter((entry) => entry.position <= position);
    const known = heads.get(headCommit.oid);
    const pulls = before.flatMap(({ pullRequest }) => pullRequest ?? []);
    const isOurs = (pull: OriginNode) => ourEnvironment(pull, reading) !== undefined;
    const numbersOf = (some: readonly OriginNode[]) => some.map(({ number }) => number);
    const contains = [...new Set([...(known?.contains ?? []), ...numbersOf(pulls.filter(isOurs))])];
    const isSandbox = (pull: OriginNode) => ourSandbox(pull, reading) !== undefined;
    const theirs = numbersOf(pulls.filter((pull) => !isOurs(pull) && !isSandbox(pull)));
    const others = [...new Set([...(known?.others ?? []), ...theirs])];
    const check = readCheck(headCommit);
    const { oid: head } = headCommit;
    heads.set(head, { head, base, contains, ...(others.length > 0 && { others }), ...(check && { check }) });
  }
  return [...heads.values()];
}

export function readPast(
  node: PastNode,
  { key, signer }: { readonly key: EnvironmentKey; readonly signer: Signer },
): PastPromotion {
  const merged = node.state === "MERGED";
  const commits = nodesOf(node.commits).map(({ commit }) => commit);
  const ours = commits.find((commit) => isOurCommit(commit, signer));
  const proposed = ours && readProposed(ours.message, key);
  const closer = nodesOf(node.timelineItems).find(({ actor }) => actor)?.actor ?? null;
  const actor = merged ? node.mergedBy : closer;
  const standing = new Set([node.headRefOid, ...commits.map(({ oid }) => oid)]);
  return {
    number: node.number,
    key,
    ...proposed,
    outcome: merged ? "merged" : "closed",
    base: node.baseRefName,
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
  const runs = nodesOf(commit?.checkSuites).flatMap((suite) => nodesOf(suite.checkRuns));
  const states = runs.map((run): CheckState => {
    const ended = run.conclusion === "SUCCESS" ? "success" : "failure";
    const state = run.status === "COMPLETED" ? ended : "in-progress";
    return { id: idOf(run), state, fingerprint: run.externalId ?? "" };
  });
  return states.reduce<CheckState | undefined>((best, run) => (best && best.id >= run.id ? best : run), undefined);
}

function idOf({ databaseId, url }: CheckRunNode): number {
  const id = databaseId ?? Number(/\/runs\/([0-9]+)$/.exec(url)?.[1]);
  if (Number.isSafeInteger(id)) return id;
  throw new Error("GitHub did not say which run our check is.");
}

function checkOfHead(node: OpenNode): CheckState | undefined {
  return readCheck(newestCommit(node));
}

/** People's approvals; an app that approves is nobody's second pair of eyes. */
function readApprovals(node: ReviewsNode): Promotion["approvals"] {
  return nodesOf(node.latestOpinionatedReviews).flatMap((review) =>
    review.state === "APPROVED" && review.author?.__typename === "User" && review.commit !== null
      ? [approvalBy(review.author, review.commit.oid)]
      : [],
  );
}

function approvalBy(author: IdentifiedActorNode, head: string): Approval {
  const { id, login } = readActor(author);
  return { by: login, ...(id > 0 && { byId: id }), head };
}

export function isOurBot(actor: ActorNode | null, { slug }: Pick<Signer, "slug">): boolean {
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
