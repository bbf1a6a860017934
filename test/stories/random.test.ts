// Random lives of a config repository, seeded: whatever people, networks and processes do, in whatever order, in the end
// no promotion was lost or doubled, nothing moved that was not proven, no person's work or word was overridden, and the
// world is quiet. `STAGECOACH_SEED=7 STAGECOACH_LIVES=100` tells other lives.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { readLedger } from "../../src/ledger/read-ledger.ts";
import { beginStory, CONFIG } from "./begin-story.ts";
import {
  chanceOf,
  endBranch,
  environmentOf,
  HAPPENINGS,
  type Life,
  openPromotions,
  type Shape,
  versionAt,
} from "./random-life.ts";
import { checkoutFile, environment, runs } from "./sample-files.ts";

const SEED = Number(process.env.STAGECOACH_SEED ?? 20_261_121);
const LIVES = Number(process.env.STAGECOACH_LIVES ?? 8);
const EVENTS = Number(process.env.STAGECOACH_EVENTS ?? 60);

const SHAPES: readonly Shape[] = [
  {
    name: "line",
    environments: { integration: [], staging: ["integration"], live: ["staging"] },
    pipeline: checkoutFile([
      environment("integration", "merge: auto"),
      environment("staging", "after: [integration], merge: auto"),
      environment("live", "after: [staging]"),
    ]),
  },
  {
    name: "fan",
    environments: { dev: [], europe: ["dev"], america: ["dev"], live: ["europe", "america"] },
    pipeline: checkoutFile([
      environment("dev", "merge: auto"),
      environment("europe", "after: [dev], merge: auto, supersede: always"),
      environment("america", "after: [dev]"),
      environment("live", "after: [europe, america]"),
    ]),
  },
];

for (let index = 0; index < LIVES; index += 1) {
  const shape = SHAPES[index % SHAPES.length] as Shape;
  test(`life ${index} of seed ${SEED}, ${shape.name}`, async (context) => {
    await live({ shape, seed: SEED + index, context });
  });
}

async function live({ shape, seed, context }: { shape: Shape; seed: number; context: TestContext }): Promise<void> {
  const files = runs("1.7.0", Object.keys(shape.environments));
  const story = await beginStory({ pipeline: shape.pipeline, files, branches: { develop: { "README.md": "Work\n" } } });
  const life: Life = {
    ...{
      story,
      shape,
      chance: chanceOf(seed),
      counts: new Map(),
      refusals: [],
      pushed: [],
      updated: new Set(),
      log: [],
      versions: 7,
    },
  };
  try {
    await story.settle();
    for (let count = 0; count < EVENTS; count += 1) await happen(life);
    await heal(life);
    await nothingWasLost(life);
    await everybodyGetsTheNext(life);
    context.diagnostic([...life.counts].map(([name, count]) => `${name} ${count}`).join(", "));
  } catch (error) {
    context.diagnostic(`seed ${seed}:\n${life.log.join("\n")}`);
    throw error;
  } finally {
    await story.end();
  }
}

async function happen(life: Life): Promise<void> {
  const dice = HAPPENINGS.flatMap((each) => Array.from({ length: each[0] }, () => each));
  const [, name, event] = life.chance.pick(dice) ?? [];
  if (name === undefined || event === undefined) return;
  const happened = await event(life);
  if (happened) life.counts.set(name, (life.counts.get(name) ?? 0) + 1);
  const { story, shape } = life;
  const stands = Object.keys(shape.environments).map((each) => `${each} ${story.declares(each)}`);
  life.log.push(`${name}${happened ? "" : " (nothing)"} -> ${stands.join(", ")} | open ${story.open().join(", ")}`);
  refusedStaysAway(life);
  expectFewerThanTwo(life);
}

async function heal({ story }: Life): Promise<void> {
  story.github.mend();
  story.registry.fail();
  await story.github.webhooks.flush();
  story.github.webhooks.clearSwitches();
  story.failures();
  for (let round = 0; round < 3; round += 1) await story.wait(25 * 60_000);
}

/** What a person closed or took back is not proposed again under a new head, until a person brings it back. */
function refusedStaysAway(life: Life): void {
  for (const pull of openPromotions(life)) {
    const environmentName = environmentOf(pull);
    const version = versionAt(life, { environment: environmentName, ref: pull.headRef });
    if (version === versionAt(life, { environment: environmentName, ref: "main" })) continue;
    const refusal = life.refusals.find(
      (each) =>
        !each.lifted &&
        each.version === version &&
        each.bound.includes(environmentName) &&
        !each.heads.has(pull.headOid) &&
        !life.pushed.some(({ branch }) => branch === pull.headRef),
    );
    assert.equal(
      refusal,
      undefined,
      `#${pull.number} proposes ${version} to ${environmentName} although it was refused`,
    );
  }
}

function expectFewerThanTwo(life: Life): void {
  const heads = openPromotions(life)
    .filter(({ baseRef }) => baseRef === "main")
    .map(({ headRef }) => headRef);
  assert.deepEqual(heads, [...new Set(heads)], "two promotions to one environment");
}

