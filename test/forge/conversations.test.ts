// Where people may talk to us, as the one question of a pass shows it: pull requests with marks of their last comments,
// and the dashboard issue with who wrote into it.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Conversation } from "../../src/domain/conversation.ts";
import type { DashboardIssue } from "../../src/domain/dashboard.ts";
import { dashboardMark } from "../../src/report/write-marks.ts";
import { type ForgeOnGithub, openPromotion, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

async function conversation(number: number): Promise<Conversation> {
  const { conversations } = await world.forge.observe(world.at, { branches: [] });
  const found = conversations.find((each) => each.number === number);
  assert.ok(found, JSON.stringify(conversations));
  return found;
}

describe("a conversation", () => {
  it("of a promotion names its environment, its head and its last comments; no request more", async () => {
    const { number, head } = await openPromotion(world);
    const said = Array.from({ length: 4 }, (_, n) =>
      world.github.comment({ repository: REPOSITORY, number, by: "ann", body: `${n}` }),
    );
    await world.forge.writeComment(world.at, { number, body: "Hello" });
    await world.forge.observe(world.at, { branches: [] });
    const { value, requests } = await world.count(() => conversation(number));
    assert.deepEqual(requests, ["POST Observe"]);
    const { last, head: seen, ...rest } = value;
    assert.deepEqual(rest, {
      number,
      kind: "promotion",
      key: "checkout/staging",
      state: "open",
      fork: false,
      comments: 5,
    });
    assert.equal(seen?.oid, head);
    assert.ok(Math.abs((seen?.committedAt ?? 0) - Date.now()) < 3_600_000);
    assert.deepEqual(
      last.map(({ id, ours }) => [id, ours]),
      [
        [said[2]?.id, false],
        [said[3]?.id, false],
        [world.github.comments({ repository: REPOSITORY, number }).at(-1)?.id, true],
      ],
    );
    assert.deepEqual(world.github.deviations(), []);
  });

  for (const state of ["merged", "closed"] as const) {
    it(`that is ${state} is still one`, async () => {
      const { number } = await openPromotion(world);
      if (state === "merged") world.github.mergePullRequest({ repository: REPOSITORY, number, by: "ann" });
      else world.github.closePullRequest({ repository: REPOSITORY, number, by: "ann" });
      const { kind, key, state: seen } = await conversation(number);
      assert.deepEqual([kind, key, seen], ["promotion", "checkout/staging", state]);
    });
  }

  it("of a person's pull request is one without environment, to whatever branch it goes", async () => {
    world.github.commitFiles({ repository: REPOSITORY, branch: "x", files: { a: "1" }, author: "leo", message: "A" });
    const { number } = world.github.openPullRequest({ repository: REPOSITORY, by: "leo", head: "x", title: "A" });
    const { kind, key, fork } = await conversation(number);
    assert.deepEqual([kind, key, fork], ["pull-request", undefined, false]);
  });

  it("T15: knows our comments by the app, not by a name like ours", async () => {
    const { number } = await openPromotion(world);
    for (const by of ["stagecoach", "stagecoach-bot[bot]"])
      world.github.comment({ repository: REPOSITORY, number, by, body: "Hello" });
    assert.ok((await conversation(number)).last.every(({ ours }) => !ours));
  });
});

const LABELS = ["stagecoach/dashboard"];

async function openDashboard(body = `Quiet.\n\n${dashboardMark("f1")}`): Promise<number> {
  const request = { title: "Stagecoach", body, labels: LABELS };
  const outcome = await world.forge.writeIssue(world.at, request);
  assert.ok(outcome.kind === "done", JSON.stringify(outcome));
  return outcome.value.number;
}

async function dashboard(): Promise<DashboardIssue | undefined> {
  return (await world.forge.observe(world.at, { branches: [] })).dashboard;
}

describe("the dashboard", () => {
  it("is our open issue with the label, and a conversation", async () => {
    const number = await openDashboard();
    world.github.comment({ repository: REPOSITORY, number, by: "ann", body: "/status" });
    const found = await dashboard();
    assert.deepEqual(
      [found?.number, found?.fingerprint, found?.editors, found?.node],
      [number, "f1", [], world.github.issue({ repository: REPOSITORY, number }).nodeId],
    );
    const { kind, state, comments, head } = await conversation(number);
    assert.deepEqual([kind, state, comments, head], ["dashboard", "open", 1, undefined]);
  });

  it("T15: is no stranger's issue, though it has the label and the mark and is older", async () => {
    for (const by of ["eve", "stagecoach", "other[bot]"]) {
      const body = `Quiet.\n\n${dashboardMark("forged")}`;
      const { number } = world.github.openIssue({ repository: REPOSITORY, by, title: "Stagecoach", body });
      world.github.setLabels({ repository: REPOSITORY, number, by: "ann", labels: LABELS });
    }
    assert.equal(await dashboard(), undefined);
    const number = await openDashboard();
    assert.equal((await dashboard())?.number, number);
  });

  it("is none once it is closed", async () => {
    const number = await openDashboard();
    world.github.closeIssue({ repository: REPOSITORY, number, by: "ann" });
    assert.equal(await dashboard(), undefined);
    assert.deepEqual((await world.forge.observe(world.at, { branches: [] })).closedDashboard, { number });
  });

  it("T15: is none that a stranger opened, closed neither", async () => {
    const { number } = world.github.openIssue({ repository: REPOSITORY, by: "eve", title: "Stagecoach" });
    world.github.setLabels({ repository: REPOSITORY, number, by: "ann", labels: LABELS });
    world.github.closeIssue({ repository: REPOSITORY, number, by: "ann" });
    assert.equal((await world.forge.observe(world.at, { branches: [] })).closedDashboard, undefined);
  });

  it("says when it was changed last", async () => {
    const number = await openDashboard();
    assert.equal((await dashboard())?.editedAt, undefined);
    world.github.editIssue({ repository: REPOSITORY, number, by: "ann", body: "- [x] hold" });
    assert.equal(
      (await dashboard())?.editedAt,
      Date.parse(world.github.issue({ repository: REPOSITORY, number }).updatedAt),
    );
  });

  it("T6: names who wrote into it since we did, the newest first and each once", async () => {
    const number = await openDashboard();
    const id = (login: string) => world.github.model.users.get(login)?.id ?? 0;
    const edit = (by: string, body: string) => world.github.editIssue({ repository: REPOSITORY, number, by, body });
    edit("ann", "- [x] hold");
    edit("leo", "- [x] hold!");
    edit("leo", "- [x] hold!!");
    assert.deepEqual((await dashboard())?.editors, [
      { id: id("leo"), login: "leo", kind: "person" },
      { id: id("ann"), login: "ann", kind: "person" },
    ]);
    const body = `Held.\n\n${dashboardMark("f2")}`;
    await world.forge.writeIssue(world.at, { issue: number, title: "Stagecoach", body, labels: [] });
    assert.deepEqual((await dashboard())?.editors, []);
    edit("eve", "- [x] promote");
    const found = await dashboard();
    assert.deepEqual(
      found?.editors.map(({ login }) => login),
      ["eve"],
    );
    assert.equal(found?.fingerprint, undefined, "she took our mark away");
  });

  it("that GitHub cannot tell is no absence: nothing is decided", async () => {
    await openDashboard();
    world.github.break({ on: "POST /graphql", fault: { kind: "broken-field", field: "Issue.body" } });
    await assert.rejects(dashboard(), /could not say everything/);
  });
});
