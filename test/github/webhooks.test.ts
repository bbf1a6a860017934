// Holds how the stand-in delivers webhooks: signed, logged, redelivered, and lost, doubled and reordered when a story
// wants it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { closeConversation, editConversation, openIssue } from "./model/change-conversation.ts";
import { makeWebhookWorld, webhookSecret } from "./receive-webhooks.ts";
import type { Webhooks } from "./webhooks/start-webhooks.ts";

describe("a delivery", () => {
  it("is signed and named as GitHub does it", async () => {
    const { webhooks, received, commit, move, app, installation, repository } = await makeWebhookWorld();
    move("main", commit({ tag: "1" }));
    await webhooks.settled();
    const push = received.find(({ name }) => name === "push");
    assert.ok(push);
    const { headers, raw, payload } = push;
    assert.equal(
      headers["x-hub-signature-256"],
      `sha256=${createHmac("sha256", webhookSecret).update(raw).digest("hex")}`,
    );
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
    const { webhooks, received, commit, move } = await makeWebhookWorld();
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

describe("the log of deliveries", () => {
  it("keeps what was answered, with ids bigger than a double, and nothing is sent again by itself", async () => {
    const { model, webhooks, answers, repository, ann, received } = await makeWebhookWorld();
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
    const { model, webhooks, answers, repository, ann, received } = await makeWebhookWorld();
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
    const { model, webhooks, repository, ann } = await makeWebhookWorld();
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
    const { model, webhooks, repository, ann } = await makeWebhookWorld();
    model.deliveries.length = 0;
    model.settings.webhook.url = undefined;
    openIssue(model, { repository, author: ann, title: "Dashboard" });
    await webhooks.settled();
    assert.equal(model.deliveries.length, 0);
  });
});

describe("the switches", () => {
  const three = ["issues.opened", "issues.edited", "issues.closed"];

  async function play(prepare: (webhooks: Webhooks) => void) {
    const world = await makeWebhookWorld();
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