async function nothingWasLost(life: Life): Promise<void> {
  const { story } = life;
  assert.deepEqual(story.failures(), [], "a pass failed in a world that was healed");
  const heads = openPromotions(life).map(({ headRef }) => headRef);
  assert.deepEqual(heads, [...new Set(heads)], "two promotions to one environment");
  for (const pull of openPromotions(life)) expectSound(life, pull);
  expectWorkKept(life);
  expectProven(life);
  expectLedger(life);
  await expectQuiet(life);
  assert.deepEqual(story.github.deviations(), [], "GitHub would not have it so");
}

/** One commit of ours above the base, unless a person has pushed or pressed a button; and our check on the head. */
function expectSound({ story, pushed }: Life, pull: ReturnType<typeof openPromotions>[number]): void {
  const base = new Set(story.github.log({ repository: CONFIG, ref: pull.baseRef }).map(({ oid }) => oid));
  const above = story.github.log({ repository: CONFIG, ref: pull.headRef }).filter(({ oid }) => !base.has(oid));
  const byButton = above.some(({ parents }) => parents.length > 1);
  if (!byButton && !pushed.some(({ oid }) => above.some((commit) => commit.oid === oid)))
    assert.equal(above.length, 1, `#${pull.number} has ${above.length} commits`);
  assert.equal(pull.baseRef, "main", `#${pull.number} goes to ${pull.baseRef}`);
  assert.ok(story.check(pull.headOid), `#${pull.number} has no check`);
  assert.equal(story.github.comments({ repository: CONFIG, number: pull.number }).length, 0);
  assert.ok(
    pull.labels.some(({ name }) => name === "stagecoach"),
    `#${pull.number} has no label`,
  );
}

/** A commit that a person made on a branch of ours is on it still, or in a pull request that is over. */
function expectWorkKept({ story, pushed }: Life): void {
  const { github } = story;
  for (const { branch, oid } of pushed) {
    const ended = github
      .pullRequests({ repository: CONFIG, state: "closed" })
      .filter(({ headRef }) => headRef === branch)
      .map(({ headOid }) => headOid);
    const places = [branch, ...ended].flatMap((ref) => github.log({ repository: CONFIG, ref }));
    assert.ok(
      places.some((commit) => commit.oid === oid),
      `the commit ${oid} on ${branch} is lost`,
    );
  }
}

/** Whatever a promotion brought into an environment had been in every environment before. */
function expectProven({ story, shape }: Life): void {
  const merged = new Map(
    story.github
      .pullRequests({ repository: CONFIG, state: "closed" })
      .flatMap((pull) =>
        pull.app && pull.mergeCommitOid ? [[pull.mergeCommitOid, environmentOf(pull)] as const] : [],
      ),
  );
  const had = new Map(Object.keys(shape.environments).map((name) => [name, new Set<string>()]));
  for (const { oid } of story.github.log({ repository: CONFIG, ref: "main" }).toReversed()) {
    const promoted = merged.get(oid);
    const version = promoted === undefined ? undefined : story.declares(promoted, { branch: oid });
    for (const before of promoted === undefined ? [] : (shape.environments[promoted] ?? []))
      assert.ok(version && had.get(before)?.has(version), `${promoted} got ${version}, which ${before} never had`);
    for (const name of Object.keys(shape.environments)) had.get(name)?.add(story.declares(name, { branch: oid }) ?? "");
  }
}

function expectLedger({ story, shape }: Life): void {
  const ref = "stagecoach-ledger";
  const paths = ["README.md", "version.yaml", "holds.yaml", "blocks.yaml"].concat(
    Object.keys(shape.environments).map((name) => `environments/checkout/${name}.yaml`),
  );
  const files = paths.flatMap((path) => {
    const text = story.github.fileAt({ repository: CONFIG, ref, path });
    return text === undefined ? [] : [[path, text] as const];
  });
  const reading = readLedger({ files: new Map(files) });
  assert.equal(reading.kind, "read", JSON.stringify(reading));
  for (const { signature } of story.github.log({ repository: CONFIG, ref })) assert.ok(signature, "a foreign commit");
}

async function expectQuiet({ story }: Life): Promise<void> {
  await story.restart({ forget: true });
  story.github.forgetRequests();
  await story.store().runDue();
  const writes = story.github.requests().filter(({ kind }) => !["read", "graphql-query", "token"].includes(kind));
  assert.deepEqual(writes, [], "a pass over an unchanged world wrote something");
}

/** Nothing starves: people give back what they took, and the next version reaches the last environment. */
async function everybodyGetsTheNext(life: Life): Promise<void> {
  const { story, shape } = life;
  for (const branch of new Set([...life.updated, ...life.pushed.map((each) => each.branch)])) endBranch(life, branch);
  await story.push("99.0.0");
  for (let round = 0; round < 2 * Object.keys(shape.environments).length; round += 1) {
    await story.wait(25 * 60_000);
    for (const pull of openPromotions(life)) {
      if (!story.check(pull.headOid)?.startsWith("success")) continue;
      story.github.mergePullRequest({ repository: CONFIG, number: pull.number, by: "maria", method: "squash" });
    }
  }
  const stands = Object.keys(shape.environments).map((name) => [name, story.declares(name)]);
  const wanted = Object.keys(shape.environments).map((name) => [name, "99.0.0"]);
  assert.deepEqual(stands, wanted, (await story.waits()).join("\n"));
  await expectQuiet(life);
  assert.deepEqual(story.failures(), []);
}
