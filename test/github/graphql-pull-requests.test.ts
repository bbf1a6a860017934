// Holds what the stand-in's GraphQL tells of pull requests: checks, reviews, history, search, comments, merge queues and
// the rules of their base.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inRepository, makeGraphqlWorld } from "./ask-graphql.ts";
import { closeConversation, setLabels } from "./model/change-conversation.ts";
import { ensureApp, ensureUser } from "./model/manage-accounts.ts";
import { ensureLabel } from "./model/manage-repositories.ts";
import { mergePullRequest } from "./model/merge-pull-request.ts";
import { addStatus, createCheckRun } from "./model/report-check.ts";
import { reviewPullRequest } from "./model/review-pull-request.ts";
import type { BranchRule } from "./model/rule.ts";
import { buildMergeGroup } from "./model/run-merge-queue.ts";
import { addComment } from "./model/write-comment.ts";

const queueRule: BranchRule = {
  id: 1,
  branch: "main",
  requiredChecks: [{ context: "stagecoach" }],
  strict: false,
  requiredApprovals: 1,
  dismissStaleReviews: false,
  requireLastPushApproval: false,
  mergeQueue: undefined,
  restrictUpdates: undefined,
  allowForcePushes: false,
  allowDeletions: false,
  bypass: [],
};

describe("a pull request", () => {
  it("tells its branches, author, labels, commits and files", () => {
    const world = makeGraphqlWorld();
    const { pull, base, head } = world.openPromotion();
    const label = ensureLabel(world.model, { repository: world.repository, name: "stagecoach" });
    setLabels(world.model, { conversation: pull, by: pull.author, labels: [label] });
    const { data } = world.ask(
      inRepository(`pullRequests(states: OPEN, headRefName: "promote", labels: ["stagecoach"], first: 5) { nodes {
        number state isDraft isCrossRepository headRefName headRefOid baseRefName baseRefOid
        author { login __typename ... on Bot { databaseId } } labels(first: 5) { nodes { name } }
        commits(last: 1) { totalCount nodes { commit { oid } } } files(first: 5) { nodes { path changeType } } } }`),
    );
    assert.deepEqual(data.repository.pullRequests.nodes, [
      {
        number: pull.number,
        state: "OPEN",
        isDraft: false,
        isCrossRepository: false,
        headRefName: "promote",
        headRefOid: head,
        baseRefName: "main",
        baseRefOid: base,
        author: { login: "stagecoach", __typename: "Bot", databaseId: pull.author.id },
        labels: { nodes: [{ name: "stagecoach" }] },
        commits: { totalCount: 1, nodes: [{ commit: { oid: head } }] },
        files: { nodes: [{ path: "app/values.yaml", changeType: "MODIFIED" }] },
      },
    ]);
  });

  it("does not know at first whether it can be merged", () => {
    const world = makeGraphqlWorld();
    world.openPromotion();
    const query = inRepository("pullRequest(number: 1) { mergeable mergeStateStatus }");
    world.model.settings.unknownMergeabilityAnswers = 2;
    assert.deepEqual(world.ask(query).data.repository.pullRequest, {
      mergeable: "UNKNOWN",
      mergeStateStatus: "UNKNOWN",
    });
    assert.deepEqual(world.ask(query).data.repository.pullRequest, {
      mergeable: "MERGEABLE",
      mergeStateStatus: "CLEAN",
    });
  });

  it("shows checks and statuses of its head, the newest of each, and which are required", () => {
    const world = makeGraphqlWorld();
    const { head } = world.openPromotion();
    const { model, repository } = world;
    repository.rules.push(queueRule);
    const app = ensureApp(model, { slug: "stagecoach", owner: "acme", publicKey: "", permissions: {} });
    for (const conclusion of ["failure", "success"] as const)
      createCheckRun(model, { repository, app, oid: head, name: "stagecoach", change: { conclusion } });
    const query = inRepository(`pullRequest(number: 1) { commits(last: 1) { nodes { commit {
      checkSuites(first: 5, filterBy: { appId: ${app.id} }) { nodes { app { slug } status conclusion
        checkRuns(first: 5, filterBy: { checkName: "stagecoach", checkType: LATEST }) { nodes { name conclusion isRequired(pullRequestNumber: 1) } } } }
      statusCheckRollup { state contexts(first: 5) { nodes { __typename ... on StatusContext { context state isRequired(pullRequestNumber: 1) } } } } } } } }`);
    const read = () => world.ask(query).data.repository.pullRequest.commits.nodes[0].commit;
    assert.deepEqual(read().checkSuites.nodes[0].checkRuns.nodes, [
      { name: "stagecoach", conclusion: "SUCCESS", isRequired: true },
    ]);
    assert.equal(read().statusCheckRollup.state, "SUCCESS");
    const creator = ensureUser(model, { login: "ci" });
    addStatus(model, {
      repository,
      oid: head,
      context: "e2e",
      state: "pending",
      description: null,
      targetUrl: null,
      creator,
    });
    assert.deepEqual(read().statusCheckRollup, {
      state: "PENDING",
      contexts: {
        nodes: [
          { __typename: "CheckRun" },
          { __typename: "StatusContext", context: "e2e", state: "PENDING", isRequired: false },
        ],
      },
    });
  });

  it("shows reviews, the last opinion of each reviewer, and a decision only where a rule asks for one", () => {
    const world = makeGraphqlWorld();
    const { pull } = world.openPromotion();
    const { model, repository } = world;
    const author = ensureUser(model, { login: "ann" });
    repository.collaborators.set("ann", "write");
    reviewPullRequest(model, { pull, author, state: "APPROVED" });
    reviewPullRequest(model, { pull, author, state: "COMMENTED", body: "nice" });
    const query =
      inRepository(`pullRequest(number: 1) { reviewDecision reviews(first: 5, states: APPROVED) { totalCount }
      latestReviews(first: 5) { nodes { state } } latestOpinionatedReviews(first: 5, writersOnly: true) { nodes { state author { login } commit { oid } } } }`);
    const before = world.ask(query).data.repository.pullRequest;
    assert.deepEqual(before.latestReviews.nodes, [{ state: "COMMENTED" }]);
    assert.deepEqual(before.latestOpinionatedReviews.nodes, [
      { state: "APPROVED", author: { login: "ann" }, commit: { oid: pull.headOid } },
    ]);
    assert.deepEqual([before.reviewDecision, before.reviews.totalCount], [null, 1]);
    repository.rules.push(queueRule);
    assert.equal(world.ask(query).data.repository.pullRequest.reviewDecision, "APPROVED");
  });

  it("tells who closed it, that its head was forced, and who merged it", () => {
    const world = makeGraphqlWorld();
    const { pull, base } = world.openPromotion();
    world.move("promote", world.commit({ "app/values.yaml": "tag: 3\n" }, { parent: base }));
    const merged = mergePullRequest(world.model, { pull, actor: world.actor, method: "merge" });
    assert.equal(merged.kind, "merged");
    const { data } = world.ask(
      inRepository(`pullRequest(number: 1) { state merged mergedBy { login } mergeCommit { oid }
        timelineItems(last: 5, itemTypes: [CLOSED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, MERGED_EVENT]) { nodes { __typename
          ... on ClosedEvent { actor { login } createdAt } ... on MergedEvent { commit { oid } } ... on HeadRefForcePushedEvent { afterCommit { oid } } } } }`),
    );
    const { timelineItems, ...rest } = data.repository.pullRequest;
    assert.deepEqual(rest, {
      state: "MERGED",
      merged: true,
      mergedBy: { login: "stagecoach" },
      mergeCommit: { oid: pull.mergeCommitOid },
    });
    assert.deepEqual(timelineItems.nodes, [
      { __typename: "HeadRefForcePushedEvent", afterCommit: { oid: pull.headOid } },
      { __typename: "MergedEvent", commit: { oid: pull.mergeCommitOid } },
      { __typename: "ClosedEvent", actor: { login: "stagecoach" }, createdAt: "2026-03-02T10:00:00Z" },
    ]);
  });

  it("is found by searching for what the app opened", () => {
    const world = makeGraphqlWorld();
    const { pull } = world.openPromotion();
    const query = `query ($q: String!) { search(type: ISSUE, query: $q, first: 5) { issueCount nodes { ... on PullRequest { number } } } }`;
    const search = (q: string) => world.ask(query, { q });
    const ours = "repo:acme/config is:pr is:open author:app/stagecoach head:promote";
    assert.deepEqual(search(ours).data.search, { issueCount: 1, nodes: [{ number: 1 }] });
    closeConversation(world.model, { conversation: pull, by: pull.author });
    assert.equal(search(ours).data.search.issueCount, 0);
    assert.equal(search(`${ours.replace("open", "closed")} is:unmerged -label:x`).data.search.issueCount, 1);
    assert.equal(search("repo:acme/config reviewed-by:ann").status, 501);
  });
});

