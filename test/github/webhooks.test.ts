// Holds the webhooks of the stand-in: every event has the shape that GitHub describes, is signed, goes only to whom GitHub
// would send it, stands in the log, and gets lost, doubled and reordered when a story wants it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { makeSmallWorld } from "./make-small-world.ts";
import {
  closeConversation,
  editConversation,
  openIssue,
  reopenConversation,
  requestReviewers,
  setLabels,
} from "./model/change-conversation.ts";
import {
  ensureApp,
  ensureTeam,
  ensureUser,
  suspendInstallation,
  unsuspendInstallation,
} from "./model/manage-accounts.ts";
import { ensureLabel, renameRepository } from "./model/manage-repositories.ts";
import { announce, type Model } from "./model/model.ts";
import { changeBase } from "./model/open-pull-request.ts";
import { addDeployment, addDeploymentStatus } from "./model/record-deployment.ts";
import { addStatus, createCheckRun, rerequestCheckRun } from "./model/report-check.ts";
import { dismissReview, reviewPullRequest } from "./model/review-pull-request.ts";
import { buildMergeGroup, enqueuePullRequest, finishMergeGroup } from "./model/run-merge-queue.ts";
import { addComment, deleteComment, editComment } from "./model/write-comment.ts";
import { publishPackage } from "./webhooks/publish-package.ts";
import { startWebhooks, type Webhooks } from "./webhooks/start-webhooks.ts";

