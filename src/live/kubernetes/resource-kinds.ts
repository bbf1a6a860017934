// The kinds of objects that live states are read from, with the names under which a server lists them.

import { groupOf } from "../../domain/object-key.ts";
import type { ResourceKind } from "../cluster/cluster.ts";

export const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" } as const;
export const STATEFUL_SET = { apiVersion: "apps/v1", kind: "StatefulSet", plural: "statefulsets" } as const;
export const DAEMON_SET = { apiVersion: "apps/v1", kind: "DaemonSet", plural: "daemonsets" } as const;
export const REPLICA_SET = { apiVersion: "apps/v1", kind: "ReplicaSet", plural: "replicasets" } as const;
export const JOB = { apiVersion: "batch/v1", kind: "Job", plural: "jobs" } as const;
export const CRON_JOB = { apiVersion: "batch/v1", kind: "CronJob", plural: "cronjobs" } as const;
export const POD = { apiVersion: "v1", kind: "Pod", plural: "pods" } as const;
export const KUSTOMIZATION = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  plural: "kustomizations",
} as const;
export const HELM_RELEASE = {
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  plural: "helmreleases",
} as const;

/** What runs containers and is written by people; what a controller makes of it (ReplicaSets, pods) belongs to it. */
export const WORKLOADS: readonly ResourceKind[] = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET, CRON_JOB, JOB, POD];

/** Other kinds that can be looked at when somebody names them, or when a reconciler applied them. */
const OTHERS: readonly ResourceKind[] = [
  REPLICA_SET,
  HELM_RELEASE,
  KUSTOMIZATION,
  { apiVersion: "v1", kind: "Service", plural: "services" },
  { apiVersion: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress", plural: "ingresses" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets" },
];

/** Without `group` the kind alone decides; `undefined` for kinds that are not looked at. */
export function findResourceKind({
  kind,
  group,
}: {
  readonly kind: string;
  readonly group?: string | undefined;
}): ResourceKind | undefined {
  return [...WORKLOADS, ...OTHERS].find(
    (known) => known.kind === kind && (group === undefined || groupOf(known.apiVersion) === group),
  );
}

export function isWorkload(kind: ResourceKind): boolean {
  return WORKLOADS.includes(kind);
}

/** What has to be listed besides to say which pods run for objects of a kind. */
export function kindsBelow(kind: ResourceKind): readonly ResourceKind[] {
  switch (kind.kind) {
    case "Deployment":
      return [REPLICA_SET, POD];
    case "CronJob":
      return [JOB, POD];
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
      return [POD];
    default:
      return [];
  }
}

/** A DNS label, as namespaces are named. */
export function isNamespaceName(text: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text);
}
