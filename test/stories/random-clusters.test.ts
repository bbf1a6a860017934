// Random lives of clusters, seeded: whatever happens to them, nothing is promoted that was not healthy before, and once
// the world is quiet everything that was said about it is true and stands there once.
// `STAGECOACH_SEED=7 STAGECOACH_LIVES=100` tells other lives.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { CONFIG } from "./begin-story.ts";
import { beginLiveStory, livesIn } from "./live-story.ts";
import { CLUSTER_HAPPENINGS, type ClusterLife, clusterOf, openPulls } from "./random-cluster-life.ts";
import { chanceOf } from "./random-life.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";
import { expectQuiet } from "./tell.ts";

const SEED = Number(process.env.STAGECOACH_SEED ?? 20_261_121);
const LIVES = Number(process.env.STAGECOACH_LIVES ?? 8);
const EVENTS = Number(process.env.STAGECOACH_EVENTS ?? 125);
const MINUTE = 60_000;
const NAMES = ["integration", "staging", "live"] as const;

const PLACES = [
  ["integration", "dev"],
  ["staging", "dev"],
  ["live", "prod-eu"],
  ["live", "prod-us"],
] as const;

const SHAPES = [
  { integration: "hold", staging: "rollback" },
  { integration: "rollback", staging: "hold" },
] as const;

for (let index = 0; index < LIVES; index += 1)
  test(`clusters, life ${index} of seed ${SEED}: ${EVENTS} events`, (context) => live(index, context));

async function live(index: number, context: TestContext): Promise<void> {
  const shape = SHAPES[index % SHAPES.length] ?? SHAPES[0];
  const degraded = (does: string) => `on-degraded: { do: ${does}, deadline: 15m }`;
  const pipeline = checkoutFile([
    environment("integration", `merge: auto, ${degraded(shape.integration)}, ${livesIn("integration", "dev")}`),
    environment(
      "staging",
      `after: [integration], merge: auto, propose-when: [ { soak: 20m } ], ${degraded(shape.staging)}, ${livesIn("staging", "dev")}`,
    ),
    environment("live", `after: [staging], ${livesIn("live", "prod-eu", "prod-us")}`),
  ]);
  const story = await beginLiveStory({
    pipeline,
    files: runs("1.7.0", NAMES),
    handDriven: true,
    sources: {
      dev: { environments: ["integration", "staging"] },
      "prod-eu": { environments: ["live"] },
      "prod-us": { environments: ["live"] },
    },
  });
  const chance = chanceOf(SEED + index);
  const life: ClusterLife = { story, chance, places: PLACES, counts: new Map(), log: [], versions: 7 };
  try {
    await story.settle();
    for (let count = 0; count < EVENTS; count += 1) await happen(life);
    await heal(life);
    await becomeHealthy(life);
    expectTrue(life);
    await everybodyGetsTheNext(life);
    expectTrue(life);
    story.allowsRepeatedEdits();
    story.expectTold();
    await expectQuiet(story);
    context.diagnostic([...life.counts].map(([name, count]) => `${name} ${count}`).join(", "));
  } catch (error) {
    context.diagnostic(`seed ${SEED + index}:\n${life.log.join("\n")}`);
    throw error;
  } finally {
    await story.end();
  }
}

async function happen(life: ClusterLife): Promise<void> {
  const dice = CLUSTER_HAPPENINGS.flatMap((each) => Array.from({ length: each[0] }, () => each));
  const [, name, event] = life.chance.pick(dice) ?? [];
  if (name === undefined || event === undefined) return;
  const happened = await event(life);
  if (happened) life.counts.set(name, (life.counts.get(name) ?? 0) + 1);
  const { story } = life;
  const stands = NAMES.map((each) => `${each} ${story.declares(each)}`);
  life.log.push(`${name}${happened ? "" : " (nothing)"} -> ${stands.join(", ")} | open ${story.open().join(", ")}`);
  assert.deepEqual(story.health.broken(), []);
}

async function heal({ story }: ClusterLife): Promise<void> {
  story.github.mend();
  await story.github.webhooks.flush();
  story.github.webhooks.clearSwitches();
  for (const id of new Set(PLACES.map(([, source]) => source))) await story.source(id).speaks();
  await story.wait(70 * MINUTE);
  story.failures();
}

/** Every cluster takes what Git has, and what may be merged is, until nothing more follows. */
async function becomeHealthy(life: ClusterLife): Promise<void> {
  const { story } = life;
  for (let round = 0; round < 12; round += 1) {
    for (const place of PLACES) {
      const cluster = clusterOf(life, place);
      await cluster.isSuspended(false);
      await cluster.takes();
    }
    await story.wait(25 * MINUTE);
    const green = openPulls(life).filter(({ headOid }) => story.check(headOid)?.startsWith("success"));
    // What was stopped in an environment goes no further; a newer version will.
    if (green.length === 0 && round > 0) return;
    for (const { number } of green)
      story.github.mergePullRequest({ repository: CONFIG, number, by: "maria", method: "squash" });
    await story.settle();
  }
  assert.fail(`it never comes to an end: ${(await story.waits()).join("\n")}`);
}

/** Every cluster is healthy with what Git has: the comments have to say so, of the present and of what it replaced. */
function expectTrue({ story }: ClusterLife): void {
  assert.deepEqual(
    story.driftIssues({ open: true }).map(({ title }) => title),
    [],
  );
  for (const name of NAMES) {
    const merged = story
      .promotions(name)
      .filter(({ mergedAt }) => mergedAt !== undefined)
      .toSorted((a, b) => (a.mergedAt ?? "").localeCompare(b.mergedAt ?? "") || a.number - b.number);
    const told = merged.map(({ number }) => story.told(name, number));
    const last = told.pop();
    if (last) {
      assert.equal(last.stage, "healthy", `#${last.number} to ${name} says ${last.stage}`);
      assert.equal(last.deployment.at(-1), "success", `#${last.number} to ${name}: ${last.deployment}`);
    }
    for (const { number, stage, deployment } of told) {
      assert.ok(
        stage === undefined || ["healthy", "replaced"].includes(stage),
        `#${number} to ${name} still says ${stage}`,
      );
      const end = deployment.at(-1);
      assert.ok(end === undefined || ["success", "inactive"].includes(end), `#${number} to ${name} is still ${end}`);
    }
  }
}

async function everybodyGetsTheNext(life: ClusterLife): Promise<void> {
  const { story } = life;
  await story.push("99.0.0");
  await story.settle();
  for (let round = 0; round < NAMES.length; round += 1) await becomeHealthy(life);
  const stands = NAMES.map((name) => story.declares(name));
  assert.deepEqual(stands, ["99.0.0", "99.0.0", "99.0.0"], (await story.waits()).join("\n"));
  assert.deepEqual(story.failures(), []);
}
