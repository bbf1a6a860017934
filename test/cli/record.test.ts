// `stagecoach record`: what it keeps, that it is plain JSON and plans the same again, and what it never keeps.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeRecording, planAgain } from "../../src/cli/make-recording.ts";
import type { Observed } from "../../src/domain/observed.ts";
import { planRepository } from "../../src/plan/plan-repository.ts";
import { decide } from "../../src/reconcile/decide.ts";
import { beginStory } from "../stories/begin-story.ts";
import { beginService, CONFIG, HOOK_SECRET, type Service } from "./begin-service.ts";
import { runProgram } from "./run-program.ts";

describe("stagecoach record", () => {
  let service: Service;
  before(async () => {
    service = await beginService();
    await service.registry.push({ repository: "acme/checkout", tag: "1.8.0" });
  });
  after(() => service.end());
  const record = (...args: readonly string[]) =>
    runProgram(["record", ...args], { variables: service.variables, folder: service.folder });

  it("keeps an observation and the plan that is made of it", async () => {
    const { code, stdout, stderr } = await record(CONFIG, "an-opening", "--folder", "cases");
    assert.equal(code, 0, stderr);
    const folder = join(service.folder, "cases", "an-opening");
    assert.equal(stdout, `Recorded in ${folder}.\n`);
    const observed = readFileSync(join(folder, "observed.json"), "utf8");
    const plan = readFileSync(join(folder, "plan.json"), "utf8");
    assert.equal(planAgain(observed), plan);
    assert.deepEqual(JSON.parse(plan).situations["checkout/integration"], "opens");
    for (const secret of [HOOK_SECRET, service.github.webhookSecret, "PRIVATE KEY", "ghs_"])
      assert.ok(!observed.includes(secret) && !plan.includes(secret), secret);
  });

  it("writes over nothing unless it is told to", async () => {
    const again = await record(CONFIG, "twice", "--folder", "cases");
    assert.equal(again.code, 0);
    const file = join(service.folder, "cases", "twice", "plan.json");
    writeFileSync(file, "mine");
    const refused = await record(CONFIG, "twice", "--folder", "cases");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /is there already; --replace writes over it/);
    assert.equal(readFileSync(file, "utf8"), "mine");
    assert.equal((await record(CONFIG, "twice", "--folder", "cases", "--replace")).code, 0);
    assert.notEqual(readFileSync(file, "utf8"), "mine");
  });

  for (const name of ["../escape", "A", ""]) {
    it(`refuses the name \`${name}\``, async () => {
      const { code, stderr } = await record(CONFIG, name);
      assert.equal(code, 2);
      assert.match(stderr, /Name the case, in lower-case letters, digits and dashes/);
      assert.ok(!existsSync(join(service.folder, "test")));
    });
  }
});

describe("a recording", () => {
  let observed: Observed;
  before(async () => {
    const story = await beginStory();
    await story.settle();
    await story.push("1.8.0");
    await story.settle();
    await story.close("live");
    await story.push("1.9.0");
    const { shell } = story.app();
    const [at] = await shell.store.repositories.list();
    assert.ok(at);
    ({ observed } = await decide({ hints: [], inTime: () => true, at, shell }));
    await story.end();
  });

  it("loses nothing of an observation that the planner looks at", () => {
    assertPlain(observed, "observed");
    assert.equal(makeRecording(observed).plan, `${JSON.stringify(planRepository(observed), null, 2)}\n`);
  });

  it("has no credentials in it, and the plan of what is left", () => {
    const token = `ghp_${"a1".repeat(18)}`;
    const leaking: Observed = { ...observed, ledger: { kind: "unknown", why: `GitHub said "${token} is expired"` } };
    const recording = makeRecording(leaking);
    assert.equal(recording.redacted, 1);
    assert.ok(!recording.observed.includes(token) && !recording.plan.includes(token));
    assert.match(recording.plan, /\[redacted\] is expired/);
    assert.equal(planAgain(recording.observed), recording.plan);
  });
});

/** Everything but what JSON keeps as it is: an absent value inside a `Seen` is the one thing that it leaves out. */
function assertPlain(value: unknown, path: string): void {
  if (value === null || ["string", "boolean", "undefined"].includes(typeof value)) return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  assert.ok(typeof value === "object", path);
  const prototype: unknown = Object.getPrototypeOf(value);
  assert.ok(prototype === Object.prototype || prototype === Array.prototype || prototype === null, path);
  for (const [key, inner] of Object.entries(value)) assertPlain(inner, `${path}.${key}`);
}
