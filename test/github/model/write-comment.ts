// Comments on issues and pull requests, and reactions to them.

import { identifyNode } from "./identify-node.ts";
import type { App, User } from "./identity.ts";
import { announce, type Model, nextId, register, timestamp } from "./model.ts";
import type { Comment, Conversation, Reaction, ReactionContent } from "./repository.ts";

export function addComment(
  model: Model,
  {
    conversation,
    author,
    app,
    body,
  }: {
    readonly conversation: Conversation;
    readonly author: User;
    readonly app?: App | undefined;
    readonly body: string;
  },
): Comment {
  const id = nextId(model);
  const now = timestamp(model);
  const comment: Comment = register(model, {
    kind: "comment",
    id,
    nodeId: identifyNode("comment", id),
    conversation,
    author,
    app,
    body,
    reactions: [],
    minimized: undefined,
    createdAt: now,
    updatedAt: now,
    editor: undefined,
  });
  conversation.comments.push(comment);
  conversation.updatedAt = now;
  model.comments.set(id, comment);
  announce(model, {
    event: "issue_comment",
    action: "created",
    repository: conversation.repository,
    comment,
    sender: author,
  });
  return comment;
}

export function editComment(
  model: Model,
  { comment, by, body }: { readonly comment: Comment; readonly by: User; readonly body: string },
): void {
  const previousBody = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp(model);
  comment.editor = by;
  announce(model, {
    event: "issue_comment",
    action: "edited",
    repository: comment.conversation.repository,
    comment,
    previousBody,
    sender: by,
  });
}

export function deleteComment(model: Model, { comment, by }: { readonly comment: Comment; readonly by: User }): void {
  const { comments, repository } = comment.conversation;
  comments.splice(comments.indexOf(comment), 1);
  model.comments.delete(comment.id);
  model.nodes.delete(comment.nodeId);
  announce(model, { event: "issue_comment", action: "deleted", repository, comment, sender: by });
}

/** A second equal reaction of the same user is the first one, as on GitHub (200 instead of 201). */
export function addReaction(
  model: Model,
  {
    target,
    user,
    content,
  }: { readonly target: Comment | Conversation; readonly user: User; readonly content: ReactionContent },
): { readonly reaction: Reaction; readonly created: boolean } {
  const known = target.reactions.find((reaction) => reaction.user === user && reaction.content === content);
  if (known !== undefined) return { reaction: known, created: false };
  const id = nextId(model);
  const reaction: Reaction = {
    kind: "reaction",
    id,
    nodeId: identifyNode("reaction", id),
    user,
    content,
    createdAt: timestamp(model),
  };
  target.reactions.push(reaction);
  return { reaction, created: true };
}

/** Gives the reaction that was taken back; `undefined` when the user has no such one there. */
export function removeReaction({
  target,
  user,
  content,
}: {
  readonly target: Comment | Conversation;
  readonly user: User;
  readonly content: ReactionContent;
}): Reaction | undefined {
  const at = target.reactions.findIndex((reaction) => reaction.user === user && reaction.content === content);
  return at < 0 ? undefined : target.reactions.splice(at, 1)[0];
}
