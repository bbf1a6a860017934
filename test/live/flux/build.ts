// Objects of Flux with the status that its controllers write.

import type { LiveState } from "../../../src/domain/live-state.ts";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { readFluxStates } from "../../../src/live/flux/read-flux-states.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import { at, type Changes, condition, knownValue, make, NOW, playLists, wanted } from "../kubernetes/build.ts";

export const OLD = "132f4e719209eb10b9485302f8593fc0e680f4fc";
export const NEW = "363a6a8fe6a7f13e05d34c163b0ef02a777da20a";

export interface FluxGiven {
  readonly name?: string;
  readonly namespace?: string;
  readonly spec?: Changes;
  readonly status?: Changes;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function gitRepository(commit: string, given: FluxGiven = {}): KubernetesObject {
  return make("source.toolkit.fluxcd.io/v1", "GitRepository", {
    name: "shop-env",
    namespace: "flux-system",
    generation: 1,
    ...given,
    spec: { interval: "1m", url: "https://github.com/Acme/shop-env.git", ref: { branch: "main" }, ...given.spec },
    status: {
      observedGeneration: 1,
      artifact: { revision: `main@sha1:${commit}`, lastUpdateTime: at("10:00") },
      conditions: [condition("Ready", "True", { reason: "Succeeded" })],
      ...given.status,
    },
  });
}

export function ready(status: string, reason: string, more: Changes = {}): Changes {
  return condition("Ready", status, { reason, observedGeneration: 2, lastTransitionTime: at("11:55"), ...more });
}

export function run(commit: string, given: Changes = {}): Changes {
  return {
    digest: `sha256:${commit.padEnd(64, "0")}`,
    firstReconciled: at("10:05"),
    lastReconciled: at("11:55"),
    lastReconciledDuration: "2.8s",
    lastReconciledStatus: "ReconciliationSucceeded",
    totalReconciliations: 12,
    metadata: { revision: `main@sha1:${commit}` },
    ...given,
  };
}

/** It has applied `NEW` and looks at the health of it. */
export function kustomization(given: FluxGiven = {}): KubernetesObject {
  return make("kustomize.toolkit.fluxcd.io/v1", "Kustomization", {
    name: "shop",
    namespace: "flux-system",
    generation: 2,
    ...given,
    spec: {
      interval: "10m",
      timeout: "2m",
      path: "./clusters/prod",
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name: "shop-env" },
      ...given.spec,
    },
    status: {
      observedGeneration: 2,
      lastAppliedRevision: `main@sha1:${NEW}`,
      lastAttemptedRevision: `main@sha1:${NEW}`,
      conditions: [
        ready("True", "ReconciliationSucceeded", { message: `Applied revision: main@sha1:${NEW}` }),
        condition("Healthy", "True", { reason: "Succeeded" }),
      ],
      inventory: {
        entries: [
          { id: "_shop__Namespace", v: "v1" },
          { id: "shop_web_apps_Deployment", v: "v1" },
        ],
      },
      history: [run(NEW)],
      ...given.status,
    },
  });
}

/** The new objects are in the cluster and do not become healthy. */
export function unhealthyKustomization(given: FluxGiven = {}): KubernetesObject {
  const message = "timeout waiting for: [Deployment/shop/web status: 'InProgress']";
  return kustomization({
    ...given,
    status: {
      lastAppliedRevision: `main@sha1:${OLD}`,
      conditions: [
        condition("Reconciling", "True", { reason: "ProgressingWithRetry" }),
        ready("False", "HealthCheckFailed", { message }),
        condition("Healthy", "False", { reason: "HealthCheckFailed", message }),
      ],
      history: [
        run(NEW, { lastReconciledStatus: "HealthCheckFailed", firstReconciled: at("11:30") }),
        run(OLD, { firstReconciled: at("07:00"), lastReconciled: at("11:20") }),
      ],
      ...given.status,
    },
  });
}

export function helmRelease(given: FluxGiven = {}): KubernetesObject {
  return make("helm.toolkit.fluxcd.io/v2", "HelmRelease", {
    name: "web",
    namespace: "shop",
    ...given,
    spec: {
      interval: "30m",
      chartRef: { kind: "OCIRepository", name: "web" },
      ...given.spec,
    },
    status: {
      observedGeneration: 2,
      lastAttemptedGeneration: 2,
      lastAttemptedRevision: "6.6.1+0cc9a8446c95",
      lastAttemptedRevisionDigest: CHART_DIGEST,
      lastAttemptedConfigDigest: `sha256:${"e".repeat(64)}`,
      conditions: [
        ready("True", "UpgradeSucceeded", { message: "Helm upgrade succeeded" }),
        condition("Released", "True"),
      ],
      history: [
        {
          chartName: "web",
          chartVersion: "6.6.1+0cc9a8446c95",
          ociDigest: CHART_DIGEST,
          configDigest: `sha256:${"e".repeat(64)}`,
          status: "deployed",
          action: "upgrade",
          version: 2,
          firstDeployed: at("09:00"),
          lastDeployed: at("10:10"),
        },
      ],
      inventory: {
        entries: [
          { id: "shop_web_apps_Deployment", v: "v1" },
          { id: "shop_web__Service", v: "v1" },
        ],
      },
      ...given.status,
    },
  });
}

export const CHART_DIGEST = `sha256:0cc9a8446c95${"0".repeat(52)}`;

export function ociRepository(given: FluxGiven = {}): KubernetesObject {
  return make("source.toolkit.fluxcd.io/v1", "OCIRepository", {
    name: "web",
    namespace: "shop",
    generation: 1,
    ...given,
    spec: { interval: "10m", url: "oci://ghcr.io/acme/charts/web", ref: { tag: "6.6.1" }, ...given.spec },
    status: {
      observedGeneration: 1,
      artifact: { revision: `6.6.1@${CHART_DIGEST}`, lastUpdateTime: at("10:00") },
      conditions: [condition("Ready", "True", { reason: "Succeeded" })],
      ...given.status,
    },
  });
}

export function fluxTarget(name: string, more: Partial<WantedTarget> = {}): WantedTarget {
  return wanted(name, { target: { source: "dev", kind: "flux", name }, ...more });
}

export async function readOne(
  objects: readonly unknown[],
  {
    name = "flux-system/shop",
    now = NOW,
    ...more
  }: Partial<WantedTarget> & { readonly name?: string; readonly now?: number } = {},
): Promise<LiveState> {
  const [state] = await readFluxStates([fluxTarget(name, more)], { lists: playLists(objects), now });
  return knownValue(state);
}