describe("comments", () => {
  it("are added in the app's name, told, and hidden", () => {
    const world = makeGraphqlWorld();
    const { pull } = world.openPromotion();
    addComment(world.model, { conversation: pull, author: ensureUser(world.model, { login: "ann" }), body: "/help" });
    const add = `mutation ($input: AddCommentInput!) { addComment(input: $input) { commentEdge { node { id databaseId } } } }`;
    const added = world.ask(add, { input: { subjectId: pull.nodeId, body: "Hello" } }).data.addComment.commentEdge.node;
    assert.equal(world.announced.filter(({ event }) => event === "issue_comment").length, 2);
    const minimize = `mutation ($input: MinimizeCommentInput!) { minimizeComment(input: $input) { minimizedComment { isMinimized minimizedReason } } }`;
    const hidden = world.ask(minimize, { input: { subjectId: added.id, classifier: "OUTDATED" } });
    assert.deepEqual(hidden.data.minimizeComment.minimizedComment, { isMinimized: true, minimizedReason: "outdated" });
    const { data } = world.ask(
      inRepository(
        "pullRequest(number: 1) { comments(last: 2) { nodes { author { login } databaseId body viewerDidAuthor } } }",
      ),
    );
    assert.deepEqual(
      data.repository.pullRequest.comments.nodes.map(
        ({ author, body, viewerDidAuthor }: Readonly<Record<string, unknown>>) => ({ author, body, viewerDidAuthor }),
      ),
      [
        { author: { login: "ann" }, body: "/help", viewerDidAuthor: false },
        { author: { login: "stagecoach" }, body: "Hello", viewerDidAuthor: true },
      ],
    );
  });
});

