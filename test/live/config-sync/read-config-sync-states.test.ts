import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { readConfigSyncStates } from "../../../src/live/config-sync/read-config-sync-states.ts";
import {
  at,
  condition,
  deployment,
  failedDeployment,
  healthyStatus,
  knownValue,
  NOW,
  playLists,
  running,
  wanted,
} from "../kubernetes/build.ts";
import { block, DOWN, entry, failing, HOME, NEW, OLD, readOne, resourceGroup, rootSync, syncing, UP } from "./build.ts";

const IS_NEW = [{ kind: "git", id: NEW, repository: "acme/env-prod", reference: "main" }];

function read(object: KubernetesObject, ...others: readonly KubernetesObject[]) {
  return readOne([object, ...(others.length > 0 ? others : [resourceGroup(), ...running()])]);
}

describe("a RootSync", () => {
  test("that has synced, and whose objects are all there", async () => {
    const state = await read(rootSync());
    assert.equal(state.reconciler, "config-sync");
    assert.deepEqual([state.desired, state.attempted, state.observed], [IS_NEW, IS_NEW, IS_NEW]);
    assert.deepEqual(state.sync, { state: "synced", message: "Sync Completed" });
    assert.deepEqual(state.health, { state: "healthy", basis: "reconciler", since: Date.parse(at("10:01")) });
    assert.deepEqual(state.freshness, { readAt: NOW, proof: "read" });
    assert.equal(state.lastResult?.phase, "succeeded");
    assert.deepEqual(state.healing, { on: true, how: "heals declared fields at once", ignored: [] });
    assert.deepEqual([state.suspects, state.prunable, state.blocked], [[], [], undefined]);
  });

  test("`Sync Completed` while nothing has started: synced, and not healthy", async () => {
    const group = resourceGroup([entry("Deployment", "web", { status: "InProgress", reconcile: "Pending" })]);
    const starting = deployment({ status: { ...healthyStatus(), availableReplicas: 0, readyReplicas: 0 } });
    const state = await read(rootSync(), group, starting);
    assert.deepEqual([state.sync.state, state.observed], ["synced", IS_NEW]);
    assert.equal(state.health.state, "progressing");
  });

  test("with something that did not come up in time: degraded, though the RootSync has no error", async () => {
    const group = resourceGroup([entry("Deployment", "web", { status: "InProgress", reconcile: "Timeout" })]);
    const starting = deployment({ status: { ...healthyStatus(), readyReplicas: 0 } });
    const state = await read(rootSync(), group, starting);
    assert.deepEqual([state.health.state, state.health.basis], ["degraded", "reconciler"]);
  });

  test("whose reconciler is not up proves nothing about now", async () => {
    const state = await read(rootSync({ conditions: [DOWN, condition("Stalled", "False"), syncing("False", NEW)] }));
    assert.equal(state.observed, undefined);
    assert.match(state.freshness.stale ?? "", /its reconciler is not up: Deployment/);
    assert.notEqual(state.health.state, "healthy");
  });

  test("that is stalled, though it says `Sync Completed`", async () => {
    const stalled = condition("Stalled", "True", {
      reason: "Error",
      message: "upserting reconciler deployment: open deployment.yaml",
    });
    const state = await read(
      rootSync({ conditions: [condition("Reconciling", "True"), stalled, syncing("False", NEW)] }),
    );
    assert.equal(state.sync.state, "failed");
    assert.equal(state.observed, undefined);
    assert.equal(state.blocked?.code, "Error");
    assert.match(state.blocked?.message ?? "", /open deployment.yaml/);
  });

  test("that has just got another branch still describes the old one: nothing is observed", async () => {
    const git = { repo: "https://github.com/acme/env-prod", branch: "feature/login", dir: "clusters/prod" };
    const state = await read(rootSync({ spec: { git }, conditions: [DOWN, condition("Stalled", "False")] }));
    assert.deepEqual([state.sync.state, state.sync.cause], ["progressing", "switching-source"]);
    assert.deepEqual([state.desired, state.attempted, state.observed], [undefined, undefined, undefined]);
    assert.notEqual(state.health.state, "healthy");
  });

  const SWITCHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "another revision": { branch: "main", dir: "clusters/prod", revision: "v2" },
    "another folder": { branch: "main", dir: "clusters/test" },
    "no folder any more": { branch: "main" },
    "another repository": { repo: "https://github.com/acme/other", branch: "main", dir: "clusters/prod" },
  };
  for (const [what, git] of Object.entries(SWITCHES)) {
    test(`that has got ${what} is switching, whatever its conditions say`, async () => {
      const spec = { git: { repo: "https://github.com/acme/env-prod", ...git } };
      const state = await read(rootSync({ spec }));
      assert.deepEqual([state.sync.cause, state.observed], ["switching-source", undefined]);
      assert.notEqual(state.health.state, "healthy");
    });
  }

  test("without a word on syncing has been started anew, and what it shows is from before", async () => {
    const state = await read(rootSync({ conditions: UP }));
    assert.deepEqual([state.sync.cause, state.desired, state.observed], ["switching-source", undefined, undefined]);
  });

  test("that has synced nothing yet is on its way", async () => {
    const status = { lastSyncedCommit: undefined, source: undefined, rendering: undefined, sync: undefined };
    const state = await read(rootSync({ conditions: UP, status }));
    assert.deepEqual(state.sync, { state: "progressing", cause: "new-revision" });
  });

  test("with the same place written otherwise is not switching", async () => {
    const git = { repo: "https://github.com/acme/env-prod", branch: "main", dir: "/clusters/prod/", revision: "HEAD" };
    assert.equal((await read(rootSync({ spec: { git } }))).sync.state, "synced");
  });

  test("after the switch names the new branch", async () => {
    const git = { repo: "https://github.com/acme/env-prod", branch: "feature/login", dir: "clusters/prod" };
    const on = block(NEW, { gitStatus: { ...git, revision: "" } });
    const state = await read(rootSync({ spec: { git }, status: { source: on, rendering: on, sync: on } }));
    assert.equal(state.observed?.[0]?.reference, "feature/login");
  });

  test("that syncs a new commit: `sync.commit` is what it tries, not what it has", async () => {
    const state = await read(
      rootSync({ conditions: [...UP, syncing("True", NEW)], status: { lastSyncedCommit: OLD } }),
    );
    assert.deepEqual([state.sync.state, state.sync.cause], ["progressing", "new-revision"]);
    assert.deepEqual([state.attempted, state.observed], [IS_NEW, undefined]);
    assert.equal(state.health.state, "progressing");
  });

  test("that reads a new commit still holds the old one whole", async () => {
    const status = { lastSyncedCommit: OLD, sync: block(OLD), source: block(NEW) };
    const state = await read(rootSync({ conditions: [...UP, syncing("True", NEW, { reason: "Source" })], status }));
    assert.deepEqual([state.sync.state, state.observed?.[0]?.id], ["progressing", OLD]);
  });

  test("that applies the same again every hour stays synced", async () => {
    const state = await read(rootSync({ conditions: [...UP, syncing("True", NEW)] }));
    assert.deepEqual([state.sync.state, state.observed], ["synced", IS_NEW]);
  });

  test("that has not seen its spec says nothing about it", async () => {
    const state = await read(rootSync({ generation: 3 }));
    assert.deepEqual([state.sync, state.observed], [{ state: "progressing", cause: "spec-changed" }, undefined]);
  });

  test("with broken YAML in the new commit: failed, and the cluster is untouched", async () => {
    const status = {
      lastSyncedCommit: OLD,
      sync: block(OLD),
      rendering: block(OLD),
      source: block(
        NEW,
        failing("1017", "KNV1017: failed to parse\n\nFor more information, see https://g.co/cloud/acm-errors#knv1017"),
      ),
    };
    const state = await read(rootSync({ conditions: [...UP, syncing("False", NEW, { reason: "Source" })], status }));
    assert.equal(state.sync.state, "failed");
    assert.equal(state.observed?.[0]?.id, OLD);
    assert.deepEqual(state.blocked, { code: "KNV1017", message: "KNV1017: failed to parse", retrying: false });
  });

  test("that could apply one half only: failed, and nothing is observed", async () => {
    const status = {
      lastSyncedCommit: OLD,
      sync: block(NEW, failing("2009", "KNV2009: failed to apply Deployment.apps, shop/bad")),
    };
    const state = await read(rootSync({ conditions: [...UP, syncing("True", NEW)], status }));
    assert.deepEqual([state.sync.state, state.sync.cause, state.observed], ["failed", "apply-failed", undefined]);
    assert.deepEqual([state.blocked?.code, state.blocked?.retrying], ["KNV2009", true]);
    assert.equal(state.lastResult?.phase, "failed");
  });

  test("that fails to apply again what it had applied holds it no more for sure", async () => {
    const status = { sync: block(NEW, failing("2009", "KNV2009: failed to apply Deployment.apps, shop/web")) };
    const state = await read(rootSync({ status }));
    assert.deepEqual([state.sync.state, state.observed], ["failed", undefined]);
  });

  test("that refuses an emptied source, and says `Sync Completed`: failed, with the danger of a restart", async () => {
    const status = {
      lastSyncedCommit: OLD,
      sync: block(NEW, failing("2006", "KNV2006: New commit would delete all Namespaces [shop shop2].")),
    };
    const state = await read(rootSync({ status }));
    assert.deepEqual([state.sync.state, state.observed], ["failed", undefined]);
    assert.deepEqual([state.blocked?.code, state.blocked?.retrying], ["KNV2006", false]);
    assert.match(state.blocked?.message ?? "", /restart/);
  });

  test("that fights with somebody has drift", async () => {
    const status = { sync: block(NEW, failing("2005", "KNV2005: detected excessive object updates")) };
    const state = await read(rootSync({ status }));
    assert.deepEqual([state.sync.state, state.sync.cause], ["out-of-sync", "drift"]);
  });

  test("whose Git server is away stays what it is, and says so", async () => {
    const state = await read(rootSync({ status: { source: block(NEW, failing("2004", "KNV2004: unable to fetch")) } }));
    assert.deepEqual([state.sync.state, state.observed, state.blocked?.code], ["synced", IS_NEW, "KNV2004"]);
  });

  test("with errors that are only counted is not synced", async () => {
    const state = await read(rootSync({ status: { sync: block(NEW, { errorSummary: { totalCount: 3 } }) } }));
    assert.equal(state.sync.state, "failed");
    assert.match(state.blocked?.message ?? "", /3 errors in sync/);
  });

  test("that takes an image or a chart: its digest, its version", async () => {
    const image = `sha256:${"a".repeat(64)}`;
    const oci = (commit: string) => ({
      commit,
      errorSummary: {},
      ociStatus: { image: "ghcr.io/acme/env:1", dir: "." },
    });
    const spec = { sourceType: "oci", git: undefined, oci: { image: "ghcr.io/acme/env:1", dir: "." } };
    const status = { lastSyncedCommit: image, source: oci(image), rendering: oci(image), sync: oci(image) };
    const state = await read(rootSync({ spec, status, conditions: [...UP, syncing("False", image)] }));
    assert.deepEqual(
      [state.sync.state, state.observed],
      ["synced", [{ kind: "oci", id: image, artifact: "ghcr.io/acme/env" }]],
    );
    const chart = {
      commit: "1.2.0",
      errorSummary: {},
      helmStatus: { repo: "https://charts.acme.com", chart: "web", version: "1.2.0" },
    };
    const helm = {
      sourceType: "helm",
      git: undefined,
      helm: { repo: "https://charts.acme.com", chart: "web", version: "1.2.0" },
    };
    const released = { lastSyncedCommit: "1.2.0", source: chart, rendering: chart, sync: chart };
    const other = await read(
      rootSync({ spec: helm, status: released, conditions: [...UP, syncing("False", "1.2.0")] }),
    );
    assert.deepEqual([other.sync.state, other.observed], ["synced", [{ kind: "helm", id: "1.2.0" }]]);
    const registry = JSON.parse(
      JSON.stringify([helm, released]).replaceAll("https://charts.acme.com", "oci://ghcr.io/acme"),
    );
    const named = await read(
      rootSync({ spec: registry[0], status: registry[1], conditions: [...UP, syncing("False", "1.2.0")] }),
    );
    assert.deepEqual(named.observed, [{ kind: "helm", id: "1.2.0", artifact: "ghcr.io/acme/web" }]);
  });
});

