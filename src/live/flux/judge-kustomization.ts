// What a Kustomization has applied, and whether that is what Git has. `lastAppliedRevision` alone does not tell: it is
// written only after the health check, so after a failed one the new objects are in the cluster under the old name.

import type { LiveSync } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Condition, conditionOf } from "../kubernetes/read-conditions.ts";
import { numberAt, textAt } from "../kubernetes/read-fields.ts";
import type { FluxSource } from "./find-source.ts";
import { type FluxRun, readHistory } from "./flux-history.ts";

export interface KustomizationFacts {
  readonly ready: Condition | undefined;
  readonly stalled: Condition | undefined;
  readonly attempted: string | undefined;
  readonly history: readonly FluxRun[];
  /** What is in the cluster completely, however healthy; absent while something is being applied, or half of it was. */
  readonly observed: { readonly revision: string; readonly origin?: string | undefined } | undefined;
  /** The newest outcome is about what is observed; a run that only repeats it does not count as a new one. */
  readonly outcome: "succeeded" | "unhealthy" | undefined;
  readonly sync: LiveSync;
}

const SUCCEEDED = "ReconciliationSucceeded";
const UNHEALTHY = "HealthCheckFailed";
/** Failures before anything is applied; the cluster is as the run before left it. */
const BEFORE_APPLY: ReadonlySet<string> = new Set(["BuildFailed", "ArtifactFailed", "DependencyNotReady"]);

export function judgeKustomization(object: KubernetesObject, source: FluxSource): KustomizationFacts {
  const ready = conditionOf(object, "Ready");
  const stalled = conditionOf(object, "Stalled");
  const attempted = textAt(object, "status.lastAttemptedRevision");
  const applied = textAt(object, "status.lastAppliedRevision");
  const history = readHistory(object);
  const given = { object, ready, attempted, applied, newest: history[0] };
  const outcome = findOutcome(given);
  const observed =
    outcome === "succeeded" && applied !== undefined
      ? { revision: applied, origin: textAt(object, "status.lastAppliedOriginRevision") }
      : outcome === "unhealthy" && attempted !== undefined
        ? { revision: attempted, origin: history[0]?.originRevision }
        : undefined;
  const sync = judgeSync({ ...given, stalled, observed: observed?.revision, source });
  return { ready, stalled, attempted, history, observed, outcome, sync };
}

interface Given {
  readonly object: KubernetesObject;
  readonly ready: Condition | undefined;
  readonly attempted: string | undefined;
  readonly applied: string | undefined;
  readonly newest: FluxRun | undefined;
}

function findOutcome({ object, ready, attempted, applied, newest }: Given): KustomizationFacts["outcome"] {
  const isCurrent = isObserved(object);
  const isReconciling = conditionOf(object, "Reconciling")?.status === "True";
  if (ready?.status === "True") {
    return isCurrent && !isReconciling && applied !== undefined ? "succeeded" : undefined;
  }
  if (newest === undefined || newest.revision === undefined) return undefined;
  // Every interval the same revision is applied again; while that runs, `Ready` is unknown and nothing is any different.
  const repeats = ready?.status === "Unknown" && isCurrent && attempted === newest.revision;
  if (newest.status === SUCCEEDED && newest.revision === applied) {
    const untouched = isCurrent && ready?.status === "False" && BEFORE_APPLY.has(ready.reason);
    return repeats || untouched ? "succeeded" : undefined;
  }
  if (newest.status === UNHEALTHY && newest.revision === attempted) {
    const failed = ready?.status === "False" && ready.reason === UNHEALTHY && isAboutNow(object, ready);
    return repeats || failed ? "unhealthy" : undefined;
  }
  return undefined;
}

/** The status says so only after a success; a failure is told by its condition's own generation. */
export function isObserved(object: KubernetesObject): boolean {
  const generation = numberAt(object, "metadata.generation");
  return generation !== undefined && numberAt(object, "status.observedGeneration") === generation;
}

export function isAboutNow(object: KubernetesObject, condition: Condition): boolean {
  return condition.observedGeneration === numberAt(object, "metadata.generation");
}

interface SyncGiven extends Given {
  readonly stalled: Condition | undefined;
  readonly observed: string | undefined;
  readonly source: FluxSource;
}

function judgeSync(given: SyncGiven): LiveSync {
  const { object, ready, stalled, observed, source } = given;
  const message = ready?.message === undefined ? {} : { message: ready.message };
  if (ready === undefined) return { state: "progressing", cause: "new-revision" };
  if (!isObserved(object) && !isAboutNow(object, ready)) return { state: "progressing", cause: "spec-changed" };
  if (stalled?.status === "True") return { state: "failed", ...message };
  if (ready.status === "False" && observed === undefined) return judgeFailure(ready);
  const isPending = source.revision !== undefined && source.revision !== given.attempted;
  if (observed !== undefined && BEFORE_APPLY.has(ready.reason)) {
    const isHeldUp = isPending || given.attempted !== observed;
    return isHeldUp ? { state: "out-of-sync", cause: "new-revision", ...message } : { state: "failed", ...message };
  }
  if (isPending) return { state: "out-of-sync", cause: "new-revision" };
  if (observed !== undefined) return { state: "synced", ...message };
  const isNew = given.attempted !== given.applied;
  return { state: "progressing", ...(isNew && { cause: "new-revision" }) };
}

function judgeFailure({ reason, message }: Condition): LiveSync {
  const words = message === undefined ? {} : { message };
  // A newer revision came while the health of this one was awaited.
  if (reason === "HealthCheckCanceled") return { state: "progressing", cause: "new-revision" };
  if (reason === "DependencyNotReady") return { state: "out-of-sync", cause: "new-revision", ...words };
  return { state: "failed", cause: "apply-failed", ...words };
}
