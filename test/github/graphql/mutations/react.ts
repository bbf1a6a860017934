// Reactions by GraphQL: given once, taken back only by who gave them.

import { accountOf } from "../../model/manage-accounts.ts";
import type { Comment, Conversation } from "../../model/repository.ts";
import { addReaction, removeReaction } from "../../model/write-comment.ts";
import { type Context, demandOneOf } from "../context.ts";
import { contentOf, groupReactions, type ReactionWord } from "../fields/reaction.ts";
import { findNode } from "../find-node.ts";
import { problem } from "../problem.ts";

interface ReactionArguments {
  readonly input: {
    readonly subjectId: string;
    readonly content: ReactionWord;
    readonly clientMutationId?: string | null;
  };
}

export function react(_: unknown, { input }: ReactionArguments, context: Context): unknown {
  const { target, user } = demandTarget(context, input.subjectId);
  const { reaction } = addReaction(context.model, { target, user, content: contentOf(input.content) });
  return answer(context, { input, target, reaction });
}

export function unreact(_: unknown, { input }: ReactionArguments, context: Context): unknown {
  const { target, user } = demandTarget(context, input.subjectId);
  const reaction = removeReaction({ target, user, content: contentOf(input.content) });
  if (reaction === undefined) throw problem("NOT_FOUND", "Could not resolve to a reaction of yours on this subject.");
  return answer(context, { input, target, reaction });
}

function answer(
  context: Context,
  {
    input,
    target,
    reaction,
  }: ReactionArguments & { readonly target: Comment | Conversation; readonly reaction: unknown },
): unknown {
  const reactionGroups = groupReactions(target, undefined, context);
  return { clientMutationId: input.clientMutationId ?? null, reaction, reactionGroups, subject: target };
}

function demandTarget(context: Context, nodeId: string) {
  const target = findNode(context, nodeId);
  if (target?.kind !== "comment" && target?.kind !== "issue" && target?.kind !== "pull-request") {
    throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${nodeId}'.`);
  }
  const { repository } = target.kind === "comment" ? target.conversation : target;
  demandOneOf(context, { repository, permissions: ["issues", "pull_requests"], access: "write" });
  const user = accountOf(context.actor);
  if (user === undefined) throw problem("FORBIDDEN", "Resource not accessible by integration");
  return { target, user };
}
