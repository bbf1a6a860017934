import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import { readFluxStates } from "../../../src/live/flux/read-flux-states.ts";
import {
  at,
  condition,
  deployment,
  failedDeployment,
  healthyStatus,
  knownValue,
  NOW,
  playLists,
  pod,
  replicaSet,
  running,
} from "../kubernetes/build.ts";
import {
  fluxTarget,
  gitRepository,
  helmRelease,
  kustomization,
  NEW,
  OLD,
  readOne,
  ready,
  run,
  unhealthyKustomization,
} from "./build.ts";

const SOURCE = { repository: "acme/shop-env", reference: "main" };
const IS_NEW = [{ kind: "git", id: NEW, ...SOURCE }];
const RECONCILING = condition("Reconciling", "True", { reason: "Progressing" });

describe("a Kustomization", () => {
  test("that has applied the newest commit, and found it healthy", async () => {
    const state = await readOne([kustomization(), gitRepository(NEW), ...running()]);
    assert.equal(state.reconciler, "flux-kustomization");
    assert.deepEqual([state.desired, state.attempted, state.observed], [IS_NEW, IS_NEW, IS_NEW]);
    assert.equal(state.sync.state, "synced");
    assert.equal(state.health.state, "healthy");
    assert.equal(state.health.basis, "reconciler");
    // Not the time of `Ready`, which is that of the last look.
    assert.equal(state.health.since, Date.parse(at("10:05")));
    assert.deepEqual(state.freshness, { readAt: NOW, reconciledAt: Date.parse(at("11:55")), proof: "timestamp" });
    assert.deepEqual(state.healing, { on: true, how: "every 10m", ignored: [] });
    assert.equal(state.containers[0]?.pods.length, 2);
    assert.equal(state.lastResult?.phase, "succeeded");
  });

  test("whose health check failed: the new objects are in the cluster, though the old revision is called applied", async () => {
    const state = await readOne([unhealthyKustomization(), gitRepository(NEW), failedDeployment()]);
    assert.deepEqual(state.observed, IS_NEW);
    assert.equal(state.sync.state, "synced");
    assert.equal(state.health.state, "degraded");
    assert.equal(state.lastResult?.phase, "failed");
  });

  test("whose health check failed, while it tries the same again: still so", async () => {
    const conditions = [RECONCILING, ready("Unknown", "Progressing"), condition("Healthy", "Unknown")];
    const state = await readOne([
      unhealthyKustomization({ status: { conditions } }),
      gitRepository(NEW),
      failedDeployment(),
    ]);
    assert.deepEqual(state.observed, IS_NEW);
    assert.equal(state.health.state, "degraded");
  });

  test("says why nothing comes up in the words of the workload", async () => {
    const workload = failedDeployment();
    const set = replicaSet(workload);
    const stuck = pod(set, { waiting: { reason: "ErrImagePull", message: "not found" } });
    const state = await readOne([unhealthyKustomization(), gitRepository(NEW), workload, set, stuck]);
    assert.equal(state.blocked?.code, "ImagePullBackOff");
  });

  test("that applies a new commit: nothing is observed, and the old health is no news", async () => {
    const conditions = [RECONCILING, ready("Unknown", "Progressing"), condition("Healthy", "True")];
    const status = { lastAppliedRevision: `main@sha1:${OLD}`, conditions, history: [run(OLD)] };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.equal(state.observed, undefined);
    assert.deepEqual(state.sync, { state: "progressing", cause: "new-revision" });
    assert.equal(state.health.state, "progressing");
  });

  test("that only repeats what it applied before stays as it was", async () => {
    const conditions = [RECONCILING, ready("Unknown", "Progressing"), condition("Healthy", "Unknown")];
    const state = await readOne([kustomization({ status: { conditions } }), gitRepository(NEW), ...running()]);
    assert.deepEqual(state.observed, IS_NEW);
    assert.equal(state.sync.state, "synced");
    assert.deepEqual([state.health.state, state.health.since], ["healthy", Date.parse(at("10:05"))]);
  });

  test("that has fetched a new commit and not begun: out of sync, what is applied is still known", async () => {
    const status = {
      lastAppliedRevision: `main@sha1:${OLD}`,
      lastAttemptedRevision: `main@sha1:${OLD}`,
      history: [run(OLD)],
    };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.deepEqual(state.sync, { state: "out-of-sync", cause: "new-revision" });
    assert.equal(state.observed?.[0]?.id, OLD);
  });

  test("that is suspended shows it, and is not called late", async () => {
    const status = {
      history: [run(NEW, { lastReconciled: at("01:00") })],
      conditions: [ready("True", "x", { lastTransitionTime: at("01:00") })],
    };
    const state = await readOne([kustomization({ spec: { suspend: true }, status }), gitRepository(NEW), ...running()]);
    assert.match(state.suspended ?? "", /is suspended/);
    assert.equal(state.freshness.stale, undefined);
    assert.deepEqual(state.healing.on, false);
  });

  test("whose source is suspended will hear of no commit", async () => {
    const state = await readOne([kustomization(), gitRepository(NEW, { spec: { suspend: true } }), ...running()]);
    assert.match(state.suspended ?? "", /GitRepository flux-system\/shop-env is suspended/);
  });

  test("that has not run for longer than its interval allows is old news", async () => {
    const late = NOW + 60 * 60_000;
    const state = await readOne([kustomization(), gitRepository(NEW), ...running()], { now: late });
    assert.match(state.freshness.stale ?? "", /more than twice its interval of 10m/);
  });

  test("that runs in the future has a clock that is wrong", async () => {
    const state = await readOne([kustomization(), gitRepository(NEW), ...running()], { now: NOW - 60 * 60_000 });
    assert.match(state.freshness.stale ?? "", /clock/);
  });

  test("that answered a request a minute ago is fresh for sure", async () => {
    const token = "2026-06-01T11:59:00.000000000Z";
    const object = kustomization({
      annotations: { "reconcile.fluxcd.io/requestedAt": token },
      status: { lastHandledReconcileAt: token },
    });
    const state = await readOne([object, gitRepository(NEW), ...running()]);
    assert.equal(state.freshness.proof, "handshake");
    assert.equal(state.freshness.reconciledAt, Date.parse(at("11:59")));
  });

  test("whose spec has just changed has not said anything about it yet", async () => {
    const state = await readOne([kustomization({ generation: 3 }), gitRepository(NEW), ...running()]);
    assert.deepEqual([state.sync, state.observed], [{ state: "progressing", cause: "spec-changed" }, undefined]);
    assert.notEqual(state.health.state, "healthy");
  });

  test("whose spec has changed applies another folder of the same commit: that is no repetition", async () => {
    const status = { conditions: [RECONCILING, ready("Unknown", "Progressing")] };
    for (const object of [
      kustomization({ generation: 3, status }),
      unhealthyKustomization({ generation: 3, status }),
    ]) {
      const state = await readOne([object, gitRepository(NEW), ...running()]);
      assert.equal(state.observed, undefined);
      assert.notEqual(state.health.state, "healthy");
    }
  });

  test("whose history is about another revision than its status proves nothing", async () => {
    const failed = { history: [run(OLD, { lastReconciledStatus: "HealthCheckFailed" })] };
    const one = await readOne([unhealthyKustomization({ status: failed }), gitRepository(NEW), ...running()]);
    const passed = {
      lastAppliedRevision: `main@sha1:${OLD}`,
      conditions: [RECONCILING, ready("Unknown", "Progressing")],
    };
    const other = await readOne([kustomization({ status: passed }), gitRepository(NEW), ...running()]);
    assert.deepEqual([one.observed, other.observed], [undefined, undefined]);
  });

  test("that half applied a commit has observed nothing", async () => {
    const message = "Deployment/shop/web dry-run failed (Forbidden)";
    const status = {
      lastAppliedRevision: `main@sha1:${OLD}`,
      conditions: [RECONCILING, ready("False", "ReconciliationFailed", { message })],
      history: [run(NEW, { lastReconciledStatus: "ReconciliationFailed" }), run(OLD)],
    };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.deepEqual(state.sync, { state: "failed", cause: "apply-failed", message });
    assert.equal(state.observed, undefined);
    assert.deepEqual(state.blocked, { code: "ReconciliationFailed", message, retrying: true });
  });

  test("that cannot build a new commit still holds the old one", async () => {
    const status = {
      lastAppliedRevision: `main@sha1:${OLD}`,
      conditions: [RECONCILING, ready("False", "BuildFailed", { message: "kustomize build failed" })],
      history: [run(OLD)],
    };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.equal(state.observed?.[0]?.id, OLD);
    assert.equal(state.sync.state, "out-of-sync");
    assert.equal(state.blocked?.code, "BuildFailed");
  });

  test("that waits for another one names it", async () => {
    const message = "dependency 'flux-system/infra' is not ready";
    const status = { conditions: [ready("False", "DependencyNotReady", { message })] };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.deepEqual(state.blocked, { code: "DependencyNotReady", message, retrying: true });
  });

  test("that is stalled does not try again", async () => {
    const stalled = condition("Stalled", "True", { reason: "AccessDenied", message: "cross-namespace reference" });
    const status = { conditions: [ready("False", "AccessDenied"), stalled] };
    const state = await readOne([kustomization({ status }), gitRepository(NEW), ...running()]);
    assert.deepEqual(state.blocked, { code: "AccessDenied", message: "cross-namespace reference", retrying: false });
    assert.equal(state.sync.state, "failed");
  });

  test("whose source cannot fetch says so, and stays what it is", async () => {
    const failed = condition("FetchFailed", "True", { reason: "GitOperationFailed", message: "connection refused" });
    const state = await readOne([
      kustomization(),
      gitRepository(NEW, { status: { conditions: [failed] } }),
      ...running(),
    ]);
    assert.equal(state.blocked?.code, "GitOperationFailed");
    assert.equal(state.sync.state, "synced");
  });
});

