// Random stories: releases, outages and people in any order, and a pass now and then. Whatever happens, the world goes
// quiet, no environment has two pull requests, no version skips an environment, and what people refused stays refused.
// A failing story prints its seed and its shortest form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Environment, environmentKey, type Pipeline } from "../../src/domain/pipeline.ts";
import { environmentsBefore } from "../../src/plan/recall.ts";
import { environment, IMAGE, pipeline } from "./build.ts";
import { World } from "./world.ts";

const shapes: Readonly<Record<string, Pipeline>> = {
  line: pipeline(),
  fanOut: pipeline({
    environments: [
      environment("dev"),
      environment("eu", { after: ["dev"] }),
      environment("us", { after: ["dev"], supersede: "always" }),
    ],
  }),
  fanIn: pipeline({
    environments: [
      environment("a"),
      environment("b"),
      environment("c", { after: ["a", "b"] }),
      environment("d", { after: ["c"], merge: "manual" }),
    ],
  }),
  twoImages: pipeline({
    images: [
      { image: IMAGE, policy: { kind: "semver", range: "*", ignore: [] } },
      { image: "ghcr.io/acme/worker", policy: { kind: "semver", range: "*", ignore: [] } },
    ],
  }),
};

type Event =
  | { readonly kind: "release"; readonly older: boolean }
  | { readonly kind: "pass" }
  | { readonly kind: "registry"; readonly down: boolean }
  | { readonly kind: "merge" | "close" | "push" | "approve" | "unrelated" | "touch" | "rollBack"; readonly at: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("release" as const), older: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("registry" as const), down: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("merge", "close", "push", "approve", "unrelated", "touch", "rollBack"),
      at: fc.nat(20),
    }),
  },
);

function happen(world: World, each: Event): void {
  world.now += 60_000;
  switch (each.kind) {
    case "release": {
      const count = world.tags.length;
      world.tags.push(each.older ? `1.0.${count}` : `1.${count}.0`);
      return;
    }
    case "pass":
      world.pass();
      return;
    case "registry":
      world.registryDown = each.down;
      return;
    case "merge":
    case "close":
    case "push":
    case "approve":
      happenToPullRequest(world, each.kind, each.at);
      return;
    case "unrelated":
    case "touch":
    case "rollBack":
      happenToFile(world, each.kind, each.at);
      return;
  }
}

function happenToPullRequest(world: World, kind: "merge" | "close" | "push" | "approve", at: number): void {
  const open = world.open[at % Math.max(1, world.open.length)];
  if (!open) return;
  if (kind === "close") {
    world.end(open.number, { outcome: "closed", by: "maria", byUs: false });
    return;
  }
  if (kind === "push") {
    world.change(open.number, { head: { ...open.head, oid: `${open.head.oid}+`, pushedBy: "maria" } });
    return;
  }
  if (kind === "approve") {
    world.change(open.number, { approvals: [{ by: "omar", head: open.head.oid }] });
    return;
  }
  const conflicting =
    world.observe().promotions.find(({ number }) => number === open.number)?.mergeable !== "mergeable";
  if (open.check?.state === "success" && !conflicting)
    world.end(open.number, { outcome: "merged", by: "maria", byUs: false });
}

function happenToFile(world: World, kind: "unrelated" | "touch" | "rollBack", at: number): void {
  const environments = world.pipeline.environments;
  const key = environmentKey(world.pipeline, environments[at % environments.length] as Environment);
  const file = world.fileOf(key);
  if (kind === "touch") {
    world.commit(key, { ...file, rest: file.rest + 1 }, "people");
    return;
  }
  const before = world.history
    .filter((each) => each.kind === "arrived" && each.key === key)
    .at(-2)
    ?.release.split(",")[0];
  // A rollback is noticed by looking, so there has to be a look between the arrival and the way back.
  world.pass();
  if (kind === "rollBack" && before !== undefined) world.rollBack(key, world.releaseAt(before));
  world.pass();
}

/** What we brought into a later environment was in every environment before at that time. */
function nothingSkipped({ history, pipeline }: World): void {
  for (const [index, { kind, key, release, by }] of history.entries()) {
    if (kind !== "arrived" || by === "people") continue;
    const { after = [] } = pipeline.environments.find((each) => environmentKey(pipeline, each) === key) ?? {};
    for (const name of after) {
      const before = environmentKey(pipeline, { name });
      const earlier = history
        .slice(0, index)
        .some((each) => each.kind === "arrived" && each.key === before && each.release === release);
      assert.ok(earlier || release.startsWith("1.0.0"), `${key} got ${release}, which ${before} never had`);
    }
  }
}

/** What a person closed or took back is not proposed there again (nor, taken back, further on), until a person brings it. */
function refusedStaysRefused({ history, pipeline }: World): void {
  for (const [index, refusal] of history.entries()) {
    if (refusal.kind !== "declined" && refusal.kind !== "rolled-back") continue;
    const name = refusal.key.split("/")[1] ?? "";
    const bound = pipeline.environments
      .filter(
        (each) =>
          each.name === name || (refusal.kind === "rolled-back" && environmentsBefore(each, pipeline).includes(name)),
      )
      .map((each) => environmentKey(pipeline, each));
    for (const later of history.slice(index + 1)) {
      if (later.key === refusal.key && later.kind === "arrived" && later.release === refusal.release) break;
      const again = later.kind === "proposed" && later.release === refusal.release && bound.includes(later.key);
      assert.ok(
        !again,
        `${later.key}: ${later.release} is proposed again although it was ${refusal.kind} in ${refusal.key}`,
      );
    }
  }
}

function goesQuiet(world: World): void {
  world.registryDown = false;
  const performed: string[] = [];
  for (let pass = 0; pass < 8 * world.pipeline.environments.length; pass += 1) {
    const { actions } = world.pass();
    performed.push(...actions.map(({ kind, reason }) => `${kind}: ${reason}`));
    if (actions.length === 0) return;
  }
  assert.fail(`never quiet:\n${performed.slice(-12).join("\n")}`);
}

describe("random stories", () => {
  for (const [shape, shaped] of Object.entries(shapes)) {
    test(`${shape}: quiet, no twins, nothing skipped, what people refused stays refused`, () => {
      const story = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const world = new World(shaped);
        for (const each of events) {
          happen(world, each);
          nothingSkipped(world);
        }
        goesQuiet(world);
        nothingSkipped(world);
        refusedStaysRefused(world);
      });
      fc.assert(story, { seed: 20_261_121, numRuns: 150 });
    });
  }

  test("no starvation: releases faster than people merge still reach the last environment", () => {
    const world = new World(pipeline());
    let merged = 0;
    for (let round = 0; round < 60; round += 1) {
      world.tags.push(`1.${round + 1}.0`);
      world.now += 20 * 60_000;
      for (let pass = 0; pass < 3; pass += 1) world.pass();
      if (round % 5 !== 4) continue;
      const live = world.open.find(({ key }) => key === "checkout/live");
      assert.ok(live, "nothing is proposed to live");
      world.end(live.number, { outcome: "merged", by: "maria", byUs: false });
      merged += 1;
    }
    assert.equal(merged, 12);
    const arrived = world.history.filter(
      (each) => each.kind === "arrived" && each.by === "us" && each.key === "checkout/live",
    );
    assert.equal(arrived.length, 12);
  });
});
