// What looks well and is not, or the other way round: one row for each way in which reconcilers mislead.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import { readNamespaceStates } from "../../../src/live/kubernetes/read-namespace-states.ts";
import * as configSync from "../config-sync/build.ts";
import * as flux from "../flux/build.ts";
import {
  condition,
  deployment,
  digest,
  failedDeployment,
  healthyStatus,
  knownValue,
  make,
  NOW,
  OLD_IMAGE,
  playLists,
  pod,
  replicaSet,
  running,
  wanted,
} from "./build.ts";

interface Row {
  readonly trap: string;
  readonly state: () => Promise<LiveState>;
  /** Commit that is applied. */
  readonly observed: string | undefined;
  readonly sync: LiveState["sync"]["state"];
  readonly health: LiveState["health"]["state"];
  readonly suspects?: number;
}

const starting = deployment({ status: { ...healthyStatus(), availableReplicas: 0, readyReplicas: 0 } });
const source = flux.gitRepository(flux.NEW);
const unasked = flux.kustomization({
  spec: { wait: false },
  status: { conditions: [flux.ready("True", "ReconciliationSucceeded")] },
});
const { NEW, OLD } = configSync;
const otherBranch = { repo: "https://github.com/acme/env-prod", branch: "feature/login", dir: "clusters/prod" };
const handEdit = { manager: "kubectl-edit", operation: "Update", fieldsV1: { "f:spec": { "f:paused": {} } } };

async function readNamespace(objects: Parameters<typeof playLists>[0]): Promise<LiveState> {
  const [state] = await readNamespaceStates([wanted("shop")], { lists: playLists(objects), now: NOW });
  return knownValue(state);
}

const ROWS: readonly Row[] = [
  {
    trap: "Config Sync says `Sync Completed` while nothing has started",
    state: () =>
      configSync.readOne([
        configSync.rootSync(),
        configSync.resourceGroup([
          configSync.entry("Deployment", "web", { status: "InProgress", reconcile: "Pending" }),
        ]),
        starting,
      ]),
    observed: NEW,
    sync: "synced",
    health: "progressing",
  },
  {
    trap: "Flux is ready right after it has applied, when nobody told it to look at health",
    state: () => flux.readOne([unasked, source, starting]),
    observed: flux.NEW,
    sync: "synced",
    health: "progressing",
  },
  {
    trap: "Flux calls the old revision applied after a failed health check, and the new objects are in the cluster",
    state: () => flux.readOne([flux.unhealthyKustomization(), source, failedDeployment()]),
    observed: flux.NEW,
    sync: "synced",
    health: "degraded",
  },
  {
    trap: "Flux is still healthy from the last revision while it applies the next",
    state: () =>
      flux.readOne([
        flux.kustomization({
          status: {
            lastAppliedRevision: `main@sha1:${flux.OLD}`,
            conditions: [flux.ready("Unknown", "Progressing"), condition("Healthy", "True")],
            history: [flux.run(flux.OLD)],
          },
        }),
        source,
        ...running(),
      ]),
    observed: undefined,
    sync: "progressing",
    health: "progressing",
  },
  {
    trap: "Config Sync's `sync.commit` is what it tries, also when that fails",
    state: () =>
      configSync.readOne([
        configSync.rootSync({
          status: {
            lastSyncedCommit: OLD,
            sync: configSync.block(NEW, configSync.failing("2009", "KNV2009: failed to apply")),
          },
        }),
        configSync.resourceGroup(),
        ...running(),
      ]),
    observed: undefined,
    sync: "failed",
    health: "healthy",
  },
  {
    trap: "Config Sync takes a change back before anybody sees it, and no status tells",
    state: () => configSync.readOne([configSync.rootSync(), configSync.resourceGroup(), ...running()]),
    observed: NEW,
    sync: "synced",
    health: "healthy",
    suspects: 0,
  },
  {
    trap: "a field that Git does not declare is invisible to the reconciler",
    state: () =>
      configSync.readOne([
        configSync.rootSync(),
        configSync.resourceGroup(),
        ...running({ managedFields: [handEdit], spec: { paused: false } }),
      ]),
    observed: NEW,
    sync: "synced",
    health: "healthy",
    suspects: 1,
  },
  {
    trap: "Config Sync refuses an emptied source under the words `Sync Completed`",
    state: () =>
      configSync.readOne([
        configSync.rootSync({
          status: {
            lastSyncedCommit: OLD,
            sync: configSync.block(NEW, configSync.failing("2006", "KNV2006: would delete all")),
          },
        }),
        configSync.resourceGroup(),
        ...running(),
      ]),
    observed: undefined,
    sync: "failed",
    health: "healthy",
  },
  {
    trap: "a switch of branch still shows the old one, green",
    state: () =>
      configSync.readOne([
        configSync.rootSync({ spec: { git: otherBranch }, conditions: [configSync.DOWN] }),
        configSync.resourceGroup(),
        ...running(),
      ]),
    observed: undefined,
    sync: "progressing",
    health: "progressing",
  },
  {
    trap: "the manager says that the reconciler cannot be built, the reconciler says `Sync Completed`",
    state: () =>
      configSync.readOne([
        configSync.rootSync({ conditions: [condition("Stalled", "True"), configSync.syncing("False", NEW)] }),
        configSync.resourceGroup(),
        ...running(),
      ]),
    observed: undefined,
    sync: "failed",
    health: "healthy",
  },
  {
    trap: "a Job that runs is current to kstatus",
    state: () =>
      readNamespace([
        make("batch/v1", "Job", {
          spec: deployment().spec as never,
          status: { active: 1, startTime: "2026-06-01T11:00:00Z" },
        }),
      ]),
    observed: undefined,
    sync: "unknown",
    health: "progressing",
  },
  {
    trap: "a rollout that fails has ready pods: the old ones",
    state: () => {
      const workload = failedDeployment();
      const [before, after] = [replicaSet(workload, { revision: 1, image: OLD_IMAGE }), replicaSet(workload)];
      return readNamespace([workload, before, after, pod(before, { image: OLD_IMAGE })]);
    },
    observed: undefined,
    sync: "unknown",
    health: "degraded",
  },
];

describe("traps", () => {
  for (const row of ROWS) {
    test(row.trap, async () => {
      const state = await row.state();
      assert.deepEqual(
        { observed: state.observed?.[0]?.id, sync: state.sync.state, health: state.health.state },
        { observed: row.observed, sync: row.sync, health: row.health },
      );
      if (row.suspects !== undefined) assert.equal(state.suspects.length, row.suspects);
    });
  }

  test("an index and a platform's manifest have different digests: both are passed on as they are, with what the template asks", async () => {
    const workload = deployment();
    const set = replicaSet(workload);
    const state = await readNamespace([workload, set, pod(set, { imageID: `ghcr.io/acme/web@${digest("9")}` })]);
    const [container] = state.containers;
    assert.match(container?.image ?? "", new RegExp(digest("2")));
    assert.equal(container?.pods[0]?.digest, digest("9"));
  });
});
