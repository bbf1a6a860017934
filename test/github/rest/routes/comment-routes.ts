// Comments on issues and pull requests, and reactions to them.

import { type RepositoryCall, type Route, repositoryRoute } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readText } from "../../http/read-body.ts";
import { created, fail, findTooLongBody, noContent, notFound, ok, type Reply } from "../../http/reply.ts";
import { hasRole } from "../../model/decide-permission.ts";
import { appOf } from "../../model/manage-accounts.ts";
import type { Comment, ReactionContent } from "../../model/repository.ts";
import { addComment, addReaction, deleteComment, editComment } from "../../model/write-comment.ts";
import { showComment, showReaction } from "../views/show-conversation.ts";
import { withConversation } from "./issue-routes.ts";

const talk = { permission: "issues|pull_requests", role: "read" } as const;

export const commentRoutes: readonly Route[] = [
  repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", talk, (call) =>
    withConversation(call, ({ comments }) => {
      const since = Date.parse(call.query.get("since") ?? "");
      const items = comments.filter(({ updatedAt }) => Number.isNaN(since) || Date.parse(updatedAt) >= since);
      return paginate(call, { items, show: (comment) => showComment(call.model, comment) });
    }),
  ),
  repositoryRoute(
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    { ...talk, createsContent: true },
    (call) =>
      withConversation(call, (conversation) => {
        const { model, by, actor } = call;
        const body = readText(call.body, "body") ?? "";
        const tooLong = findTooLongBody("IssueComment", body);
        if (tooLong !== undefined) return tooLong;
        if (conversation.locked && !mayModerate(call))
          return fail(403, "Unable to create comment because issue is locked.");
        return created(showComment(model, addComment(model, { conversation, author: by, app: appOf(actor), body })));
      }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", talk, (call) =>
    withComment(call, (comment) => ok(showComment(call.model, comment))),
  ),
  repositoryRoute("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", talk, (call) =>
    withComment(call, (comment) => {
      const body = readText(call.body, "body") ?? "";
      const tooLong = findTooLongBody("IssueComment", body);
      if (tooLong !== undefined) return tooLong;
      if (!mayChange(call, comment)) return fail(403, "Must have admin rights to Repository.");
      editComment(call.model, { comment, by: call.by, body });
      return ok(showComment(call.model, comment));
    }),
  ),
  repositoryRoute("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", talk, (call) =>
    withComment(call, (comment) => {
      if (!mayChange(call, comment)) return fail(403, "Must have admin rights to Repository.");
      deleteComment(call.model, { comment, by: call.by });
      return noContent();
    }),
  ),
  repositoryRoute("GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", talk, (call) =>
    withComment(call, ({ reactions }) => {
      const content = call.query.get("content");
      const items = reactions.filter((reaction) => content === null || reaction.content === content);
      return paginate(call, { items, show: (reaction) => showReaction(call.model, reaction) });
    }),
  ),
  repositoryRoute("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", talk, (call) =>
    withComment(call, (comment) => {
      const content = readText(call.body, "content") as ReactionContent;
      const { reaction, created: isNew } = addReaction(call.model, { target: comment, user: call.by, content });
      const shown = showReaction(call.model, reaction);
      return isNew ? created(shown) : ok(shown);
    }),
  ),
  repositoryRoute("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}", talk, (call) =>
    withComment(call, ({ reactions }) => {
      const at = reactions.findIndex(({ id }) => String(id) === call.parameters.reaction_id);
      if (at < 0) return notFound();
      if (reactions[at]?.user !== call.by) return fail(403, "Must have admin rights to Repository.");
      reactions.splice(at, 1);
      return noContent();
    }),
  ),
];

function withComment(call: RepositoryCall, answer: (comment: Comment) => Reply): Reply {
  const comment = call.model.comments.get(Number(call.parameters.comment_id));
  return comment?.conversation.repository.id === call.repository.id ? answer(comment) : notFound();
}

/** One's own words, or anybody's for those who may write. */
function mayChange(call: RepositoryCall, comment: Comment): boolean {
  return comment.author === call.by || mayModerate(call);
}

function mayModerate({ model, actor, repository }: RepositoryCall): boolean {
  return (
    actor.kind === "installation" ||
    (actor.kind === "user" && hasRole(model, { user: actor.user, repository, role: "write" }))
  );
}