describe("the health that a ResourceGroup tells", () => {
  test("lags: an entry of the commit before does not count", async () => {
    const group = resourceGroup([entry("Deployment", "web", { sourceHash: OLD.slice(0, 7) })]);
    const state = await read(rootSync(), group, ...running());
    assert.equal(state.health.state, "progressing");
  });

  test("lags: a status of another generation says nothing, and the workloads have the word", async () => {
    const group = resourceGroup(undefined, { status: { observedGeneration: 1 } });
    const state = await read(rootSync(), group, ...running());
    assert.deepEqual([state.health.state, state.health.basis], ["healthy", "kstatus"]);
  });

  test("is no yes while one of its three words is missing", async () => {
    for (const given of [{ actuation: "Pending" }, { reconcile: "Pending" }, { actuation: undefined }]) {
      const state = await read(rootSync(), resourceGroup([entry("Deployment", "web", given)]), ...running());
      assert.equal(state.health.state, "progressing");
    }
  });

  test("is not there where `statusMode` is disabled: the workloads tell", async () => {
    const group = resourceGroup(undefined, { status: { resourceStatuses: [] } });
    const well = await read(rootSync(), group, ...running());
    assert.deepEqual([well.health.state, well.health.basis], ["healthy", "kstatus"]);
    const ill = await read(rootSync(), group, failedDeployment());
    assert.equal(ill.health.state, "degraded");
  });

  test("is unknown where neither is there", async () => {
    const state = await readOne([rootSync()]);
    assert.deepEqual([state.health.state, state.health.basis], ["unknown", "none"]);
  });

  test("right after an apply is unknown everywhere: the workloads have the word", async () => {
    const group = resourceGroup([entry("Deployment", "web", { status: "Unknown", reconcile: "Pending" })]);
    assert.equal((await read(rootSync(), group, ...running())).health.basis, "kstatus");
    assert.notEqual((await read(rootSync(), group, failedDeployment())).health.state, "healthy");
  });

  test("counts the workloads with the image in a RootSync that holds a whole cluster", async () => {
    const group = resourceGroup([entry("Deployment", "web"), entry("Deployment", "cache", { status: "Failed" })]);
    const state = await read(rootSync(), group, ...running(), failedDeployment({ name: "cache", image: "redis:8" }));
    assert.equal(state.health.state, "healthy");
  });

  test("counts the named objects where there are some", async () => {
    const group = resourceGroup([entry("Deployment", "web"), entry("Deployment", "cache", { status: "Failed" })]);
    const state = await readOne([rootSync(), group, ...running(), failedDeployment({ name: "cache" })], {
      objects: [{ kind: "Deployment", name: "cache" }],
    });
    assert.equal(state.health.state, "degraded");
  });

  test("came up late: the live object tells", async () => {
    const group = resourceGroup([entry("Deployment", "web", { reconcile: "Timeout" })]);
    assert.equal((await read(rootSync(), group, ...running())).health.state, "healthy");
  });

  test("names what is being deleted", async () => {
    const group = resourceGroup([
      entry("Deployment", "web"),
      entry("PersistentVolumeClaim", "data", { strategy: "Delete", actuation: "Pending", reconcile: "Pending" }),
    ]);
    const state = await read(rootSync(), group, ...running());
    assert.deepEqual(
      state.prunable.map(({ object, protection, holdsData }) => [object.name, protection, holdsData]),
      [["data", "none", true]],
    );
  });
});