describe("the health of a Kustomization", () => {
  const unasked = { spec: { wait: false }, status: { conditions: [ready("True", "ReconciliationSucceeded")] } };

  test("that makes no health check is that of its workloads", async () => {
    const well = await readOne([kustomization(unasked), gitRepository(NEW), ...running()]);
    assert.deepEqual([well.health.state, well.health.basis], ["healthy", "kstatus"]);
    const ill = await readOne([kustomization(unasked), gitRepository(NEW), failedDeployment()]);
    assert.deepEqual([ill.sync.state, ill.health.state], ["synced", "degraded"]);
  });

  test("is unknown where nobody looks", async () => {
    const status = { ...unasked.status, inventory: { entries: [{ id: "shop_config__ConfigMap", v: "v1" }] } };
    const state = await readOne([kustomization({ ...unasked, status }), gitRepository(NEW)]);
    assert.deepEqual([state.health.state, state.health.basis], ["unknown", "none"]);
  });

  test("is not taken from objects of the same name here, when it applies elsewhere", async () => {
    const spec = { wait: false, kubeConfig: { secretRef: { name: "remote" } } };
    const state = await readOne([kustomization({ ...unasked, spec }), gitRepository(NEW), ...running()]);
    assert.deepEqual([state.health.state, state.containers], ["unknown", []]);
    assert.match(state.health.message ?? "", /another cluster/);
  });

  test("is worse than its own word when a workload has fallen ill since", async () => {
    const ill = deployment({ status: { ...healthyStatus(), availableReplicas: 0, readyReplicas: 0 } });
    const state = await readOne([kustomization(), gitRepository(NEW), ill]);
    assert.deepEqual([state.health.state, state.health.basis], ["progressing", "kstatus"]);
  });

  test("misses what was applied and is gone", async () => {
    const state = await readOne([kustomization(), gitRepository(NEW)]);
    assert.equal(state.health.state, "missing");
    assert.match(state.health.message ?? "", /Deployment shop\/web: it was applied and does not exist any more/);
  });

  test("stays Flux's word where workloads may not be read", async () => {
    const lists = playLists([kustomization(), gitRepository(NEW)], (plural) =>
      plural === "deployments" ? "the cluster answered 403" : undefined,
    );
    const [state] = await readFluxStates([fluxTarget("flux-system/shop")], { lists, now: NOW });
    const { health } = knownValue(state);
    assert.deepEqual([health.state, health.basis], ["healthy", "reconciler"]);
    assert.match(health.message ?? "", /403/);
  });

  test("says what it did not look at", async () => {
    const entries = [
      { id: "shop_web_apps_Deployment", v: "v1" },
      { id: "shop_web_cert-manager.io_Certificate", v: "v1" },
    ];
    const status = { ...unasked.status, inventory: { entries } };
    const state = await readOne([kustomization({ ...unasked, status }), gitRepository(NEW), ...running()]);
    assert.equal(state.health.message, "not looked at: Certificate");
  });

  test("counts the workloads with the image, and not their neighbours", async () => {
    const entries = [
      { id: "shop_web_apps_Deployment", v: "v1" },
      { id: "shop_cache_apps_Deployment", v: "v1" },
    ];
    const status = { ...unasked.status, inventory: { entries } };
    const neighbour = failedDeployment({ name: "cache", image: "redis:8" });
    const state = await readOne([kustomization({ ...unasked, status }), gitRepository(NEW), ...running(), neighbour]);
    assert.equal(state.health.state, "healthy");
  });

  const since = async (...history: readonly unknown[]): Promise<LiveState["health"]["since"]> =>
    (await readOne([kustomization({ status: { history } }), gitRepository(NEW), ...running()])).health.since;

  test("holds on through commits that change nothing here: equal builds share one entry", async () => {
    assert.equal(await since(run(NEW, { firstReconciled: at("09:00") })), Date.parse(at("10:01")));
  });

  test("starts anew after a failure of the same build, whose entry is older than the failure", async () => {
    const failure = run(NEW, { lastReconciledStatus: "HealthCheckFailed", lastReconciled: at("11:30") });
    assert.equal(await since(run(NEW, { firstReconciled: at("09:00") }), failure), Date.parse(at("11:30")));
  });

  test("starts anew when a version comes back that was there before", async () => {
    const between = run(OLD, { lastReconciled: at("11:00") });
    assert.equal(await since(run(NEW, { firstReconciled: at("06:00") }), between), Date.parse(at("11:00")));
  });

  test("has no start where Flux keeps no history", async () => {
    assert.equal(await since(), undefined);
  });
});

