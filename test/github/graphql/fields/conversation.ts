// What issues and pull requests have in common, and issues, comments and labels themselves.

import { accountOf } from "../../model/manage-accounts.ts";
import { fullName } from "../../model/manage-repositories.ts";
import type { Comment, ContentEdit, Conversation, Issue, Label } from "../../model/repository.ts";
import { byNodeId, connect, type PageArguments } from "../connection.ts";
import { type Context, demandOneOf, type FieldTable } from "../context.ts";
import { notModelled } from "../problem.ts";
import { groupReactions } from "./reaction.ts";

const permissions = ["issues", "pull_requests"];

export function urlOf({ model }: Context, conversation: Conversation): string {
  const folder = conversation.kind === "issue" ? "issues" : "pull";
  return `${model.url}/${fullName(conversation.repository)}/${folder}/${conversation.number}`;
}

export const conversationOwnFields = {
  id: ({ nodeId }: Conversation) => nodeId,
  databaseId: ({ id }: Conversation) => id,
  fullDatabaseId: ({ id }: Conversation) => String(id),
  number: ({ number }: Conversation) => number,
  title: ({ title }: Conversation) => title,
  body: ({ body }: Conversation) => body ?? "",
  author: ({ author }: Conversation) => author,
  repository: ({ repository }: Conversation) => repository,
  closed: ({ state }: Conversation) => state === "closed",
  locked: ({ locked }: Conversation) => locked,
  createdAt: ({ createdAt }: Conversation) => createdAt,
  updatedAt: ({ updatedAt }: Conversation) => updatedAt,
  closedAt: ({ closedAt }: Conversation) => closedAt ?? null,
  url: (conversation: Conversation, _: unknown, context: Context) => urlOf(context, conversation),
  viewerDidAuthor: ({ author }: Conversation, _: unknown, { actor }: Context) => author === accountOf(actor),
  labels: ({ labels }: Conversation, args: PageArguments) => connect(labels, args, byNodeId),
  assignees: ({ assignees }: Conversation, args: PageArguments) => connect(assignees, args, byNodeId),
  comments: (
    { repository, comments }: Conversation,
    { orderBy, ...page }: PageArguments & { readonly orderBy?: unknown },
    context: Context,
  ) => {
    demandOneOf(context, { repository, permissions });
    if (orderBy) throw notModelled("comments(orderBy:)");
    return connect(comments, page, byNodeId);
  },
  reactionGroups: groupReactions,
  /** The newest first; the oldest is the text as it was written. */
  userContentEdits: ({ edits }: Conversation, args: PageArguments) => connect(edits.toReversed(), args, byNodeId),
};

export const conversationFields = {
  Issue: {
    ...conversationOwnFields,
    state: ({ state }: Issue) => state.toUpperCase(),
    stateReason: ({ stateReason }: Issue) => stateReason?.toUpperCase() ?? null,
  },
  IssueComment: {
    id: ({ nodeId }: Comment) => nodeId,
    databaseId: ({ id }: Comment) => id,
    fullDatabaseId: ({ id }: Comment) => String(id),
    body: ({ body }: Comment) => body,
    author: ({ author }: Comment) => author,
    createdAt: ({ createdAt }: Comment) => createdAt,
    updatedAt: ({ updatedAt }: Comment) => updatedAt,
    lastEditedAt: ({ editor, updatedAt }: Comment) => (editor === undefined ? null : updatedAt),
    editor: ({ editor }: Comment) => editor ?? null,
    includesCreatedEdit: ({ editor }: Comment) => editor !== undefined,
    isMinimized: ({ minimized }: Comment) => minimized !== undefined,
    minimizedReason: ({ minimized }: Comment) => minimized ?? null,
    viewerDidAuthor: ({ author }: Comment, _: unknown, { actor }: Context) => author === accountOf(actor),
    reactionGroups: groupReactions,
    repository: ({ conversation }: Comment) => conversation.repository,
    // a pull request is an issue to GitHub, but this field says issue and means it
    issue: ({ conversation }: Comment) => {
      if (conversation.kind === "issue") return conversation;
      throw notModelled("IssueComment.issue of a pull request");
    },
    pullRequest: ({ conversation }: Comment) => (conversation.kind === "pull-request" ? conversation : null),
    url: ({ conversation, id }: Comment, _: unknown, context: Context) =>
      `${urlOf(context, conversation)}#issuecomment-${id}`,
  },
  UserContentEdit: {
    id: ({ nodeId }: ContentEdit) => nodeId,
    editor: ({ editor }: ContentEdit) => editor,
    editedAt: ({ at }: ContentEdit) => at,
    createdAt: ({ at }: ContentEdit) => at,
    updatedAt: ({ at }: ContentEdit) => at,
    deletedAt: () => null,
    deletedBy: () => null,
  },
  Label: {
    id: ({ nodeId }: Label) => nodeId,
    name: ({ name }: Label) => name,
    color: ({ color }: Label) => color,
    description: ({ description }: Label) => description,
    isDefault: () => false,
  },
} satisfies Readonly<Record<string, FieldTable>>;
