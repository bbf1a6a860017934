import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import { at, condition, deployment, failedDeployment, NOW, running } from "../kubernetes/build.ts";
import {
  CHART_DIGEST,
  gitRepository,
  helmRelease,
  kustomization,
  NEW,
  OLD,
  ociRepository,
  readOne,
  ready,
  run,
} from "./build.ts";

const APPLIED = { "kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
const CHART = [
  { kind: "helm", id: "6.6.1+0cc9a8446c95" },
  { kind: "oci", id: CHART_DIGEST },
];
const COMMIT = { kind: "git", id: NEW, repository: "acme/shop-env", reference: "main" };

function read(objects: readonly unknown[], more: Partial<WantedTarget> = {}): Promise<LiveState> {
  return readOne(objects, { name: "shop/web", ...more });
}

describe("a HelmRelease", () => {
  test("that is released: the chart that it holds, and how its workloads are", async () => {
    const state = await read([helmRelease(), ociRepository(), ...running()]);
    assert.equal(state.reconciler, "flux-helmrelease");
    assert.deepEqual(state.desired, [{ kind: "oci", id: CHART_DIGEST, reference: "6.6.1" }]);
    assert.deepEqual([state.attempted, state.observed], [CHART, CHART]);
    assert.equal(state.sync.state, "synced");
    assert.deepEqual([state.health.state, state.health.since], ["healthy", Date.parse(at("10:10"))]);
    assert.deepEqual(state.freshness, { readAt: NOW, proof: "none" });
  });

  test("has the commit of the Kustomization that applied it", async () => {
    const objects = [
      helmRelease({ labels: APPLIED }),
      ociRepository(),
      kustomization(),
      gitRepository(NEW),
      ...running(),
    ];
    assert.deepEqual((await read(objects)).observed, [COMMIT, ...CHART]);
  });

  test("has no commit while that Kustomization applies another one", async () => {
    const status = {
      lastAppliedRevision: `main@sha1:${OLD}`,
      conditions: [ready("Unknown", "Progressing")],
      history: [run(OLD)],
    };
    const objects = [helmRelease({ labels: APPLIED }), ociRepository(), kustomization({ status }), gitRepository(NEW)];
    assert.deepEqual((await read(objects)).observed, CHART);
  });

  test("has no commit where its values come from elsewhere: they may not be in yet", async () => {
    const release = helmRelease({ labels: APPLIED, spec: { valuesFrom: [{ kind: "ConfigMap", name: "web" }] } });
    assert.deepEqual((await read([release, ociRepository(), kustomization(), gitRepository(NEW)])).observed, CHART);
  });

  test("has no commit while its chart's source has not seen its own spec", async () => {
    const source = ociRepository({ generation: 2 });
    const objects = [helmRelease({ labels: APPLIED }), source, kustomization(), gitRepository(NEW)];
    assert.deepEqual((await read(objects)).observed, CHART);
  });

  test("has no commit while a newer chart waits to be released", async () => {
    const source = ociRepository({ status: { artifact: { revision: `6.7.0@sha256:${"7".repeat(64)}` } } });
    const objects = [helmRelease({ labels: APPLIED }), source, kustomization(), gitRepository(NEW)];
    assert.deepEqual((await read(objects)).observed, CHART);
  });

  test("whose upgrade has begun is ready from the release before, and that one is not what it tries", async () => {
    const status = { lastAttemptedConfigDigest: `sha256:${"f".repeat(64)}` };
    const state = await read([
      helmRelease({ labels: APPLIED, status }),
      ociRepository(),
      kustomization(),
      gitRepository(NEW),
    ]);
    assert.deepEqual([state.observed, state.sync.state], [undefined, "progressing"]);
  });

  test("that has not seen its own spec has observed nothing", async () => {
    const objects = [
      helmRelease({ labels: APPLIED, generation: 3 }),
      ociRepository(),
      kustomization(),
      gitRepository(NEW),
    ];
    const state = await read(objects);
    assert.deepEqual([state.observed, state.sync], [undefined, { state: "progressing", cause: "spec-changed" }]);
  });

  test("whose upgrade is on its way still has the old release in its history", async () => {
    const status = {
      lastAttemptedRevision: "6.7.0+abc",
      lastAttemptedRevisionDigest: `sha256:${"7".repeat(64)}`,
      conditions: [condition("Reconciling", "True"), ready("Unknown", "Progressing")],
    };
    const state = await read([helmRelease({ status }), ...running()]);
    assert.deepEqual([state.observed, state.sync.state], [undefined, "progressing"]);
    assert.equal(state.health.state, "progressing");
  });

  test("with a newer chart fetched and not tried is out of sync", async () => {
    const artifact = { revision: `6.7.0@sha256:${"7".repeat(64)}` };
    const state = await read([helmRelease(), ociRepository({ status: { artifact } }), ...running()]);
    assert.deepEqual(state.sync, { state: "out-of-sync", cause: "new-revision" });
  });

  test("that only looks again stays as it is", async () => {
    const conditions = [condition("Reconciling", "True", { reason: "Progressing" }), ready("True", "UpgradeSucceeded")];
    const state = await read([helmRelease({ status: { conditions } }), ociRepository(), ...running()]);
    assert.deepEqual([state.sync.state, state.observed], ["synced", CHART]);
  });

  test("whose upgrade failed and was rolled back is degraded, though the old pods are well", async () => {
    const message = "Helm upgrade failed for release shop/web: context deadline exceeded";
    const conditions = [
      ready("False", "UpgradeFailed", { message }),
      condition("Released", "False", { reason: "UpgradeFailed", message }),
      condition("Remediated", "True", { reason: "RollbackSucceeded" }),
      condition("Stalled", "True", { reason: "RetriesExceeded", message: "Failed to upgrade after 1 attempt(s)" }),
    ];
    const state = await read([helmRelease({ status: { conditions } }), ociRepository(), ...running()]);
    assert.deepEqual([state.sync.state, state.sync.cause, state.observed], ["failed", "apply-failed", undefined]);
    assert.deepEqual(
      [state.health.state, state.health.basis, state.health.message],
      ["degraded", "reconciler", message],
    );
    assert.deepEqual(state.blocked, {
      code: "RetriesExceeded",
      message: "Failed to upgrade after 1 attempt(s)",
      retrying: false,
    });
  });

  test("whose tests failed is degraded, also where that is ignored", async () => {
    const tests = condition("TestSuccess", "False", { reason: "TestFailed", message: "1 test hook failed" });
    const conditions = [ready("True", "UpgradeSucceeded"), condition("Released", "True"), tests];
    const state = await read([helmRelease({ status: { conditions } }), ociRepository(), ...running()]);
    assert.deepEqual([state.health.state, state.health.message], ["degraded", "1 test hook failed"]);
  });

  test("that was released well long ago is as sick as its workloads are now", async () => {
    const state = await read([helmRelease(), ociRepository(), failedDeployment()]);
    assert.deepEqual([state.sync.state, state.health.state, state.health.basis], ["synced", "degraded", "kstatus"]);
  });

  test("without an inventory is known by the labels of its workloads", async () => {
    const labels = { "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "shop" };
    const objects = [helmRelease({ status: { inventory: undefined } }), ociRepository(), failedDeployment({ labels })];
    const state = await read([...objects, deployment({ name: "other" })]);
    assert.deepEqual(
      state.resources.map(({ object }) => object.name),
      ["web"],
    );
    assert.equal(state.health.state, "degraded");
  });

  test("that does not wait for what it releases proves no health by itself", async () => {
    const release = helmRelease({ spec: { upgrade: { disableWait: true }, kubeConfig: { secretRef: { name: "x" } } } });
    assert.equal((await read([release, ociRepository()])).health.state, "unknown");
  });
});

describe("drift of a HelmRelease", () => {
  const message = [
    "Cluster state of release shop/web.v2 has drifted from the desired state:",
    "Deployment/shop/web changed (1 additions, 3 changes, 2 removals)",
    "Service/shop/web removed",
    "ClusterRole/web-reader changed (0 additions, 1 changes, 0 removals)",
    "<img src=x> @acme/everyone",
  ].join("\n");
  const drifted = (more = message): unknown => [
    ready("True", "UpgradeSucceeded"),
    condition("Released", "True"),
    condition("Drifted", "True", { reason: "DriftDetected", message: more }),
  ];

  test("is told for objects, without fields", async () => {
    const spec = {
      driftDetection: { mode: "warn", ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] },
    };
    const state = await read([helmRelease({ spec, status: { conditions: drifted() } }), ociRepository(), ...running()]);
    assert.deepEqual(
      state.suspects.map(({ object, change, fields }) => [
        object.apiVersion,
        object.kind,
        object.namespace,
        object.name,
        change,
        fields.length,
      ]),
      [
        ["apps/v1", "Deployment", "shop", "web", "modified", 0],
        ["v1", "Service", "shop", "web", "missing", 0],
        ["", "ClusterRole", undefined, "web-reader", "modified", 0],
      ],
    );
    assert.deepEqual([state.sync.state, state.sync.cause], ["out-of-sync", "drift"]);
    assert.deepEqual(state.healing, {
      on: false,
      how: "driftDetection.mode: warn",
      ignored: ["/spec/replicas of Deployment"],
    });
  });

  test("that nobody looks for is not the same as none: the setting is shown", async () => {
    const state = await read([helmRelease(), ociRepository(), ...running()]);
    assert.deepEqual(state.healing, { on: false, how: "driftDetection.mode: disabled", ignored: [] });
  });

  test("is healed where the release says so", async () => {
    const state = await read([
      helmRelease({ spec: { driftDetection: { mode: "enabled" } } }),
      ociRepository(),
      ...running(),
    ]);
    assert.deepEqual(state.healing, { on: true, how: "driftDetection.mode: enabled, every 30m", ignored: [] });
  });

  test("of thousands of objects is cut", async () => {
    const long = Array.from({ length: 5_000 }, (_, index) => `Deployment/shop/web-${index} changed (1 additions)`).join(
      "\n",
    );
    const state = await read([helmRelease({ status: { conditions: drifted(long) } }), ociRepository()]);
    assert.ok(state.suspects.length <= 200);
    assert.ok((state.sync.message ?? "").length <= 1_000);
  });
});
