// Holds reactions and the history of edits by GraphQL to GitHub's rules, and what REST says of custom roles.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inRepository, makeGraphqlWorld } from "./ask-graphql.ts";
import { editConversation, openIssue } from "./model/change-conversation.ts";
import { ensureUser } from "./model/manage-accounts.ts";
import { addComment, addReaction } from "./model/write-comment.ts";

const REACT = `mutation React($id: ID!, $content: ReactionContent!) {
  addReaction(input: { subjectId: $id, content: $content }) { reaction { content } reactionGroups { content viewerHasReacted } }
}`;
const UNREACT = `mutation Unreact($id: ID!, $content: ReactionContent!) {
  removeReaction(input: { subjectId: $id, content: $content }) { reaction { content } }
}`;

function begin(...permissions: Parameters<typeof makeGraphqlWorld>) {
  const world = makeGraphqlWorld(...permissions);
  const { model, repository } = world;
  const ann = ensureUser(model, { login: "ann" });
  const issue = openIssue(model, { repository, author: ann, title: "Dashboard", body: "One" });
  const comment = addComment(model, { conversation: issue, author: ann, body: "/promote" });
  return { ...world, ann, issue, comment };
}

describe("reactions", () => {
  it("are given once, however often they are asked for, and taken back once", () => {
    const { ask, comment } = begin();
    const given = { id: comment.nodeId, content: "EYES" };
    for (let times = 0; times < 2; times += 1) {
      assert.equal(ask(REACT, given).data.addReaction.reaction.content, "EYES");
      assert.equal(comment.reactions.length, 1);
    }
    assert.deepEqual(ask(UNREACT, given).data.removeReaction, { reaction: { content: "EYES" } });
    assert.deepEqual([ask(UNREACT, given).errors[0]?.type, comment.reactions.length], ["NOT_FOUND", 0]);
  });

  it("stand in groups for every emoji, and say which are the asker's own", () => {
    const { ask, model, comment, ann } = begin();
    addReaction(model, { target: comment, user: ann, content: "heart" });
    const groups = ask(REACT, { id: comment.nodeId, content: "ROCKET" }).data.addReaction.reactionGroups;
    assert.equal(groups.length, 8);
    const own = groups.filter(({ viewerHasReacted }: { readonly viewerHasReacted: boolean }) => viewerHasReacted);
    assert.deepEqual(own, [{ content: "ROCKET", viewerHasReacted: true }]);
  });

  it("of somebody else cannot be taken back", () => {
    const { ask, model, comment, ann } = begin();
    addReaction(model, { target: comment, user: ann, content: "eyes" });
    assert.equal(ask(UNREACT, { id: comment.nodeId, content: "EYES" }).errors[0]?.type, "NOT_FOUND");
    assert.equal(comment.reactions.length, 1);
  });

  it("need the permission to write, and something that is there", () => {
    const { ask, comment } = begin({ issues: "read", metadata: "read" });
    assert.equal(ask(REACT, { id: comment.nodeId, content: "EYES" }).errors[0]?.type, "FORBIDDEN");
    assert.equal(ask(REACT, { id: "IC_nothing", content: "EYES" }).errors[0]?.type, "NOT_FOUND");
  });
});

describe("the history of edits", () => {
  const edits = inRepository("issue(number: 1) { userContentEdits(first: 10) { nodes { editor { login } } } }");

  it("is empty while nobody has edited, then has the first text, too, and the newest first", () => {
    const { ask, model, issue, ann } = begin();
    const editors = () =>
      ask(edits).data.repository.issue.userContentEdits.nodes.map(
        ({ editor }: { readonly editor: { readonly login: string } }) => editor.login,
      );
    assert.deepEqual(editors(), []);
    const leo = ensureUser(model, { login: "leo" });
    editConversation(model, { conversation: issue, by: leo, title: "Another title" });
    assert.deepEqual(editors(), [], "a title is no content");
    editConversation(model, { conversation: issue, by: leo, body: "Two" });
    editConversation(model, { conversation: issue, by: ann, body: "Three" });
    assert.deepEqual(editors(), ["ann", "leo", "ann"]);
  });
});
