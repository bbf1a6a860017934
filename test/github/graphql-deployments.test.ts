// Holds deployments and lists of issues in the stand-in's GraphQL to GitHub's rules.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inRepository, makeGraphqlWorld } from "./ask-graphql.ts";
import { openIssue, setLabels } from "./model/change-conversation.ts";
import type { Permissions } from "./model/identity.ts";
import { ensureLabel } from "./model/manage-repositories.ts";
import { addDeployment, addDeploymentStatus } from "./model/record-deployment.ts";

describe("deployments", () => {
  const question = `object(expression: "main") { ... on Commit { deployments(first: 10) {
    nodes { databaseId originalEnvironment creator { __typename login } latestStatus { state description } } } } }`;

  it("stand at their commit, oldest first, each with its newest status", () => {
    const world = deployedWorld();
    const { data } = world.ask(inRepository(question));
    const creator = { __typename: "Bot", login: "stagecoach" };
    const ids = [...world.model.deployments.keys()];
    assert.deepEqual(data.repository.object.deployments.nodes, [
      {
        databaseId: ids[0],
        originalEnvironment: "checkout/dev",
        creator,
        latestStatus: { state: "IN_PROGRESS", description: "second" },
      },
      { databaseId: ids[1], originalEnvironment: "checkout/live", creator, latestStatus: null },
    ]);
  });

  it("have no number where theirs is too large for its field", () => {
    const world = deployedWorld(3_000_000_000);
    const { data, errors } = world.ask(inRepository(question));
    assert.equal(data.repository.object.deployments.nodes[0].databaseId, null);
    assert.equal(data.repository.object.deployments.nodes[0].originalEnvironment, "checkout/dev");
    assert.equal(errors[0]?.path?.at(-1), "databaseId");
  });

  it("are for those who may read deployments", () => {
    const { errors } = deployedWorld(undefined, { contents: "read", metadata: "read" }).ask(inRepository(question));
    assert.equal(errors[0]?.type, "FORBIDDEN");
  });
});

describe("issues", () => {
  it("are listed by label and state, without pull requests", () => {
    const world = makeGraphqlWorld();
    world.openPromotion();
    const { model, repository, app } = world;
    const label = ensureLabel(model, { repository, name: "Drift" });
    for (const title of ["one", "two", "three"]) {
      const issue = openIssue(model, { repository, author: app.bot, app, title });
      if (title !== "two") setLabels(model, { conversation: issue, by: app.bot, labels: [label] });
    }
    const { data } = world.ask(
      inRepository('issues(first: 5, states: OPEN, labels: ["drift"]) { totalCount nodes { title } }'),
    );
    assert.deepEqual(data.repository.issues, { totalCount: 2, nodes: [{ title: "one" }, { title: "three" }] });
    assert.equal(world.ask(inRepository("issues(first: 5, filterBy: { labels: [] }) { totalCount }")).status, 501);
  });
});

function deployedWorld(lastId?: number, permissions?: Permissions) {
  const world = makeGraphqlWorld(permissions);
  const { model, repository, app } = world;
  const oid = world.commit({ "a.txt": "a" });
  world.move("main", oid);
  if (lastId !== undefined) model.lastId = lastId;
  const facts = { repository, ref: oid, oid, task: "deploy", description: null, payload: "", creator: app.bot, app };
  const [first] = ["checkout/dev", "checkout/live"].map((environment) =>
    addDeployment(model, { ...facts, environment, transient: false, production: false }),
  );
  assert.ok(first);
  const status = { environmentUrl: "", logUrl: "", creator: app.bot, app, autoInactive: false };
  addDeploymentStatus(model, { deployment: first, status: { ...status, state: "queued", description: "first" } });
  addDeploymentStatus(model, { deployment: first, status: { ...status, state: "in_progress", description: "second" } });
  return world;
}
