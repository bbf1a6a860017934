import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { readNamespaceStates } from "../../../src/live/kubernetes/read-namespace-states.ts";
import {
  at,
  condition,
  deployment,
  failedDeployment,
  healthyStatus,
  knownValue,
  make,
  NOW,
  playLists,
  pod,
  replicaSet,
  running,
  wanted,
} from "./build.ts";
import { makeRandom, mutate } from "./mutate.ts";

const SEEDS = 400;

async function read(objects: readonly unknown[]): Promise<LiveState> {
  const [state] = await readNamespaceStates([wanted("shop")], { lists: playLists(objects), now: NOW });
  return knownValue(state);
}

describe("hostile objects", () => {
  test("a message of 300 KiB is cut to 1,000 characters, at no half of a character", async () => {
    const failure = condition("ReplicaFailure", "True", { reason: "FailedCreate", message: "🚂".repeat(150_000) });
    const state = await read([deployment({ status: { observedGeneration: 2, conditions: [failure] } })]);
    const message = state.blocked?.message ?? "";
    assert.ok(message.length <= 1_000 && message.endsWith("…"));
    assert.ok(message.isWellFormed());
  });

  test("markup and mentions come through as the text that they are, for the report to escape", async () => {
    const message = "<script>alert(1)</script> @acme/everyone closes #1";
    const failed = condition("Failed", "True", { reason: "BackoffLimitExceeded", message });
    const state = await read([
      make("batch/v1", "Job", { spec: deployment().spec as never, status: { conditions: [failed] } }),
    ]);
    assert.equal(state.blocked?.message, message);
  });

  test("a name of 300 KiB is no name", async () => {
    assert.equal((await read([deployment({ name: "a".repeat(300_000) })])).health.state, "missing");
  });

  test("a thousand workloads: 200 are told, the sick ones first", async () => {
    const objects = Array.from({ length: 1_000 }, (_, index) =>
      index % 10 === 0 ? failedDeployment({ name: `sick-${index}` }) : deployment({ name: `well-${index}` }),
    );
    const state = await read(objects);
    assert.equal(state.resources.length, 200);
    assert.ok(state.resources.slice(0, 100).every(({ health }) => health === "degraded"));
    assert.ok(state.containers.length <= 200);
  });

  test("10,000 pods of one workload: the list is cut, and what contradicts is kept", async () => {
    const workload = deployment();
    const [before, after] = [replicaSet(workload, { revision: 1 }), replicaSet(workload, { revision: 2 })];
    const pods = Array.from({ length: 10_000 }, (_, index) => pod(after, { name: `web-${index}` }));
    const state = await read([workload, before, after, ...pods, pod(before, { name: "zz-old" })]);
    assert.equal(state.containers[0]?.pods.length, 200);
    assert.equal(state.containers[0]?.pods[0]?.name, "zz-old");
  });

  test("things in a list that are no objects are left out", async () => {
    const odd = [
      { kind: "Deployment" },
      { kind: "Deployment", metadata: null },
      { kind: "Deployment", metadata: { name: 5 } },
    ];
    const everywhere = { ...playLists([...running(), ...odd]) };
    const [state] = await readNamespaceStates([wanted("shop"), wanted("blog")], { lists: everywhere, now: NOW });
    assert.equal(knownValue(state).health.state, "healthy");
  });

  test(`nothing throws, and what comes out is plain data of a bounded size, in ${SEEDS} seeded variants`, async () => {
    const all: readonly KubernetesObject[] = [
      ...running(),
      failedDeployment({ name: "api" }),
      pod(undefined, { name: "lonely", waiting: { reason: "CrashLoopBackOff" } }),
      make("apps/v1", "StatefulSet", {
        name: "db",
        spec: deployment().spec as never,
        status: {
          observedGeneration: 2,
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 2,
          updateRevision: "a",
          currentRevision: "a",
        },
      }),
      make("batch/v1", "CronJob", { name: "nightly", spec: { jobTemplate: { spec: deployment().spec } } }),
    ];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = makeRandom(seed);
      const objects = all.map((object) => mutate(object, random));
      const [state] = await readNamespaceStates([wanted("shop")], {
        lists: playLists(objects.filter(Boolean)),
        now: NOW,
      });
      const found = knownValue(state);
      assert.equal(JSON.stringify(found), JSON.stringify(JSON.parse(JSON.stringify(found))), `seed ${seed}`);
      assert.ok(JSON.stringify(found).length < 400_000, `seed ${seed} is too long`);
    }
  });

  test("a time that is in no calendar is none", async () => {
    const odd = condition("Available", "True", { lastTransitionTime: "2026-13-45T99:99:99Z" });
    const out = condition("Progressing", "True", { reason: "NewReplicaSetAvailable", lastUpdateTime: at("10:01") });
    const workload = deployment({ status: { ...healthyStatus(), conditions: [odd, out] } });
    const state = await read([workload, replicaSet(workload)]);
    assert.equal(state.health.state, "healthy");
    assert.equal(state.health.since, undefined);
  });
});
