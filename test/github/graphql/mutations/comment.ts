// Comments by GraphQL: added, hidden and shown again.

import { accountOf, appOf } from "../../model/manage-accounts.ts";
import type { Comment } from "../../model/repository.ts";
import { addComment } from "../../model/write-comment.ts";
import { type Context, demandOneOf } from "../context.ts";
import { findNode } from "../find-node.ts";
import { problem } from "../problem.ts";

interface AddArguments {
  readonly input: { readonly subjectId: string; readonly body: string; readonly clientMutationId?: string | null };
}

interface MinimizeArguments {
  readonly input: {
    readonly subjectId: string;
    readonly classifier: string;
    readonly clientMutationId?: string | null;
  };
}

const permissions = ["issues", "pull_requests"];
const bodyLimit = 65_536;

export function addCommentTo(_: unknown, { input }: AddArguments, context: Context): unknown {
  const conversation = findNode(context, input.subjectId);
  if (conversation?.kind !== "issue" && conversation?.kind !== "pull-request") {
    throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${input.subjectId}'.`);
  }
  demandOneOf(context, { repository: conversation.repository, permissions, access: "write" });
  if (input.body.length > bodyLimit) {
    throw problem("UNPROCESSABLE", `Body is too long (maximum is ${bodyLimit} characters)`);
  }
  const author = accountOf(context.actor) ?? conversation.repository.owner;
  const { body, clientMutationId = null } = input;
  const comment = addComment(context.model, { conversation, author, app: appOf(context.actor), body });
  return { clientMutationId, commentEdge: { node: comment, cursor: comment.nodeId }, subject: conversation };
}

export function minimizeComment(_: unknown, { input }: MinimizeArguments, context: Context): unknown {
  const comment = demandComment(context, input.subjectId);
  // GitHub answers with the reason in small letters, whatever was asked
  comment.minimized = input.classifier.toLowerCase().replaceAll("_", "-");
  return { clientMutationId: input.clientMutationId ?? null, minimizedComment: comment };
}

export function unminimizeComment(
  _: unknown,
  { input }: Omit<MinimizeArguments, "classifier">,
  context: Context,
): unknown {
  const comment = demandComment(context, input.subjectId);
  comment.minimized = undefined;
  return { clientMutationId: input.clientMutationId ?? null, unminimizedComment: comment };
}

function demandComment(context: Context, nodeId: string): Comment {
  const node = findNode(context, nodeId);
  if (node?.kind !== "comment") {
    throw problem("NOT_FOUND", `Could not resolve to a node with the global id of '${nodeId}'.`);
  }
  demandOneOf(context, { repository: node.conversation.repository, permissions, access: "write" });
  return node;
}