describe("a merge queue", () => {
  it("takes a pull request only with the head that was decided on, and gives it back", () => {
    const world = makeGraphqlWorld();
    const { pull, base, head } = world.openPromotion();
    world.repository.rules.push({
      ...queueRule,
      requiredChecks: [],
      requiredApprovals: undefined,
      mergeQueue: { method: "merge" },
    });
    const empty = world.ask(inRepository(`mergeQueue(branch: "main") { entries(first: 5) { totalCount } }`));
    assert.deepEqual(empty.data.repository.mergeQueue, { entries: { totalCount: 0 } });
    const enqueue = `mutation ($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input) { mergeQueueEntry { position state } } }`;
    const stale = world.ask(enqueue, { input: { pullRequestId: pull.nodeId, expectedHeadOid: base } });
    assert.deepEqual([stale.data.enqueuePullRequest, stale.errors[0]?.type], [null, "UNPROCESSABLE"]);
    const entry = world.ask(enqueue, { input: { pullRequestId: pull.nodeId, expectedHeadOid: head } });
    assert.deepEqual(entry.data.enqueuePullRequest.mergeQueueEntry, { position: 1, state: "QUEUED" });
    const queue = world.repository.mergeQueues.get("main");
    assert.ok(queue);
    const group = buildMergeGroup(world.model, { queue });
    const { data } = world.ask(
      inRepository(
        `mergeQueue(branch: "main") { entries(first: 5) { nodes { headCommit { oid } baseCommit { oid } pullRequest { number isInMergeQueue } state } } }`,
      ),
    );
    assert.deepEqual(data.repository.mergeQueue.entries.nodes, [
      {
        headCommit: { oid: group?.headOid },
        baseCommit: { oid: base },
        pullRequest: { number: 1, isInMergeQueue: true },
        state: "AWAITING_CHECKS",
      },
    ]);
    const dequeue = `mutation ($input: DequeuePullRequestInput!) { dequeuePullRequest(input: $input) { mergeQueueEntry { pullRequest { isInMergeQueue } } } }`;
    const out = world.ask(dequeue, { input: { id: pull.nodeId } });
    assert.deepEqual(out.data.dequeuePullRequest.mergeQueueEntry.pullRequest, { isInMergeQueue: false });
  });
});

describe("the rules of a branch", () => {
  it("are told with their parameters", () => {
    const world = makeGraphqlWorld();
    world.move("main", world.commit({ a: "1" }));
    world.repository.rules.push(queueRule);
    const { data } = world.ask(
      inRepository(`ref(qualifiedName: "refs/heads/main") { branchProtectionRule { id } rules(first: 10) { nodes { type parameters { __typename
        ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context integrationId } }
        ... on PullRequestParameters { requiredApprovingReviewCount } } } } }`),
    );
    assert.equal(data.repository.ref.branchProtectionRule, null);
    assert.deepEqual(data.repository.ref.rules.nodes.slice(0, 2), [
      {
        type: "REQUIRED_STATUS_CHECKS",
        parameters: {
          __typename: "RequiredStatusChecksParameters",
          strictRequiredStatusChecksPolicy: false,
          requiredStatusChecks: [{ context: "stagecoach", integrationId: null }],
        },
      },
      { type: "PULL_REQUEST", parameters: { __typename: "PullRequestParameters", requiredApprovingReviewCount: 1 } },
    ]);
  });
});