describe("changes by hand under Config Sync", () => {
  test("a variable that Git does not declare stays, and only the managed fields show it", async () => {
    const edit = {
      manager: "kubectl-set",
      operation: "Update",
      time: at("11:00"),
      fieldsV1: {
        "f:spec": {
          "f:template": {
            "f:spec": {
              "f:containers": {
                'k:{"name":"web"}': {
                  "f:env": { ".": {}, 'k:{"name":"DEBUG"}': { ".": {}, "f:name": {}, "f:value": {} } },
                },
              },
            },
          },
        },
      },
    };
    const containers = [{ name: "web", image: "ghcr.io/acme/web:1", env: [{ name: "DEBUG", value: "1" }] }];
    const edited = deployment({ managedFields: [edit], spec: { template: { spec: { containers } } } });
    const state = await read(rootSync(), resourceGroup(), edited);
    assert.equal(state.sync.state, "synced");
    assert.deepEqual(
      state.suspects[0]?.fields.map(({ path, live }) => [path, live?.kind]),
      [
        ["/spec/template/spec/containers/0/env/0/name", "shown"],
        ["/spec/template/spec/containers/0/env/0/value", "hidden"],
      ],
    );
  });

  test("marks that keep it away are shown", async () => {
    const marked = running({ annotations: { "client.lifecycle.config.k8s.io/mutation": "ignore" } });
    const state = await read(rootSync(), resourceGroup(), ...marked);
    assert.deepEqual(state.healing.ignored, ["Deployment shop/web: client.lifecycle.config.k8s.io/mutation: ignore"]);
  });
});

