// `enqueuePullRequest` and `dequeuePullRequest`. A pull request is enqueued only with the head that the caller names.

import { leaveQueue, queueEntryOf } from "../../model/leave-merge-queue.ts";
import { accountOf } from "../../model/manage-accounts.ts";
import type { PullRequest } from "../../model/repository.ts";
import { enqueuePullRequest } from "../../model/run-merge-queue.ts";
import { type Context, demand } from "../context.ts";
import { findNode } from "../find-node.ts";
import { problem } from "../problem.ts";

interface EnqueueArguments {
  readonly input: {
    readonly pullRequestId: string;
    readonly expectedHeadOid?: string | null;
    readonly jump?: boolean | null;
    readonly clientMutationId?: string | null;
  };
}

interface DequeueArguments {
  readonly input: { readonly id: string; readonly clientMutationId?: string | null };
}

export function enqueue(_: unknown, { input }: EnqueueArguments, context: Context): unknown {
  const pull = demandPullRequest(context, input.pullRequestId);
  const outcome = enqueuePullRequest(context.model, {
    pull,
    actor: context.actor,
    expectedHead: input.expectedHeadOid ?? undefined,
    jump: input.jump ?? false,
  });
  if (outcome.kind === "refused") throw problem("UNPROCESSABLE", outcome.message);
  return { clientMutationId: input.clientMutationId ?? null, mergeQueueEntry: outcome.entry };
}

/** The answer is the entry as it was; the queue no longer has it. */
export function dequeue(_: unknown, { input }: DequeueArguments, context: Context): unknown {
  const pull = demandPullRequest(context, input.id);
  if (queueEntryOf(pull) === undefined) throw problem("UNPROCESSABLE", "Pull request is not in the merge queue");
  const by = accountOf(context.actor) ?? pull.repository.owner;
  const entry = leaveQueue(context.model, { pull, by, reason: "MANUAL" });
  return { clientMutationId: input.clientMutationId ?? null, mergeQueueEntry: entry ?? null };
}

function demandPullRequest(context: Context, nodeId: string): PullRequest {
  const node = findNode(context, nodeId);
  if (node?.kind !== "pull-request") {
    throw problem("NOT_FOUND", `Could not resolve to PullRequest node with the global id of '${nodeId}'.`);
  }
  demand(context, { repository: node.repository, permission: "pull_requests", access: "write" });
  // the queue will write the base branch in the caller's name
  demand(context, { repository: node.repository, permission: "contents", access: "write" });
  return node;
}
