// What stands between a pull request and its merge: draft, conflicts, checks, approvals, the queue.

import { isAncestor } from "../git/history.ts";
import { hasRole } from "./decide-permission.ts";
import { bindingRules } from "./find-rule.ts";
import type { Actor } from "./identity.ts";
import type { Model } from "./model.ts";
import { findFailingChecks, latestStatusesOf, runsOf } from "./report-check.ts";
import type { PullRequest, Review } from "./repository.ts";
import type { BranchRule } from "./rule.ts";

/** What the rules say against merging the pull request as it is; undefined when they are content. */
export function findRuleAgainstMerge(
  model: Model,
  {
    pull,
    actor,
    throughQueue = false,
  }: { readonly pull: PullRequest; readonly actor: Actor; readonly throughQueue?: boolean },
): string | undefined {
  for (const rule of bindingRules(pull.repository, { branch: pull.baseRef, actor })) {
    const found = findInRule(model, { pull, rule, throughQueue });
    if (found !== undefined) return found;
  }
  return undefined;
}

export type MergeState = "unknown" | "dirty" | "draft" | "behind" | "blocked" | "unstable" | "clean";

/** As REST writes `mergeable_state` (GraphQL: mergeStateStatus, in capitals). Does not start the computation. */
export function mergeStateOf(model: Model, pull: PullRequest): MergeState {
  if (pull.mergeability.kind === "unknown") return "unknown";
  if (pull.mergeability.kind === "conflicting") return "dirty";
  if (pull.draft) return "draft";
  const actor: Actor = { kind: "anonymous" };
  const rules = bindingRules(pull.repository, { branch: pull.baseRef, actor });
  if (
    rules.some(
      (rule) => findInRule(model, { pull, rule: { ...rule, strict: false }, throughQueue: true }) !== undefined,
    )
  )
    return "blocked";
  if (rules.some((rule) => rule.strict) && isBehind(pull)) return "behind";
  return isUnstable(model, pull) ? "unstable" : "clean";
}

/** The last opinion of each reviewer; a comment does not replace one. */
export function standingReviews(pull: PullRequest): readonly Review[] {
  const opinions = pull.reviews.filter(({ state }) => state !== "COMMENTED" && state !== "PENDING");
  return [...new Map(opinions.map((review) => [review.author.login, review])).values()];
}

/** Counted as GitHub counts: the reviewer may push, is not the author, and the opinion still stands. */
export function countApprovals(model: Model, pull: PullRequest): number {
  return standingReviews(pull).filter((review) => review.state === "APPROVED" && counts(model, { pull, review }))
    .length;
}

export function hasRequestedChanges(model: Model, pull: PullRequest): boolean {
  return standingReviews(pull).some(
    (review) => review.state === "CHANGES_REQUESTED" && counts(model, { pull, review }),
  );
}

function findInRule(
  model: Model,
  {
    pull,
    rule,
    throughQueue,
  }: { readonly pull: PullRequest; readonly rule: BranchRule; readonly throughQueue: boolean },
): string | undefined {
  if (rule.mergeQueue !== undefined && !throughQueue) return "Changes must be made through the merge queue";
  const approvals = rule.requiredApprovals ?? 0;
  if (approvals > 0 && hasRequestedChanges(model, pull))
    return "Changes have been requested by a reviewer with write access.";
  if (countApprovals(model, pull) < approvals)
    return `At least ${approvals} approving review${approvals === 1 ? " is" : "s are"} required by reviewers with write access.`;
  if (
    rule.requireLastPushApproval &&
    !standingReviews(pull).some((review) => review.state === "APPROVED" && review.commitOid === pull.headOid)
  )
    return "New changes require approval from someone other than the last pusher.";
  const check = findFailingChecks(model, {
    repository: pull.repository,
    oid: pull.headOid,
    required: rule.requiredChecks,
  });
  if (check !== undefined) return check;
  if (rule.strict && rule.mergeQueue === undefined && isBehind(pull))
    return "Head branch is out of date. Review and try the merge again.";
  return undefined;
}

function isBehind(pull: PullRequest): boolean {
  const base = pull.repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  return base !== undefined && !isAncestor(pull.repository.git, { base, head: pull.headOid });
}

function isUnstable(model: Model, { repository, headOid: oid }: PullRequest): boolean {
  const good = ["success", "neutral", "skipped"];
  return (
    runsOf(model, { repository, oid, latest: true }).some((run) => !good.includes(run.conclusion ?? "pending")) ||
    latestStatusesOf(model, { repository, oid }).some(({ state }) => state !== "success")
  );
}

function counts(model: Model, { pull, review }: { readonly pull: PullRequest; readonly review: Review }): boolean {
  if (review.author === pull.author) return false;
  return (
    review.author.type === "Bot" || hasRole(model, { user: review.author, repository: pull.repository, role: "write" })
  );
}
