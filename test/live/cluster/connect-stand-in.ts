// A connection to the stand-in with limits short enough for a test.

// Loaded here, so that no short limit of a test pays for it.
import "@kubernetes/client-node";
import { CLUSTER_LIMITS, type ClusterLimits } from "../../../src/live/cluster/cluster-limits.ts";
import { connectCluster } from "../../../src/live/cluster/connect-cluster.ts";
import type { RunningCluster, UserName } from "../../cluster/start-cluster.ts";

export const QUICK: ClusterLimits = {
  ...CLUSTER_LIMITS,
  request: 400,
  watch: { ...CLUSTER_LIMITS.watch, shortestPause: 5, longestPause: 40, refusedPause: 40 },
};

export const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps" } as const;
export const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" } as const;

export interface Connecting {
  readonly user?: UserName;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly limits?: ClusterLimits;
}

export function connectTo(
  cluster: RunningCluster,
  { user = "admin", kubeconfig, context, limits = QUICK }: Connecting = {},
) {
  const text = kubeconfig ?? cluster.kubeconfigOf(user);
  return connectCluster({
    name: "the cluster prod-eu",
    access: { kind: "kubeconfig", text, ...(context !== undefined && { context }) },
    limits,
  });
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" }, data };
}

export function deployment(name: string, image = "ghcr.io/acme/web:1") {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
}
