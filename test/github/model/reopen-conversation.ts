// Reopens issues and pull requests, where GitHub lets that happen: a pull request needs its branch, unrewritten.

import { isAncestor } from "../git/history.ts";
import { announceChange } from "./change-conversation.ts";
import { forgetMergeability } from "./compute-mergeability.ts";
import type { User } from "./identity.ts";
import { type Model, timestamp } from "./model.ts";
import { addTimelineEvent } from "./record-timeline.ts";
import type { Conversation, PullRequest } from "./repository.ts";

export type ReopenOutcome = { readonly kind: "reopened" } | { readonly kind: "refused"; readonly message: string };

export function reopenConversation(
  model: Model,
  { conversation, by }: { readonly conversation: Conversation; readonly by: User },
): ReopenOutcome {
  if (conversation.state === "open") return { kind: "reopened" };
  const refusal = conversation.kind === "pull-request" ? refuseReopening(conversation) : undefined;
  if (refusal !== undefined) return { kind: "refused", message: refusal };
  conversation.state = "open";
  conversation.closedAt = undefined;
  conversation.closedBy = undefined;
  conversation.updatedAt = timestamp(model);
  if (conversation.kind === "issue") conversation.stateReason = "reopened";
  else {
    conversation.headOid = headTipOf(conversation) ?? conversation.headOid;
    conversation.baseOid =
      conversation.repository.git.refs.get(`refs/heads/${conversation.baseRef}`) ?? conversation.baseOid;
    forgetMergeability(conversation);
  }
  addTimelineEvent(model, { conversation, actor: by, change: { kind: "reopened" } });
  announceChange(model, { conversation, sender: by, action: "reopened" });
  return { kind: "reopened" };
}

function headTipOf({ headRepository, headRef }: PullRequest): string | undefined {
  return headRepository.git.refs.get(`refs/heads/${headRef}`);
}

function refuseReopening(pull: PullRequest): string | undefined {
  const tip = headTipOf(pull);
  if (pull.mergedAt !== undefined) return "state cannot be changed. The pull request cannot be reopened.";
  if (tip === undefined) return `state cannot be changed. The ${pull.headRef} branch has been deleted.`;
  if (!isAncestor(pull.repository.git, { base: pull.headOid, head: tip }))
    return `state cannot be changed. The ${pull.headRef} branch was force-pushed or recreated.`;
  const base = pull.repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  if (base === undefined) return `state cannot be changed. The ${pull.baseRef} branch has been deleted.`;
  if (isAncestor(pull.repository.git, { base: tip, head: base }))
    return `state cannot be changed. There are no new commits on the ${pull.headRef} branch.`;
  const other = [...pull.repository.conversations.values()].find(
    (one) =>
      one.kind === "pull-request" &&
      one.state === "open" &&
      one.headRef === pull.headRef &&
      one.headRepository === pull.headRepository &&
      one.baseRef === pull.baseRef,
  );
  return other === undefined ? undefined : "state cannot be changed. There is already an open pull request.";
}
