// Objects of Config Sync with the status that its two programs write: reconciler-manager and the reconciler.

import type { LiveState } from "../../../src/domain/live-state.ts";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { readConfigSyncStates } from "../../../src/live/config-sync/read-config-sync-states.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import { at, type Changes, condition, knownValue, make, NOW, playLists, wanted } from "../kubernetes/build.ts";

export const OLD = "4f81dc9721af174717c571728d43dd1fce01758f";
export const NEW = "682d33cce41e62271569204f77e4bd2e767ad868";
export const HOME = "config-management-system";

export interface SyncGiven {
  readonly kind?: "RootSync" | "RepoSync";
  readonly name?: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly spec?: Changes;
  readonly status?: Changes;
  readonly conditions?: readonly Changes[];
}

export const UP = [condition("Reconciling", "False"), condition("Stalled", "False")];
export const DOWN = condition("Reconciling", "True", {
  reason: "Deployment",
  message: "Deployment (config-management-system/root-reconciler) InProgress: Available: 0/1",
});

export function syncing(status: string, commit: string, more: Changes = {}): Changes {
  const message = status === "True" ? "Syncing" : "Sync Completed";
  return condition("Syncing", status, {
    reason: "Sync",
    message,
    commit,
    lastUpdateTime: at("10:02"),
    errorSummary: {},
    ...more,
  });
}

export function block(commit: string, more: Changes = {}): Changes {
  return {
    commit,
    errorSummary: {},
    gitStatus: { repo: "https://github.com/acme/env-prod", branch: "main", dir: "clusters/prod", revision: "" },
    lastUpdate: at("10:02"),
    ...more,
  };
}

export function failing(code: string, errorMessage: string): Changes {
  return { errorSummary: { totalCount: 1, errorCountAfterTruncation: 1 }, errors: [{ code, errorMessage }] };
}

/** It has synced `NEW` and its reconciler is up. */
export function rootSync(given: SyncGiven = {}): KubernetesObject {
  const { conditions = [...UP, syncing("False", NEW)] } = given;
  return make("configsync.gke.io/v1beta1", given.kind ?? "RootSync", {
    name: "root-sync",
    namespace: HOME,
    ...given,
    spec: {
      sourceFormat: "unstructured",
      sourceType: "git",
      git: {
        repo: "https://github.com/acme/env-prod",
        branch: "main",
        dir: "clusters/prod",
        period: "15s",
        auth: "token",
      },
      override: { statusMode: "enabled", reconcileTimeout: "5m" },
      ...given.spec,
    },
    status: {
      observedGeneration: 2,
      reconciler: "root-reconciler",
      conditions,
      lastSyncedCommit: NEW,
      source: block(NEW),
      rendering: block(NEW, { message: "Rendering skipped" }),
      sync: block(NEW),
      ...given.status,
    },
  });
}

export function entry(kind: string, name: string, given: Changes = {}): Changes {
  return {
    group: kind === "Deployment" ? "apps" : "",
    kind,
    name,
    namespace: kind === "Namespace" ? "" : "shop",
    actuation: "Succeeded",
    reconcile: "Succeeded",
    status: "Current",
    strategy: "Apply",
    sourceHash: NEW.slice(0, 7),
    ...given,
  };
}

export function resourceGroup(
  entries: readonly Changes[] = [entry("Namespace", "shop"), entry("Deployment", "web")],
  given: SyncGiven = {},
): KubernetesObject {
  return make("kpt.dev/v1alpha1", "ResourceGroup", {
    name: "root-sync",
    namespace: HOME,
    ...given,
    spec: { resources: entries.map(({ group, kind, namespace, name }) => ({ group, kind, namespace, name })) },
    status: { observedGeneration: 2, resourceStatuses: entries, ...given.status },
  });
}

export async function readOne(
  objects: readonly unknown[],
  { name = "root-sync", ...more }: Partial<WantedTarget> & { readonly name?: string } = {},
): Promise<LiveState> {
  const target = wanted(name, { target: { source: "prod", kind: "config-sync", name }, ...more });
  const [state] = await readConfigSyncStates([target], { lists: playLists(objects), now: NOW });
  return knownValue(state);
}