const secret = "a webhook secret";
const closing: (() => unknown)[] = [];
after(() => {
  for (const close of closing) close();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are checked against GitHub's description when they are sent
  readonly payload: any;
  readonly name: string;
}

async function receive() {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      const payload = JSON.parse(raw);
      const event = String(request.headers["x-github-event"]);
      received.push({
        headers: request.headers,
        raw,
        payload,
        name: payload.action ? `${event}.${payload.action}` : event,
      });
      response.writeHead(answers.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { received, answers, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks` };
}

async function makeWorld(more: Pick<NonNullable<Parameters<typeof makeSmallWorld>[0]>, "permissions" | "events"> = {}) {
  const receiver = await receive();
  const line: { webhooks?: Webhooks } = {};
  const listen = (model: Model) => {
    model.url = "http://127.0.0.1:4010";
    line.webhooks = startWebhooks(model);
  };
  const world = makeSmallWorld({ ...more, webhook: { url: receiver.url, secret }, listen });
  const webhooks = line.webhooks ?? assert.fail();
  const ann = ensureUser(world.model, { login: "ann" });
  world.repository.collaborators.set("ann", "write");
  await webhooks.settled();
  receiver.received.length = 0;
  return { ...world, ...receiver, webhooks, ann, names: () => receiver.received.map(({ name }) => name) };
}

describe("a delivery", () => {
  it("is signed and named as GitHub does it", async () => {
    const { webhooks, received, commit, move, app, installation, repository } = await makeWorld();
    move("main", commit({ tag: "1" }));
    await webhooks.settled();
    const push = received.find(({ name }) => name === "push");
    assert.ok(push);
    const { headers, raw, payload } = push;
    assert.equal(headers["x-hub-signature-256"], `sha256=${createHmac("sha256", secret).update(raw).digest("hex")}`);
    assert.match(String(headers["x-github-delivery"]), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    assert.equal(headers["x-github-hook-installation-target-id"], String(app.id));
    assert.match(String(headers["user-agent"]), /^GitHub-Hookshot\//);
    assert.equal(headers["content-type"], "application/json");
    assert.deepEqual(payload.installation, { id: installation.id, node_id: installation.nodeId });
    assert.deepEqual(
      [payload.ref, payload.created, payload.repository.full_name],
      ["refs/heads/main", true, "acme/config"],
    );
    assert.equal(payload.after, repository.git.refs.get("refs/heads/main"));
  });

  it("lists what a push brought", async () => {
    const { webhooks, received, commit, move } = await makeWorld();
    const first = commit({ tag: "1" });
    const second = commit({ tag: "2" }, { parent: first });
    move("main", first);
    move("main", second);
    await webhooks.settled();
    const { payload } = received.findLast(({ name }) => name === "push") ?? assert.fail();
    assert.deepEqual([payload.before, payload.after, payload.forced], [first, second, false]);
    assert.deepEqual(
      payload.commits.map((one: { id: string; modified: string[] }) => [one.id, one.modified]),
      [[second, ["tag"]]],
    );
  });
});

describe("every event that the model announces", () => {
  it("has the shape that GitHub describes", async () => {
    const { model, webhooks, names, openPromotion, ann, repository, app, actor, installation, commit, move } =
      await makeWorld();
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
      change: { conclusion: "success", output: { title: "t", summary: "s" } },
    });
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
    const { model, webhooks, received, repository, ann } = await makeWorld({
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
    const { model, repository, ann } = await makeWorld();
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
    const world = await makeWorld({ events: ["issues"] });
    world.openPromotion();
    openIssue(world.model, { repository: world.repository, author: world.ann, title: "Dashboard" });
    await world.webhooks.settled();
    assert.deepEqual(world.names(), ["issues.opened"]);
  });

  it("when the installation may read what it tells", async () => {
    const world = await makeWorld({ permissions: { contents: "read", metadata: "read" } });
    world.openPromotion();
    await world.webhooks.settled();
    assert.deepEqual(world.names(), ["push", "create", "push", "create"]);
  });

  it("while the installation is not suspended", async () => {
    const { model, installation, ann, webhooks, names, openPromotion } = await makeWorld();
    suspendInstallation(model, { installation, by: ann });
    openPromotion();
    unsuspendInstallation(model, { installation, by: ann });
    await webhooks.settled();
    assert.deepEqual(names(), ["installation.suspend", "installation.unsuspend"]);
  });

  it("to the app whose checks are asked for", async () => {
    const { model, repository, ann, commit, move, webhooks, names, received } = await makeWorld();
    move("main", commit({ tag: "1" }));
    await webhooks.settled();
    received.length = 0;
    const app = ensureApp(model, { slug: "other", owner: "other", publicKey: "", permissions: {} });
    const oid = repository.git.refs.get("refs/heads/main") ?? "";
    const run = createCheckRun(model, { repository, app, oid, name: "build", change: {} });
    rerequestCheckRun(model, { run, by: ann });
    await webhooks.settled();
    assert.deepEqual(names(), ["check_run.created"]);
  });
});

describe("the log of deliveries", () => {
  it("keeps what was answered, with ids bigger than a double, and nothing is sent again by itself", async () => {
    const { model, webhooks, answers, repository, ann, received } = await makeWorld();
    model.deliveries.length = 0;
    answers.push(500);
    openIssue(model, { repository, author: ann, title: "Dashboard" });
    await webhooks.settled();
    assert.equal(received.length, 1);
    const [delivery] = model.deliveries;
    assert.ok(delivery);
    assert.ok(delivery.id > BigInt(Number.MAX_SAFE_INTEGER));
    const { event, action, status, statusCode, redelivery, repositoryId } = delivery;
    assert.deepEqual(
      { event, action, status, statusCode, redelivery, repositoryId },
      {
        event: "issues",
        action: "opened",
        status: "Invalid HTTP Response: 500",
        statusCode: 500,
        redelivery: false,
        repositoryId: repository.id,
      },
    );
  });

  it("redelivers with the same GUID and body", async () => {
    const { model, webhooks, answers, repository, ann, received } = await makeWorld();
    model.deliveries.length = 0;
    answers.push(503);
    openIssue(model, { repository, author: ann, title: "Dashboard" });
    await webhooks.settled();
    const first = model.deliveries[0] ?? assert.fail();
    model.redeliver(first);
    await webhooks.settled();
    const [, second] = model.deliveries;
    assert.deepEqual([second?.redelivery, second?.statusCode, second?.guid], [true, 202, first.guid]);
    assert.notEqual(second?.id, first.id);
    assert.deepEqual(
      received.map(({ headers, raw }) => [headers["x-github-delivery"], raw]),
      Array(2).fill([first.guid, received[0]?.raw]),
    );
  });

  it("says that nobody listened", async () => {
    const { model, webhooks, repository, ann } = await makeWorld();
    model.deliveries.length = 0;
    model.settings.webhook.url = "http://127.0.0.1:1/";
    openIssue(model, { repository, author: ann, title: "Dashboard" });
    await webhooks.settled();
    assert.deepEqual(
      model.deliveries.map(({ status, statusCode }) => [status, statusCode]),
      [["failed to connect to host", 502]],
    );
  });

  it("is empty while no address is set", async () => {
    const { model, webhooks, repository, ann } = await makeWorld();
    model.deliveries.length = 0;
    model.settings.webhook.url = undefined;
    openIssue(model, { repository, author: ann, title: "Dashboard" });
    await webhooks.settled();
    assert.equal(model.deliveries.length, 0);
  });
});

describe("the switches", () => {
  const three = ["issues.opened", "issues.edited", "issues.closed"];

  async function play(prepare: (webhooks: ReturnType<typeof startWebhooks>) => void) {
    const world = await makeWorld();
    world.model.deliveries.length = 0;
    prepare(world.webhooks);
    const { model, repository, ann } = world;
    const issue = openIssue(model, { repository, author: ann, title: "Dashboard" });
    editConversation(model, { conversation: issue, by: ann, body: "More" });
    closeConversation(model, { conversation: issue, by: ann });
    await world.webhooks.settled();
    return world;
  }

  it("send everything in order when none is set", async () => {
    assert.deepEqual((await play(() => {})).names(), three);
  });

  it("lose an event without a trace", async () => {
    const { names, model } = await play((webhooks) => webhooks.setSwitch({ mode: "lose", action: "edited" }));
    assert.deepEqual(names(), ["issues.opened", "issues.closed"]);
    assert.equal(model.deliveries.length, 2);
  });

  it("fail an event that the log still knows, so that it can be redelivered", async () => {
    const { names, model, webhooks } = await play((switches) => switches.setSwitch({ mode: "fail", times: 1 }));
    assert.deepEqual(names(), ["issues.edited", "issues.closed"]);
    const [failed] = model.deliveries;
    assert.equal(failed?.statusCode, 502);
    model.redeliver(failed ?? assert.fail());
    await webhooks.settled();
    assert.equal(names().at(-1), "issues.opened");
  });

  it("double an event with one GUID", async () => {
    const { received } = await play((webhooks) => webhooks.setSwitch({ mode: "double", event: "issues", times: 1 }));
    const guids = received.map(({ headers }) => headers["x-github-delivery"]);
    assert.equal(guids.length, 4);
    assert.equal(guids[0], guids[1]);
  });

  it("hold events and let them go in another order", async () => {
    const { names, webhooks } = await play((switches) => switches.setSwitch({ mode: "hold" }));
    assert.deepEqual(names(), []);
    assert.equal(webhooks.held().length, 3);
    await webhooks.flush((held) => held.toReversed());
    assert.deepEqual(names(), three.toReversed());
    webhooks.clearSwitches();
    assert.equal(webhooks.held().length, 0);
  });
});
