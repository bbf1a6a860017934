// Branches and tags, and the rules that bind a branch. Classic branch protection is not modelled: a branch has none.

import { rulesOf } from "../../model/find-rule.ts";
import { identifyGitNode } from "../../model/identify-node.ts";
import type { BranchRule } from "../../model/rule.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demand, type FieldTable } from "../context.ts";
import { objectNode, type RefNode } from "../git-node.ts";
import { listPullRequests, type PullRequestFilter } from "../list-pull-requests.ts";

interface PrintedRule {
  readonly id: string;
  readonly type: string;
  readonly parameters: unknown;
}

export const referenceFields = {
  Ref: {
    id: ({ repository, name }: RefNode) => identifyGitNode("ref", { repositoryId: repository.id, name }),
    name: ({ name }: RefNode) => splitName(name).rest,
    prefix: ({ name }: RefNode) => splitName(name).prefix,
    repository: ({ repository }: RefNode) => repository,
    target: ({ repository, name }: RefNode) => objectNode(repository, { oid: repository.git.refs.get(name) ?? "" }),
    associatedPullRequests: (
      { repository, name }: RefNode,
      args: PullRequestFilter & PageArguments,
      context: Context,
    ) => {
      demand(context, { repository, permission: "pull_requests" });
      const found = listPullRequests([...repository.conversations.values()], args).filter(
        (pull) => pull.headRepository === repository && `refs/heads/${pull.headRef}` === name,
      );
      return connect(found, args, byNodeId);
    },
    branchProtectionRule: () => null,
    rules: ({ repository, name }: RefNode, args: PageArguments) => {
      const rules = name.startsWith("refs/heads/") ? rulesOf(repository, name.slice("refs/heads/".length)) : [];
      return connect(rules.flatMap(printRule), args, ({ id }) => id);
    },
  },
} satisfies Readonly<Record<string, FieldTable>>;

function splitName(name: string): { readonly prefix: string; readonly rest: string } {
  const [, prefix = "", rest = name] = /^(refs\/[^/]+\/)(.*)$/.exec(name) ?? [];
  return { prefix, rest };
}

/** One rule of ours demands several things; GitHub has a rule for each. */
function printRule(rule: BranchRule): readonly PrintedRule[] {
  const printed: PrintedRule[] = [];
  const add = (type: string, parameters: unknown = null) =>
    printed.push({ id: Buffer.from(`rule:${rule.id}:${type}`).toString("base64url"), type, parameters });
  if (rule.requiredChecks.length > 0) add("REQUIRED_STATUS_CHECKS", printChecks(rule));
  if (rule.requiredApprovals !== undefined) add("PULL_REQUEST", printApprovals(rule));
  if (rule.mergeQueue !== undefined) add("MERGE_QUEUE", printMergeQueue(rule.mergeQueue.method));
  if (!rule.allowForcePushes) add("NON_FAST_FORWARD");
  if (!rule.allowDeletions) add("DELETION");
  if (rule.restrictUpdates !== undefined) add("UPDATE");
  return printed;
}

function printChecks({ requiredChecks, strict }: BranchRule): unknown {
  return {
    __typename: "RequiredStatusChecksParameters",
    doNotEnforceOnCreate: false,
    requiredStatusChecks: requiredChecks.map(({ context, app }) => ({ context, integrationId: app ?? null })),
    strictRequiredStatusChecksPolicy: strict,
  };
}

function printApprovals(rule: BranchRule): unknown {
  return {
    __typename: "PullRequestParameters",
    allowedMergeMethods: ["merge", "squash", "rebase"],
    dismissStaleReviewsOnPush: rule.dismissStaleReviews,
    requireCodeOwnerReview: false,
    requireLastPushApproval: rule.requireLastPushApproval,
    requiredApprovingReviewCount: rule.requiredApprovals,
    requiredReviewThreadResolution: false,
  };
}

function printMergeQueue(method: string): unknown {
  return { __typename: "MergeQueueParameters", mergeMethod: method.toUpperCase(), groupingStrategy: "ALLGREEN" };
}
