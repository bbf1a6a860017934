// Since when a workload has been as it is without a break, with what is applied to it now. Absent where its status does not
// tell: then whoever looks regularly has to remember when it saw it first.

import type { KubernetesObject } from "../cluster/cluster.ts";
import { findNewestReplicaSet, type OwnedPod } from "./find-pods.ts";
import { conditionOf } from "./read-conditions.ts";
import { timeAt } from "./read-fields.ts";

export interface SinceRequest {
  readonly workload: KubernetesObject;
  /** Absent where they could not be read. */
  readonly replicaSets?: readonly KubernetesObject[] | undefined;
  readonly pods?: readonly OwnedPod[] | undefined;
}

export function findHealthySince(request: SinceRequest): number | undefined {
  const { workload } = request;
  switch (workload.kind) {
    case "Deployment":
      return deploymentSince(request);
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
      return podsSince(request);
    case "Pod":
      return conditionOf(workload, "Ready")?.since;
    case "Job":
      return conditionOf(workload, "Complete")?.since ?? timeAt(workload, "status.completionTime");
    case "CronJob":
      // It is current whatever happens to it, and nothing says when it was changed.
      return undefined;
    default:
      return conditionOf(workload, "Ready")?.since;
  }
}

/**
 * Enough pods are there since `Available` turned true; the newest template is fully out since the deployment's controller
 * said so (it repeats the word without touching the time). A pod that is replaced under way is no break as long as enough
 * others are there, and neither is one more that is added: pods' own times would end every soak of what scales by itself.
 */
function deploymentSince({ workload, replicaSets }: SinceRequest): number | undefined {
  const newest = replicaSets && findNewestReplicaSet(workload, replicaSets);
  const available = conditionOf(workload, "Available");
  const progressing = conditionOf(workload, "Progressing");
  // Without a progress deadline there is no such condition, and the newest set's creation has to do.
  const rolledOut = progressing === undefined || progressing.reason === "NewReplicaSetAvailable";
  if (newest === undefined || available?.status !== "True" || !rolledOut) return undefined;
  return latest([
    available.since,
    timeAt(newest, "metadata.creationTimestamp"),
    ...(progressing === undefined ? [] : [progressing.updated ?? progressing.since]),
  ]);
}

/** Their status has no times; the pods' conditions do. */
function podsSince({ pods }: SinceRequest): number | undefined {
  if (pods === undefined || pods.length === 0 || pods.some(({ newest }) => !newest)) return undefined;
  return latest(pods.map(({ pod }) => conditionOf(pod, "Ready")?.since));
}

export function findDegradedSince({ workload }: SinceRequest): number | undefined {
  const stalled = conditionOf(workload, "Stalled");
  if (stalled?.status === "True") return stalled.since;
  switch (workload.kind) {
    case "Deployment":
      return conditionOf(workload, "Progressing")?.since;
    case "Job":
      return conditionOf(workload, "Failed")?.since;
    case "Pod":
      return conditionOf(workload, "Ready")?.since;
    default:
      return undefined;
  }
}

/** `undefined` as soon as one of them is not known. */
export function latest(times: readonly (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined);
  return given.length === 0 || given.length < times.length ? undefined : Math.max(...given);
}

/** Of those that are known. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}
