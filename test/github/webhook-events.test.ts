// Holds that every event which the model announces has the shape that GitHub describes (what is sent is checked at each
// emission, and throws), and that it goes only to whom GitHub would send it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  closeConversation,
  editConversation,
  openIssue,
  requestReviewers,
  setLabels,
} from "./model/change-conversation.ts";
import { ensureApp, ensureTeam, suspendInstallation, unsuspendInstallation } from "./model/manage-accounts.ts";
import { ensureLabel, renameRepository } from "./model/manage-repositories.ts";
import { announce } from "./model/model.ts";
import { changeBase } from "./model/open-pull-request.ts";
import { addDeployment, addDeploymentStatus } from "./model/record-deployment.ts";
import { reopenConversation } from "./model/reopen-conversation.ts";
import { addStatus, createCheckRun, pressCheckButton, rerequestCheckRun } from "./model/report-check.ts";
import { dismissReview, reviewPullRequest } from "./model/review-pull-request.ts";
import { buildMergeGroup, enqueuePullRequest, finishMergeGroup } from "./model/run-merge-queue.ts";
import { addComment, deleteComment, editComment } from "./model/write-comment.ts";
import { makeWebhookWorld } from "./receive-webhooks.ts";
import { publishPackage } from "./webhooks/publish-package.ts";

describe("every event that the model announces", () => {
  it("has the shape that GitHub describes", async () => {
    const { model, webhooks, names, openPromotion, ann, repository, app, actor, installation, commit, move } =
      await makeWebhookWorld();
    const { pull, base } = openPromotion();
    const label = ensureLabel(model, { repository, name: "stagecoach" });
    setLabels(model, { conversation: pull, by: ann, labels: [label] });
    setLabels(model, { conversation: pull, by: ann, labels: [] });
    editConversation(model, { conversation: pull, by: ann, title: "Promote 2", body: "Why" });
    const team = ensureTeam(model, { organization: "acme", slug: "sre", members: ["ann"] });
    requestReviewers(model, { pull, by: app.bot, users: [ann], teams: [team] });
    const reviewed = reviewPullRequest(model, { pull, author: ann, state: "APPROVED" });
    assert.ok(reviewed.kind === "reviewed");
    dismissReview(model, { review: reviewed.review, by: ann, message: "no" });
    const comment = addComment(model, { conversation: pull, author: app.bot, app, body: "Hello" });
    editComment(model, { comment, by: app.bot, body: "Hello again" });
    deleteComment(model, { comment, by: ann });
    move("promote", commit({ tag: "3" }, { parent: base }));
    closeConversation(model, { conversation: pull, by: ann });
    assert.equal(reopenConversation(model, { conversation: pull, by: ann }).kind, "reopened");
    announce(model, {
      event: "pull_request",
      action: "converted_to_draft",
      repository,
      pullRequest: pull,
      sender: ann,
    });
    announce(model, { event: "pull_request", action: "ready_for_review", repository, pullRequest: pull, sender: ann });
    const run = createCheckRun(model, {
      repository,
      app,
      oid: pull.headOid,
      name: "stagecoach",
      change: {
        conclusion: "success",
        output: { title: "t", summary: "s" },
        actions: [{ label: "Hold", description: "Nothing more comes here", identifier: "hold" }],
      },
    });
    assert.equal(pressCheckButton(model, { run, button: "promote", by: ann }), "not-there");
    assert.equal(pressCheckButton(model, { run, button: "hold", by: ann }), "pressed");
    rerequestCheckRun(model, { run, by: ann });
    announce(model, { event: "check_suite", action: "rerequested", repository, checkSuite: run.suite, sender: ann });
    addStatus(model, {
      repository,
      oid: pull.headOid,
      context: "e2e",
      state: "pending",
      description: null,
      targetUrl: null,
      creator: ann,
    });
    const deployment = addDeployment(model, {
      repository,
      ref: "main",
      oid: base,
      task: "deploy",
      environment: "checkout/live",
      description: null,
      payload: {},
      transient: false,
      production: true,
      creator: app.bot,
      app,
    });
    addDeploymentStatus(model, {
      deployment,
      status: {
        state: "success",
        description: "",
        environmentUrl: "",
        logUrl: "",
        creator: app.bot,
        app,
        autoInactive: false,
      },
    });
    const issue = openIssue(model, { repository, author: ann, title: "Dashboard", body: null });
    editConversation(model, { conversation: issue, by: ann, body: "More" });
    setLabels(model, { conversation: issue, by: ann, labels: [label] });
    setLabels(model, { conversation: issue, by: ann, labels: [] });
    closeConversation(model, { conversation: issue, by: ann });
    reopenConversation(model, { conversation: issue, by: ann });
    repository.rules.push({
      id: 1,
      branch: "main",
      requiredChecks: [],
      strict: false,
      requiredApprovals: undefined,
      dismissStaleReviews: false,
      requireLastPushApproval: false,
      mergeQueue: { method: "squash" },
      restrictUpdates: undefined,
      allowForcePushes: false,
      allowDeletions: false,
      bypass: [],
    });
    assert.equal(enqueuePullRequest(model, { pull, actor }).kind, "enqueued");
    const queue = repository.mergeQueues.get("main") ?? assert.fail();
    const group = buildMergeGroup(model, { queue }) ?? assert.fail();
    finishMergeGroup(model, { queue, group, passed: true });
    move("other", base);
    changeBase(model, { pull, base: "other", by: ann });
    move("other", undefined);
    renameRepository(model, { repository, name: "platform-config", by: ann });
    for (const action of ["created", "archived", "unarchived", "edited"] as const)
      announce(model, { event: "repository", action, repository, sender: ann });
    suspendInstallation(model, { installation, by: ann });
    unsuspendInstallation(model, { installation, by: ann });
    for (const action of ["created", "deleted"] as const)
      announce(model, { event: "installation", action, installation, sender: ann });
    for (const action of ["added", "removed"] as const)
      announce(model, {
        event: "installation_repositories",
        action,
        installation,
        repositories: [repository],
        sender: ann,
      });
    announce(model, {
      event: "pull_request",
      action: "review_request_removed",
      repository,
      pullRequest: pull,
      reviewer: ann,
      sender: ann,
    });
    announce(model, {
      event: "pull_request_review",
      action: "edited",
      repository,
      review: reviewed.review,
      sender: ann,
    });
    await webhooks.ping();
    assert.deepEqual([...new Set(names())].sort(), [
      "check_run.completed",
      "check_run.created",
      "check_run.requested_action",
      "check_run.rerequested",
      "check_suite.completed",
      "check_suite.requested",
      "check_suite.rerequested",
      "create",
      "delete",
      "deployment.created",
      "deployment_status.created",
      "installation.created",
      "installation.deleted",
      "installation.suspend",
      "installation.unsuspend",
      "installation_repositories.added",
      "installation_repositories.removed",
      "issue_comment.created",
      "issue_comment.deleted",
      "issue_comment.edited",
      "issues.closed",
      "issues.edited",
      "issues.labeled",
      "issues.opened",
      "issues.reopened",
      "issues.unlabeled",
      "merge_group.checks_requested",
      "merge_group.destroyed",
      "ping",
      "pull_request.closed",
      "pull_request.converted_to_draft",
      "pull_request.dequeued",
      "pull_request.edited",
      "pull_request.enqueued",
      "pull_request.labeled",
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request.reopened",
      "pull_request.review_request_removed",
      "pull_request.review_requested",
      "pull_request.synchronize",
      "pull_request.unlabeled",
      "pull_request_review.dismissed",
      "pull_request_review.edited",
      "pull_request_review.submitted",
      "push",
      "repository.archived",
      "repository.created",
      "repository.edited",
      "repository.renamed",
      "repository.unarchived",
      "status",
    ]);
  });

  it("includes packages, which are told by a story", async () => {
    const { model, webhooks, received, repository, ann } = await makeWebhookWorld({
      permissions: { packages: "read", metadata: "read" },
    });
    const digest = `sha256:${"a".repeat(64)}`;
    const labels = { "org.opencontainers.image.revision": "b".repeat(40) };
    const image = { repository, sender: ann, name: "checkout", tag: "1.8.0", digest, labels };
    publishPackage({ model, webhooks }, image);
    publishPackage({ model, webhooks }, { ...image, tag: "", action: "updated" });
    await webhooks.settled();
    assert.deepEqual(
      received.map(({ name, payload }) => [name, payload.registry_package.package_version.package_url]),
      [
        ["registry_package.published", "ghcr.io/acme/checkout:1.8.0"],
        ["registry_package.updated", "ghcr.io/acme/checkout:"],
      ],
    );
  });

  it("throws where it arose when it has another shape", async () => {
    const { model, repository, ann } = await makeWebhookWorld();
    const issue = openIssue(model, { repository, author: ann, title: "Dashboard" });
    const broken = { ...issue, title: 7 as unknown as string };
    assert.throws(
      () => announce(model, { event: "issues", action: "opened", repository, issue: broken, sender: ann }),
      /issues\.opened differs from GitHub's description:\n {2}payload \/issue\/title: must be string/,
    );
  });
});

