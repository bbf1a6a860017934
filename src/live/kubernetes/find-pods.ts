// The pods that run for a workload, and which of them are of its newest revision. During a rollout that fails the ready
// pods are the old ones, so nothing may be concluded from a pod before this was asked.

import { known, type Seen } from "../../domain/seen.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import type { Listed } from "./list-needed.ts";
import { imagesOf } from "./pod-template.ts";
import { annotationOf, labelOf, numberAt, textAt, timeAt } from "./read-fields.ts";
import { JOB, POD, REPLICA_SET } from "./resource-kinds.ts";

export interface OwnedPod {
  readonly pod: KubernetesObject;
  readonly newest: boolean;
}

export function findPods(workload: KubernetesObject, listed: Listed): Seen<readonly OwnedPod[]> {
  switch (workload.kind) {
    case "Pod":
      return known([{ pod: workload, newest: true }]);
    case "Deployment":
      return findPodsBelow(workload, { listed, kind: REPLICA_SET, newest: findNewestReplicaSet });
    case "CronJob":
      return findPodsBelow(workload, { listed, kind: JOB, newest: findNewestJob });
    case "Job":
    case "ReplicaSet":
      return mapPods(listed.ownedBy(workload, POD), () => true);
    case "StatefulSet":
    case "DaemonSet": {
      const pods = listed.ownedBy(workload, POD);
      const hash = pods.kind === "known" ? newestHash(workload, pods.value) : undefined;
      return mapPods(pods, (pod) => hash !== undefined && labelOf(pod, "controller-revision-hash") === hash);
    }
    default:
      return known([]);
  }
}

/** What has ended runs nothing, and says nothing about what will. */
export function hasEnded(pod: unknown): boolean {
  const phase = textAt(pod, "status.phase");
  return phase === "Succeeded" || phase === "Failed";
}

function mapPods(
  pods: Seen<readonly KubernetesObject[]>,
  isNewest: (pod: KubernetesObject) => boolean,
): Seen<readonly OwnedPod[]> {
  if (pods.kind === "unknown") return pods;
  return known(pods.value.filter((pod) => !hasEnded(pod)).map((pod) => ({ pod, newest: isNewest(pod) })));
}

interface Below {
  readonly listed: Listed;
  readonly kind: typeof REPLICA_SET | typeof JOB;
  readonly newest: (workload: KubernetesObject, children: readonly KubernetesObject[]) => KubernetesObject | undefined;
}

function findPodsBelow(workload: KubernetesObject, { listed, kind, newest }: Below): Seen<readonly OwnedPod[]> {
  const children = listed.ownedBy(workload, kind);
  if (children.kind === "unknown") return children;
  const first = newest(workload, children.value);
  const found: OwnedPod[] = [];
  for (const child of children.value) {
    const pods = mapPods(listed.ownedBy(child, POD), () => child === first);
    if (pods.kind === "unknown") return pods;
    found.push(...pods.value);
  }
  return known(found);
}

/** None while the controller has not seen the newest template yet: the highest number is still that of the old one. */
export function findNewestReplicaSet(
  deployment: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
): KubernetesObject | undefined {
  if (!isObserved(deployment)) return undefined;
  const newest = replicaSets.reduce<KubernetesObject | undefined>(
    (best, next) => (best === undefined || revisionOf(next) > revisionOf(best) ? next : best),
    undefined,
  );
  return newest !== undefined && haveSameImages(newest, deployment) ? newest : undefined;
}

function findNewestJob(cronJob: KubernetesObject, jobs: readonly KubernetesObject[]): KubernetesObject | undefined {
  const newest = jobs.reduce<KubernetesObject | undefined>(
    (best, next) => (best === undefined || createdAt(next) > createdAt(best) ? next : best),
    undefined,
  );
  return newest !== undefined && haveSameImages(newest, cronJob) ? newest : undefined;
}

function haveSameImages(one: KubernetesObject, other: KubernetesObject): boolean {
  return JSON.stringify(imagesOf(one)) === JSON.stringify(imagesOf(other));
}

function isObserved(workload: KubernetesObject): boolean {
  const observed = numberAt(workload, "status.observedGeneration");
  return observed !== undefined && observed === numberAt(workload, "metadata.generation");
}

function revisionOf(replicaSet: KubernetesObject): number {
  const written = annotationOf(replicaSet, "deployment.kubernetes.io/revision");
  return written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : -1;
}

function createdAt(object: KubernetesObject): number {
  return timeAt(object, "metadata.creationTimestamp") ?? -1;
}

/**
 * A StatefulSet names its newest revision. A DaemonSet does not, but every pod that its controller makes is of the newest
 * one; so the pod made last has it, unless the controller says that none is up to date yet.
 */
function newestHash(workload: KubernetesObject, pods: readonly KubernetesObject[]): string | undefined {
  if (!isObserved(workload)) return undefined;
  if (workload.kind === "StatefulSet") return textAt(workload, "status.updateRevision");
  if ((numberAt(workload, "status.updatedNumberScheduled") ?? 0) === 0) return undefined;
  const last = [...pods].sort((a, b) => createdAt(b) - createdAt(a))[0];
  return last && labelOf(last, "controller-revision-hash");
}
