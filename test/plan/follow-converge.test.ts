// Random stories with clusters: they lag, fall sick, fall silent, are changed by hand and mended, people refuse ways back,
// and time goes by. Whatever happens, nothing goes where it was not proven, nothing is said twice, and in the end what was
// said is true. A failing story prints its seed and its shortest form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type Environment,
  type EnvironmentKey,
  environmentKey,
  type LiveTarget,
  type Pipeline,
} from "../../src/domain/pipeline.ts";
import type { Action } from "../../src/domain/plan.ts";
import { environmentsBefore } from "../../src/plan/recall.ts";
import type { RepositoryPlan } from "../../src/plan/repository-plan.ts";
import { environment, pipeline } from "./build.ts";
import { type Cluster, LiveWorld } from "./live-world.ts";
import { tagsOf } from "./world.ts";

const MINUTE = 60_000;
const flux = (source: string): LiveTarget => ({ source, kind: "flux", name: "checkout" });
const plain = (source: string): LiveTarget => ({ source, kind: "kubernetes", name: "checkout" });
const reports = (source: string): LiveTarget => ({ source, kind: "reports", name: "checkout" });
const healthyIn = (...names: readonly string[]) =>
  names.map((name) => ({ kind: "healthy" as const, environment: name }));
const back = { onDegraded: { do: "rollback", deadline: 15 * MINUTE } } as const;

const shapes: Readonly<Record<string, Pipeline>> = {
  line: pipeline({
    environments: [
      environment("dev", { live: [flux("dev")], ...back }),
      environment("staging", {
        after: ["dev"],
        live: [flux("eu"), reports("us")],
        proposeWhen: [...healthyIn("dev"), { kind: "soak", duration: 10 * MINUTE }],
        ...back,
      }),
      environment("live", {
        after: ["staging"],
        live: [plain("prod")],
        merge: "manual",
        onDrift: "hold",
        proposeWhen: [...healthyIn("staging"), { kind: "soak", duration: 30 * MINUTE }],
      }),
    ],
  }),
  fans: pipeline({
    environments: [
      environment("a", { live: [plain("a")], ...back }),
      environment("b", { live: [reports("b")], onDrift: "hold" }),
      environment("c", { after: ["a", "b"], live: [flux("c")], proposeWhen: healthyIn("a", "b"), ...back }),
      environment("twin", { after: ["c"], sameAs: "c", live: [flux("twin")], proposeWhen: healthyIn("c"), ...back }),
    ],
  }),
};

type Event =
  | { readonly kind: "release"; readonly bad: boolean }
  | { readonly kind: "pass" | "outage" }
  | { readonly kind: "time"; readonly minutes: number }
  | {
      readonly kind: "sync" | "healthy" | "degraded" | "missing" | "silent" | "suspend" | "drift" | "undo" | "report";
      readonly at: number;
    }
  | { readonly kind: "merge" | "close" | "revert" | "unrelated" | "ignore"; readonly at: number };

const at = fc.nat(20);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("release" as const), bad: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("outage" as const) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("time" as const), minutes: fc.constantFrom(3, 11, 16, 31) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom("sync", "healthy", "report"), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("degraded", "missing", "silent", "suspend", "drift", "undo"), at }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("merge", "close", "revert", "unrelated", "ignore"), at }) },
);

function pick<T>(all: readonly T[], index: number): T | undefined {
  return all[index % Math.max(1, all.length)];
}

function happen(world: LiveWorld, each: Event): void {
  world.now += MINUTE;
  world.note();
  switch (each.kind) {
    case "release": {
      const tag = `1.${world.tags.length}.0`;
      if (each.bad) world.bad.add(tag);
      world.tags.push(tag);
      break;
    }
    case "pass":
      pass(world);
      break;
    case "outage":
      world.githubDown = true;
      pass(world);
      world.githubDown = false;
      break;
    case "time":
      world.now += each.minutes * MINUTE;
      break;
    case "merge":
    case "close":
    case "revert":
    case "unrelated":
    case "ignore":
      happenToGit(world, each);
      break;
    default: {
      const cluster = pick(world.clusters, each.at);
      if (cluster) happenToCluster(world, { cluster, kind: each.kind });
    }
  }
  world.note();
}