describe("an event is sent only", () => {
  it("to an app that is subscribed to it", async () => {
    const world = await makeWebhookWorld({ events: ["issues"] });
    world.openPromotion();
    openIssue(world.model, { repository: world.repository, author: world.ann, title: "Dashboard" });
    await world.webhooks.settled();
    assert.deepEqual(world.names(), ["issues.opened"]);
  });

  it("when the installation may read what it tells", async () => {
    const world = await makeWebhookWorld({ permissions: { contents: "read", metadata: "read" } });
    world.openPromotion();
    await world.webhooks.settled();
    assert.deepEqual(world.names(), ["push", "create", "push", "create"]);
  });

  it("while the installation is not suspended", async () => {
    const { model, installation, ann, webhooks, names, openPromotion } = await makeWebhookWorld();
    suspendInstallation(model, { installation, by: ann });
    openPromotion();
    unsuspendInstallation(model, { installation, by: ann });
    await webhooks.settled();
    assert.deepEqual(names(), ["installation.suspend", "installation.unsuspend"]);
  });

  it("to the app whose checks are asked for", async () => {
    const { model, repository, ann, commit, move, webhooks, names, received } = await makeWebhookWorld();
    move("main", commit({ tag: "1" }));
    await webhooks.settled();
    received.length = 0;
    const app = ensureApp(model, { slug: "other", owner: "other", publicKey: "", permissions: {} });
    const oid = repository.git.refs.get("refs/heads/main") ?? "";
    const actions = [{ label: "Retry", description: "Once more", identifier: "retry" }];
    const run = createCheckRun(model, { repository, app, oid, name: "build", change: { actions } });
    rerequestCheckRun(model, { run, by: ann });
    pressCheckButton(model, { run, button: "retry", by: ann });
    await webhooks.settled();
    assert.deepEqual(names(), ["check_run.created"]);
  });
});
