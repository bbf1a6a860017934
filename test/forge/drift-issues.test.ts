// Our issues about drift: opened, edited and closed by us, found by label, believed by author and mark.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
  await world.forge.identity();
});
after(async () => {
  for (const one of worlds) await one.close();
});

const LABELS = ["stagecoach/drift", "env/staging"];
const body = (key: string, fingerprint = "f1") =>
  `\`replicas\` differs.\n\n<!-- stagecoach:drift ${key} ${fingerprint} -->`;

async function open(key: string, labels: readonly string[] = LABELS): Promise<number> {
  const outcome = await world.forge.writeIssue(world.at, { title: `Drift in ${key}`, body: body(key), labels });
  assert.equal(outcome.kind, "done");
  return outcome.kind === "done" ? outcome.value.number : 0;
}

async function readIssues() {
  const seen = await world.forge.readDriftIssues(world.at);
  assert.ok(seen.kind === "known", JSON.stringify(seen));
  return seen.value;
}

describe("issues about drift", () => {
  it("are found in one request, with environment, fingerprint and labels", async () => {
    const staging = await open("checkout/staging");
    const live = await open("checkout/live", ["stagecoach/drift"]);
    const { value, requests } = await world.count(readIssues);
    assert.deepEqual(value, [
      { number: staging, key: "checkout/staging", fingerprint: "f1", labels: LABELS },
      { number: live, key: "checkout/live", fingerprint: "f1", labels: ["stagecoach/drift"] },
    ]);
    assert.deepEqual(requests, ["POST DriftIssues"]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("T15: of strangers do not count, whatever label and mark they carry", async () => {
    const issue = world.github.openIssue({
      repository: REPOSITORY,
      by: "eve",
      title: "Drift",
      body: body("checkout/staging"),
    });
    world.github.setLabels({ repository: REPOSITORY, number: issue.number, by: "eve", labels: LABELS });
    assert.deepEqual(await readIssues(), []);
  });

  it("without label, without mark or closed are not among them", async () => {
    const unlabelled = await open("checkout/staging");
    world.github.setLabels({ repository: REPOSITORY, number: unlabelled, by: "ann", labels: ["later"] });
    const unmarked = await open("checkout/live");
    world.github.editIssue({ repository: REPOSITORY, number: unmarked, by: "ann", body: "Never mind." });
    const closed = await open("shop/live");
    world.github.closeIssue({ repository: REPOSITORY, number: closed, by: "ann" });
    assert.deepEqual(await readIssues(), []);
  });

  it("about one environment count as the oldest", async () => {
    const first = await open("checkout/staging");
    await open("checkout/staging");
    assert.deepEqual(
      (await readIssues()).map(({ number }) => number),
      [first],
    );
  });

  it("are read behind 60 of other people", async () => {
    for (let n = 0; n < 60; n += 1) {
      const { number } = world.github.openIssue({ repository: REPOSITORY, by: "eve", title: `${n}` });
      world.github.setLabels({ repository: REPOSITORY, number, by: "eve", labels: LABELS });
    }
    const number = await open("checkout/staging");
    const { value, requests } = await world.count(readIssues);
    assert.deepEqual(
      value.map((issue) => issue.number),
      [number],
    );
    assert.equal(requests.length, 2);
  });

  it("T31: are unknown behind a thousand labels of somebody else, and nothing else stops", async () => {
    for (let n = 0; n < 1_001; n += 1) {
      const { number } = world.github.openIssue({ repository: REPOSITORY, by: "eve", title: `${n}` });
      world.github.setLabels({ repository: REPOSITORY, number, by: "eve", labels: LABELS });
    }
    const seen = await world.forge.readDriftIssues(world.at);
    assert.match(seen.kind === "unknown" ? seen.why : "", /more than 1000 open issues carry the label/);
  });

  it("that GitHub cannot list are unknown, never none", async () => {
    await open("checkout/staging");
    world.github.break({ on: "POST /graphql", fault: { kind: "broken-field", field: "Repository.issues" } });
    const seen = await world.forge.readDriftIssues(world.at);
    assert.match(seen.kind === "unknown" ? seen.why : "", /Something went wrong/);
  });
});

describe("an issue", () => {
  it("is edited in place, and keeps the labels that people gave it", async () => {
    const number = await open("checkout/staging");
    world.github.setLabels({ repository: REPOSITORY, number, by: "ann", labels: ["stagecoach/drift", "urgent"] });
    const text = { title: "Drift again", body: body("checkout/staging", "f2"), labels: LABELS };
    const outcome = await world.forge.writeIssue(world.at, { ...text, issue: number });
    assert.deepEqual(outcome, { kind: "done", value: { number } });
    const [issue] = await readIssues();
    assert.deepEqual([issue?.fingerprint, issue?.labels], ["f2", ["stagecoach/drift", "urgent"]]);
    assert.equal(world.github.issue({ repository: REPOSITORY, number }).title, "Drift again");
  });

  it("is closed as completed, also twice", async () => {
    const number = await open("checkout/staging");
    for (const _ of [1, 2]) {
      assert.equal((await world.forge.closeIssue(world.at, { issue: number })).kind, "done");
    }
    const issue = world.github.issue({ repository: REPOSITORY, number });
    assert.deepEqual([issue.state, issue.kind === "issue" && issue.stateReason], ["closed", "completed"]);
  });

  it("that a person closed has moved on", async () => {
    const number = await open("checkout/staging");
    world.github.closeIssue({ repository: REPOSITORY, number, by: "ann" });
    const text = { title: "Drift", body: body("checkout/staging"), labels: LABELS };
    const outcome = await world.forge.writeIssue(world.at, { ...text, issue: number });
    assert.deepEqual(outcome, { kind: "moved-on", why: `issue #${number} is closed` });
  });

  it("that is not there has moved on", async () => {
    const text = { title: "Drift", body: body("checkout/staging"), labels: LABELS };
    assert.equal((await world.forge.writeIssue(world.at, { ...text, issue: 99 })).kind, "moved-on");
    assert.equal((await world.forge.closeIssue(world.at, { issue: 99 })).kind, "moved-on");
  });

  it("is refused in GitHub's words where issues are switched off", async () => {
    const message = "Issues are disabled for this repo";
    world.github.break({
      on: "POST /repos/{owner}/{repo}/issues",
      fault: { kind: "error-before", status: 410, message },
    });
    const text = { title: "Drift", body: body("checkout/staging"), labels: LABELS };
    assert.deepEqual(await world.forge.writeIssue(world.at, text), { kind: "refused", why: message });
  });
});