function happenToCluster(
  world: LiveWorld,
  { cluster, kind }: { readonly cluster: Cluster; readonly kind: Extract<Event, { at: number }>["kind"] },
): void {
  if (kind === "sync") world.sync(cluster);
  if (kind === "healthy" && !world.bad.has(world.runs(cluster))) world.turn(cluster, "healthy");
  if (kind === "degraded" || kind === "missing") world.turn(cluster, kind);
  if (kind === "silent") cluster.silent = !cluster.silent;
  if (kind === "suspend") cluster.suspended = !cluster.suspended;
  if (kind === "drift") cluster.drifted = true;
  if (kind === "undo") cluster.drifted = false;
  if (kind === "report") world.report(cluster);
}

function happenToGit(world: LiveWorld, { kind, at: index }: Extract<Event, { at: number }>): void {
  const open = pick(world.open, index);
  if (kind === "close" && open) world.end(open.number, { outcome: "closed", by: "maria", byUs: false });
  if (kind === "merge" && open?.check?.state === "success") {
    world.end(open.number, { outcome: "merged", by: "maria", byUs: false });
  }
  const key = environmentKey(world.pipeline, pick(world.pipeline.environments, index) as Environment);
  if (kind === "unrelated") world.commit(key, { ...world.fileOf(key), rest: world.fileOf(key).rest + 1 }, "people");
  if (kind === "ignore") pick(world.issues, index)?.labels.push("stagecoach/ignore");
  if (kind !== "revert") return;
  const before = world.history.filter((each) => each.kind === "arrived" && each.key === key).at(-2)?.release;
  pass(world);
  if (before !== undefined) world.rollBack(key, world.releaseAt(before));
  pass(world);
}

/** A pass, and what it did is right: by what is true, not by what the planner could know. */
function pass(world: LiveWorld): RepositoryPlan {
  const plan = world.pass();
  for (const action of plan.actions) provenBefore(world, action);
  return plan;
}

function provenBefore(world: LiveWorld, action: Action): void {
  if (action.kind !== "open" && action.kind !== "update" && action.kind !== "merge") return;
  if (action.view.rollback !== undefined) return;
  const { after, proposeWhen } = world.environmentOf(action.key);
  const tags = tagsOf(action.view.release);
  const soaks = proposeWhen.flatMap((gate) => (gate.kind === "soak" ? [gate.duration] : []));
  for (const name of after) {
    const longest = world.longestHealth(environmentKey(world.pipeline, { name }), tags);
    assert.ok(longest !== undefined, `${action.kind} of ${tags} to ${action.key}, and it was never healthy in ${name}`);
    assert.ok(
      longest >= Math.max(0, ...soaks),
      `${action.kind} of ${tags} to ${action.key}: only ${longest / MINUTE} minutes healthy in ${name}`,
    );
  }
}

function goesQuiet(world: LiveWorld): void {
  const performed: string[] = [];
  const edits = new Map(world.comments.map((each) => [each.id, each.edits]));
  for (let count = 0; count < 12 * world.pipeline.environments.length; count += 1) {
    const { actions } = pass(world);
    performed.push(...actions.map(({ kind, reason }) => `${kind}: ${reason}`));
    for (const comment of world.comments) {
      const more = comment.edits - (edits.get(comment.id) ?? 0);
      assert.ok(more <= 2, `${comment.topic} on ${comment.number} was edited ${more} times in a still world`);
    }
    if (actions.length === 0) return;
  }
  assert.fail(`never quiet:\n${performed.slice(-12).join("\n")}`);
}

/** The clusters take what Git has, and those that are not broken come up; hours go by. */
function settle(world: LiveWorld): void {
  for (let round = 0; round < 12; round += 1) {
    for (const cluster of world.clusters) {
      Object.assign(cluster, { silent: false, suspended: false });
      world.sync(cluster);
      if (!world.bad.has(world.runs(cluster))) world.turn(cluster, "healthy");
      world.report(cluster);
    }
    goesQuiet(world);
    world.now += 37 * MINUTE;
    world.note();
  }
  for (const cluster of world.clusters) {
    world.sync(cluster);
    if (!world.bad.has(world.runs(cluster))) world.turn(cluster, "healthy");
    world.report(cluster);
  }
  goesQuiet(world);
}

