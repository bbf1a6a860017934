// The merge queue: pull requests wait in it, a group of them is built on top of the base and checked, and then the base
// moves to the group. GitHub builds groups by itself; here a story says when.

import { computeMergeability } from "./compute-mergeability.ts";
import { findRuleAgainstMerge } from "./find-merge-block.ts";
import { rulesOf } from "./find-rule.ts";
import { identifyNode } from "./identify-node.ts";
import type { Actor, User } from "./identity.ts";
import { leaveQueue, queueEntryOf } from "./leave-merge-queue.ts";
import { accountOf, ensureUser } from "./manage-accounts.ts";
import { finishMerge, makeMergeCommit } from "./merge-pull-request.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";
import { moveReferences } from "./move-reference.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { MergeGroup, MergeQueue, MergeQueueEntry, PullRequest, Repository } from "./repository.ts";

export type EnqueueOutcome =
  | { readonly kind: "enqueued"; readonly entry: MergeQueueEntry }
  | { readonly kind: "refused"; readonly message: string };

export interface EnqueueRequest {
  readonly pull: PullRequest;
  readonly actor: Actor;
  readonly expectedHead?: string | undefined;
  /** to the front */
  readonly jump?: boolean;
}

export function enqueuePullRequest(model: Model, request: EnqueueRequest): EnqueueOutcome {
  const { pull, actor, jump = false } = request;
  const queue = ensureQueue(model, { repository: pull.repository, branch: pull.baseRef });
  const noQueue = "Pull request Merge queues are not enabled on this repository's branch.";
  const refusal = queue === undefined ? noQueue : refuseEntry(model, request);
  if (queue === undefined || refusal !== undefined) return { kind: "refused", message: refusal ?? noQueue };
  const id = nextId(model);
  const enqueuer = accountOf(actor) ?? pull.repository.owner;
  const entry: MergeQueueEntry = register(model, {
    kind: "merge-queue-entry",
    id,
    nodeId: identifyNode("merge-queue-entry", id),
    queue,
    pullRequest: pull,
    enqueuer,
    enqueuedAt: timestamp(model),
    jump,
    state: "QUEUED",
    group: undefined,
  });
  queue.entries = jump ? [entry, ...queue.entries] : [...queue.entries, entry];
  addTimelineEvent(model, { conversation: pull, actor: enqueuer, change: { kind: "added-to-merge-queue", entry } });
  const about = { repository: pull.repository, pullRequest: pull, sender: enqueuer };
  announce(model, { event: "pull_request", action: "enqueued", ...about });
  return { kind: "enqueued", entry };
}

function refuseEntry(model: Model, { pull, actor, expectedHead }: EnqueueRequest): string | undefined {
  if (pull.state === "closed") return "Pull request is not open";
  if (expectedHead !== undefined && expectedHead !== pull.headOid) return "Head sha didn't match expected head sha.";
  if (queueEntryOf(pull) !== undefined) return "Pull request is already in the queue";
  if (pull.draft) return "Pull request is in draft state";
  if (computeMergeability(model, pull).kind === "conflicting") return "Pull request has merge conflicts";
  return findRuleAgainstMerge(model, { pull, actor, throughQueue: true });
}

/** The queue of a branch whose rule asks for one. */
export function ensureQueue(
  model: Model,
  { repository, branch }: { readonly repository: Repository; readonly branch: string },
): MergeQueue | undefined {
  if (!rulesOf(repository, branch).some((rule) => rule.mergeQueue !== undefined)) return undefined;
  const known = repository.mergeQueues.get(branch);
  if (known !== undefined) return known;
  const id = nextId(model);
  const queue: MergeQueue = register(model, {
    kind: "merge-queue",
    id,
    nodeId: identifyNode("merge-queue", id),
    repository,
    branch,
    entries: [],
    groups: [],
  });
  repository.mergeQueues.set(branch, queue);
  return queue;
}

/** Takes the first waiting pull requests into a group and asks for checks on it; undefined when none waits or it conflicts. */
export function buildMergeGroup(
  model: Model,
  { queue, size = Number.POSITIVE_INFINITY }: { readonly queue: MergeQueue; readonly size?: number },
): MergeGroup | undefined {
  const { repository, branch } = queue;
  const by = queueBot(model);
  const waiting = queue.entries.filter(({ group }) => group === undefined).slice(0, size);
  const last = waiting.at(-1);
  const baseOid = queue.groups.at(-1)?.headOid ?? repository.git.refs.get(`refs/heads/${branch}`);
  if (last === undefined || baseOid === undefined) return undefined;
  let headOid = baseOid;
  for (const { pullRequest: pull } of waiting) {
    const next = makeMergeCommit(model, { pull, method: methodOf(queue), base: headOid, by: pull.author });
    if (next === undefined) {
      leaveQueue(model, { pull, by, reason: "MERGE_CONFLICT" });
      return buildMergeGroup(model, { queue, size });
    }
    headOid = next;
  }
  const headRef = `refs/heads/gh-readonly-queue/${branch}/pr-${last.pullRequest.number}-${baseOid}`;
  const group: MergeGroup = { headRef, headOid, baseOid, baseRef: `refs/heads/${branch}`, entries: waiting };
  for (const entry of waiting) {
    entry.group = group;
    entry.state = "AWAITING_CHECKS";
  }
  queue.groups.push(group);
  moveReferences(model, {
    repository,
    actor: { kind: "user", user: by },
    ignoreRules: true,
    moves: [{ name: headRef, before: undefined, after: headOid }],
  });
  announce(model, { event: "merge_group", action: "checks_requested", repository, group, sender: by });
  return group;
}

/** The end of a group: the base takes it, or its first pull request is thrown out and the others wait again. */
export function finishMergeGroup(
  model: Model,
  { queue, group, passed }: { readonly queue: MergeQueue; readonly group: MergeGroup; readonly passed: boolean },
): void {
  const { repository, branch } = queue;
  const by = queueBot(model);
  const actor: Actor = { kind: "user", user: by };
  const first = group.entries[0]?.pullRequest;
  if (passed) {
    queue.groups = queue.groups.filter((other) => other !== group);
    for (const { pullRequest: pull } of group.entries)
      finishMerge(model, { pull, by, oid: group.headOid, move: () => undefined });
    moveReferences(model, {
      repository,
      actor,
      ignoreRules: true,
      moves: [{ name: `refs/heads/${branch}`, before: group.baseOid, after: group.headOid }],
    });
    announce(model, { event: "merge_group", action: "destroyed", reason: "merged", repository, group, sender: by });
  } else if (first !== undefined) leaveQueue(model, { pull: first, by, reason: "CI_FAILURE" });
  moveReferences(model, {
    repository,
    actor,
    ignoreRules: true,
    moves: [{ name: group.headRef, before: "any", after: undefined }],
  });
}

function methodOf({ repository, branch }: MergeQueue) {
  return rulesOf(repository, branch).find((rule) => rule.mergeQueue !== undefined)?.mergeQueue?.method ?? "merge";
}

function queueBot(model: Model): User {
  return ensureUser(model, { login: "github-merge-queue[bot]", type: "Bot" });
}
