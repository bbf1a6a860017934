import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readConfigSyncStates } from "../../../src/live/config-sync/read-config-sync-states.ts";
import { readFluxStates } from "../../../src/live/flux/read-flux-states.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import { entry, resourceGroup, rootSync } from "../config-sync/build.ts";
import { condition, failedDeployment, NOW, playLists, running, wanted } from "../kubernetes/build.ts";
import { makeRandom, mutate } from "../kubernetes/mutate.ts";
import {
  fluxTarget,
  gitRepository,
  helmRelease,
  kustomization,
  NEW,
  ociRepository,
  readOne,
  ready,
  unhealthyKustomization,
} from "./build.ts";

const SEEDS = 400;

const OBJECTS: readonly unknown[] = [
  kustomization(),
  unhealthyKustomization({ name: "ill" }),
  helmRelease({
    spec: { driftDetection: { mode: "warn", ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] } },
    labels: { "kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" },
  }),
  gitRepository(NEW),
  ociRepository(),
  rootSync(),
  resourceGroup([entry("Namespace", "shop"), entry("Deployment", "web"), entry("Deployment", "api")]),
  ...running(),
  failedDeployment({ name: "api" }),
];

const FLUX: readonly WantedTarget[] = ["flux-system/shop", "flux-system/ill", "shop/web"].map((name) =>
  fluxTarget(name),
);
const CONFIG_SYNC = [wanted("root-sync", { target: { source: "prod", kind: "config-sync", name: "root-sync" } })];

describe("hostile objects of reconcilers", () => {
  test(`nothing throws, and what comes out is plain data of a bounded size, in ${SEEDS} seeded variants`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = makeRandom(seed);
      const lists = playLists(OBJECTS.map((object) => mutate(object, random)).filter(Boolean));
      const states = [
        ...(await readFluxStates(FLUX, { lists, now: NOW })),
        ...(await readConfigSyncStates(CONFIG_SYNC, { lists, now: NOW })),
      ];
      assert.equal(states.length, 4);
      const text = JSON.stringify(states);
      assert.deepEqual(JSON.parse(text), states, `seed ${seed} is no plain data`);
      assert.ok(text.length < 100_000, `seed ${seed} is too long: ${text.length}`);
    }
  });

  test("a message of 300 KiB is cut, markup comes through as it is", async () => {
    const message = `<script>alert(1)</script> @acme/everyone ${"a".repeat(300_000)}`;
    const status = { conditions: [ready("False", "ReconciliationFailed", { message })] };
    const state = await readOne([kustomization({ status }), gitRepository(NEW)]);
    assert.equal(state.blocked?.message.length, 1_000);
    assert.match(state.blocked?.message ?? "", /^<script>/);
    assert.ok(JSON.stringify(state).length < 10_000);
  });

  test("an inventory of 100,000 entries is cut", async () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => ({
      id: `shop_web-${index}_apps_Deployment`,
      v: "v1",
    }));
    const state = await readOne([kustomization({ status: { inventory: { entries } } }), gitRepository(NEW)]);
    assert.equal(state.resources.length, 200);
  });

  test("entries of an inventory that have another form are left out", async () => {
    const entries = [null, 5, {}, { id: "a" }, { id: "a_b_c" }, { id: "_" }, { id: "shop_web_apps_Deployment" }];
    const state = await readOne([
      kustomization({ status: { inventory: { entries } } }),
      gitRepository(NEW),
      ...running(),
    ]);
    assert.equal(state.health.state, "healthy");
  });

  test("conditions that are no list prove nothing", async () => {
    const status = { conditions: { Ready: "True" } };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.deepEqual([state.sync.state, state.observed], ["progressing", undefined]);
  });

  test("two conditions of one type: the first counts, and a good one behind a bad one helps nothing", async () => {
    const status = {
      conditions: [
        ready("False", "ReconciliationFailed"),
        ready("True", "ReconciliationSucceeded"),
        condition("Healthy", "True"),
      ],
    };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.equal(state.sync.state, "failed");
  });
});