function whatIsTrue(world: LiveWorld, key: EnvironmentKey): string {
  const own = world.clusters.filter((each) => each.key === key);
  const ignored = world.issues.some((each) => each.key === key && each.labels.length > 0);
  if (own.some(({ health }) => health !== "healthy")) return "degraded";
  return own.some(({ drifted }) => drifted) && !ignored ? "drifted" : "healthy";
}

/** Every comment about what stands there says what is true, and none goes on about what was replaced. */
function whatWasSaidIsTrue(world: LiveWorld): void {
  for (const each of world.pipeline.environments) {
    const key = environmentKey(world.pipeline, each);
    const memory = world.ledger?.ledger.environments[key];
    const present = memory?.reached[0];
    const live = world.comments.filter(({ topic, view }) => topic === "live" && view?.key === key);
    for (const { number, view } of live) {
      const expected = number === present?.pullRequest ? [whatIsTrue(world, key)] : ["healthy", "replaced"];
      assert.ok(expected.includes(view?.stage ?? ""), `${key}: #${number} says ${view?.stage}, and it is ${expected}`);
    }
    if (present?.pullRequest !== undefined)
      assert.ok(
        live.some(({ number }) => number === present.pullRequest),
        `${key}: #${present.pullRequest} says nothing`,
      );
    const drifted = world.clusters.some((cluster) => cluster.key === key && cluster.drifted);
    const issues = world.issues.filter((issue) => issue.key === key).length;
    // Where a release does not come up, nobody can tell what differs from it.
    if (whatIsTrue(world, key) !== "degraded") assert.equal(issues, drifted ? 1 : 0, `issues about ${key}`);
  }
}

/** What was taken back, by whomever, is proposed neither there nor further on, until a person brings it again. */
function whatWentBackStaysAway({ history, tags, pipeline: { environments }, pipeline: shape }: LiveWorld): void {
  for (const [index, went] of history.entries()) {
    if (went.kind !== "rolled-back") continue;
    const next = history.slice(index + 1).find(({ key, kind }) => key === went.key && kind === "arrived");
    // A person may also take back a way back.
    if (next && tags.indexOf(next.release) > tags.indexOf(went.release)) continue;
    const name = went.key.split("/")[1] ?? "";
    const bound = environments
      .filter((each) => each.name === name || environmentsBefore(each, shape).includes(name))
      .map((each) => environmentKey(shape, each));
    for (const later of history.slice(index + 1)) {
      if (later.key === went.key && later.kind === "arrived" && later.release === went.release) break;
      const again = later.kind === "proposed" && later.release === went.release && bound.includes(later.key);
      assert.ok(!again, `${later.key}: ${later.release} is proposed again, although ${went.key} went back behind it`);
    }
  }
}

/** What a person closed, also a way back, is not proposed again while nothing else has come there. */
function refusedStaysRefused({ history }: LiveWorld): void {
  for (const [index, refusal] of history.entries()) {
    if (refusal.kind !== "declined") continue;
    const later = history.slice(index + 1).filter(({ key }) => key === refusal.key);
    const arrival = later.findIndex(({ kind }) => kind === "arrived");
    const meanwhile = arrival < 0 ? later : later.slice(0, arrival);
    const again = meanwhile.some(({ kind, release }) => kind === "proposed" && release === refusal.release);
    assert.ok(!again, `${refusal.key}: ${refusal.release} was refused and is proposed again`);
  }
}

const seed = Number(process.env.SEED ?? 20_261_121);
const numRuns = Number(process.env.RUNS ?? 60);

describe("random stories with clusters", () => {
  for (const [shape, shaped] of Object.entries(shapes)) {
    test(`${shape}: proven before it moves, said once, true in the end, and quiet`, () => {
      const story = fc.property(fc.array(event, { minLength: 10, maxLength: 90, size: "max" }), (events) => {
        const world = new LiveWorld(shaped);
        for (const each of events) happen(world, each);
        settle(world);
        whatWasSaidIsTrue(world);
        whatWentBackStaysAway(world);
        refusedStaysRefused(world);
      });
      fc.assert(story, { seed, numRuns });
    });
  }
});