describe("what is read of Config Sync", () => {
  const target = (name: string) => wanted(name, { target: { source: "prod", kind: "config-sync", name } });

  test("a RepoSync by its namespace, a RootSync by its name alone", async () => {
    const repo = rootSync({ kind: "RepoSync", name: "team", namespace: "shop" });
    const lists = playLists([rootSync(), repo]);
    const names = ["root-sync", "shop/team", `${HOME}/root-sync`, "nobody", "a/b/c"];
    const states = await readConfigSyncStates(names.map(target), { lists, now: NOW });
    assert.deepEqual(
      states.map((state) => (state.kind === "known" ? state.value.object.kind : state.why)),
      [
        "RootSync",
        "RepoSync",
        "RootSync",
        `there is no RootSync \`${HOME}/nobody\``,
        "`a/b/c` is no name of a RootSync, nor `namespace/name` of a RepoSync",
      ],
    );
  });

  test("each kind once, and only what the inventories have", async () => {
    const lists = playLists([rootSync(), resourceGroup(), ...running()]);
    await readConfigSyncStates([target("root-sync"), target("root-sync")], { lists, now: NOW });
    assert.deepEqual([...lists.asked].sort(), [
      "deployments in shop",
      "pods in shop",
      "replicasets in shop",
      `resourcegroups in ${HOME}`,
      `rootsyncs in ${HOME}`,
    ]);
  });

  test("a ResourceGroup that may not be read leaves the commit, and takes the health away with its reason", async () => {
    const lists = playLists([rootSync()], (plural) =>
      plural === "resourcegroups" ? "the cluster answered 403" : undefined,
    );
    const [state] = await readConfigSyncStates([target("root-sync")], { lists, now: NOW });
    const { observed, health } = knownValue(state);
    assert.deepEqual(observed, IS_NEW);
    assert.deepEqual(
      [health.state, health.message],
      ["unknown", "its ResourceGroup could not be read: the cluster answered 403"],
    );
  });

  test("RootSyncs that may not be read: the reason", async () => {
    const [state] = await readConfigSyncStates([target("root-sync")], { lists: playLists([], () => "403"), now: NOW });
    assert.deepEqual(state, { kind: "unknown", why: "403" });
  });
});