describe("what a Kustomization does about changes by hand", () => {
  test("its rules and the marks on its objects are shown", async () => {
    const spec = { ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] };
    const marked = running({ annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } });
    const state = await readOne([kustomization({ spec }), gitRepository(NEW), ...marked]);
    assert.deepEqual(state.healing.ignored, [
      "/spec/replicas of Deployment",
      "Deployment shop/web: kustomize.toolkit.fluxcd.io/reconcile: disabled",
    ]);
  });

  test("a hand edit is a suspect; its status says nothing of it", async () => {
    const edit = {
      manager: "kubectl-edit",
      operation: "Update",
      time: at("11:00"),
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    };
    const state = await readOne([kustomization(), gitRepository(NEW), ...running({ managedFields: [edit] })]);
    assert.deepEqual(
      state.suspects.map(({ object, fields }) => [object.name, fields.map(({ path, manager }) => [path, manager])]),
      [["web", [["/spec/replicas", "kubectl-edit"]]]],
    );
  });
});

describe("what is read of Flux", () => {
  test("two objects of one name: told, with the way to tell them apart", async () => {
    const lists = playLists([kustomization({ name: "web", namespace: "shop" }), helmRelease()]);
    const [state, one] = await readFluxStates([fluxTarget("shop/web"), fluxTarget("HelmRelease/shop/web")], {
      lists,
      now: NOW,
    });
    assert.match(
      state?.kind === "unknown" ? state.why : "",
      /write `flux: Kustomization\/shop\/web` or `flux: HelmRelease\/shop\/web`/,
    );
    assert.equal(knownValue(one).reconciler, "flux-helmrelease");
  });

  test("an object that is not there", async () => {
    const [state] = await readFluxStates([fluxTarget("shop/web")], { lists: playLists([]), now: NOW });
    assert.deepEqual(state, { kind: "unknown", why: "there is neither a Kustomization nor a HelmRelease `shop/web`" });
  });

  test("lists that failed: the reason", async () => {
    const [state] = await readFluxStates([fluxTarget("shop/web")], { lists: playLists([], () => "403"), now: NOW });
    assert.deepEqual(state, { kind: "unknown", why: "403" });
  });

  test("sources that may not be read leave what is applied", async () => {
    const lists = playLists([kustomization(), ...running()], (plural) =>
      plural === "gitrepositories" ? "403" : undefined,
    );
    const [state] = await readFluxStates([fluxTarget("flux-system/shop")], { lists, now: NOW });
    const { desired, observed, sync } = knownValue(state);
    assert.deepEqual([desired, observed?.[0]?.id, sync.state], [undefined, NEW, "synced"]);
  });

  test("each kind once for a hundred targets, and no kind that none of them has", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `app-${index}`);
    const objects = names.map((name) =>
      kustomization({ name, status: { inventory: { entries: [{ id: `${name}_web_apps_Deployment`, v: "v1" }] } } }),
    );
    const lists = playLists([...objects, gitRepository(NEW), ...names.flatMap((namespace) => running({ namespace }))]);
    const states = await readFluxStates(
      names.map((name) => fluxTarget(`flux-system/${name}`)),
      { lists, now: NOW },
    );
    assert.ok(states.every((state) => knownValue(state).health.state === "healthy"));
    assert.deepEqual([...lists.asked].sort(), [
      "deployments",
      "gitrepositories in flux-system",
      "helmreleases in flux-system",
      "kustomizations in flux-system",
      "pods",
      "replicasets",
    ]);
  });
});
