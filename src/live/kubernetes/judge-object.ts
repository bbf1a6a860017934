// What one object of a cluster says about health: how it is, since when, why it does not come up, and what its pods run.
// Rests on kstatus; adds that a workload whose newest pods cannot start is degraded once its deadline has passed.

import type { Blocked, HealthState, RunningContainer } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { computeStatus } from "./compute-status.ts";
import { findBlocked, findStuckContainer } from "./find-blocked.ts";
import { findNewestReplicaSet, findPods, type OwnedPod } from "./find-pods.ts";
import { findRunningContainers } from "./find-running-containers.ts";
import { earliest, findDegradedSince, findHealthySince } from "./find-since.ts";
import type { Listed } from "./list-needed.ts";
import { conditionOf } from "./read-conditions.ts";
import { isTrueAt, numberAt } from "./read-fields.ts";
import { REPLICA_SET } from "./resource-kinds.ts";
import type { ObjectStatus, StatusResult } from "./status-rule.ts";

export interface JudgedObject {
  readonly object: KubernetesObject;
  readonly health: HealthState;
  readonly message: string;
  /** Of healthy and degraded objects, where it is known. */
  readonly since?: number | undefined;
  readonly blocked?: Blocked | undefined;
  readonly containers: readonly RunningContainer[];
  /** Why nothing is known of its pods. */
  readonly podsUnknown?: string | undefined;
}

const HEALTH: Readonly<Record<ObjectStatus, HealthState>> = {
  Current: "healthy",
  InProgress: "progressing",
  Failed: "degraded",
  Terminating: "missing",
  NotFound: "missing",
  Unknown: "unknown",
};

export function judgeObject(object: KubernetesObject, { listed, now }: { listed: Listed; now: number }): JudgedObject {
  const status = computeStatus(object, now);
  const pods = findPods(object, listed);
  const knownPods = pods.kind === "known" ? pods.value : undefined;
  const sets = object.kind === "Deployment" ? listed.ownedBy(object, REPLICA_SET) : undefined;
  const replicaSets = sets?.kind === "known" ? sets.value : undefined;
  const request = { workload: object, pods: knownPods, replicaSets };
  const newest = replicaSets && findNewestReplicaSet(object, replicaSets);
  const stuckSince =
    status.status === "InProgress" ? findStuckSince(object, { pods: knownPods ?? [], now }) : undefined;
  const health = stuckSince === undefined ? healthOf(object, status) : "degraded";
  return {
    object,
    health,
    message: status.message,
    since: sinceOf(health, { stuckSince, request }),
    blocked: health === "healthy" ? undefined : findBlocked({ ...request, replicaSets: newest && [newest] }),
    containers: findRunningContainers(object, knownPods ?? []).filter(() => knownPods !== undefined),
    podsUnknown: pods.kind === "unknown" ? pods.why : undefined,
  };
}

function healthOf(object: KubernetesObject, { status }: StatusResult): HealthState {
  const isPaused = isTrueAt(object, object.kind === "Job" ? "spec.suspend" : "spec.paused");
  return isPaused && status === "InProgress" ? "suspended" : HEALTH[status];
}

function sinceOf(
  health: HealthState,
  {
    stuckSince,
    request,
  }: { readonly stuckSince: number | undefined; readonly request: Parameters<typeof findHealthySince>[0] },
): number | undefined {
  if (stuckSince !== undefined) return stuckSince;
  if (health === "healthy") return findHealthySince(request);
  return health === "degraded" ? findDegradedSince(request) : undefined;
}

/** What Deployments have where nothing else is written. */
const USUAL_DEADLINE = 600;

/**
 * Only a Deployment tells by itself that a rollout has failed, and only while it rolls out. A pod of the newest revision that
 * could not be started for as long as a rollout may take is taken for the same, whatever made it and whenever it came.
 */
function findStuckSince(
  workload: KubernetesObject,
  { pods, now }: { readonly pods: readonly OwnedPod[]; readonly now: number },
): number | undefined {
  const deadline = (numberAt(workload, "spec.progressDeadlineSeconds") ?? USUAL_DEADLINE) * 1_000;
  const stuck = pods.flatMap(({ pod, newest }) => {
    const ready = conditionOf(pod, "Ready");
    if (!newest || ready?.status !== "False" || findStuckContainer(pod) === undefined) return [];
    return ready.since === undefined ? [] : [ready.since + deadline];
  });
  const since = earliest(stuck);
  return since !== undefined && since <= now ? since : undefined;
}
