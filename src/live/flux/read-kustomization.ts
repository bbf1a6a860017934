// The live state of a Kustomization, put together from its status, its source and the workloads that it applied.

import type { Blocked, LastResult, LiveState } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { findForeignSuspects } from "../kubernetes/find-foreign-fields.ts";
import { joinHealth, type ReconcilerWord } from "../kubernetes/join-health.ts";
import { type AppliedWorkloads, judgeInventory } from "../kubernetes/judge-inventory.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { type Condition, conditionOf } from "../kubernetes/read-conditions.ts";
import { isTrueAt, listAt } from "../kubernetes/read-fields.ts";
import { referenceOf } from "../kubernetes/reference-of.ts";
import type { WantedTarget } from "../live.ts";
import { type FluxSource, findSource } from "./find-source.ts";
import { readFreshness } from "./flux-freshness.ts";
import { newestOutcomeSince } from "./flux-history.ts";
import { findApplied, isRemote } from "./flux-inventory.ts";
import { describeRevision } from "./flux-revision.ts";
import { judgeKustomization, type KustomizationFacts } from "./judge-kustomization.ts";
import { readHealing, whySuspended } from "./read-healing.ts";

export interface FluxReading {
  readonly object: KubernetesObject;
  readonly wanted: WantedTarget;
  readonly listed: Listed;
  readonly now: number;
}

export function readKustomization(reading: FluxReading): LiveState {
  const { object, listed, now } = reading;
  const source = findSource(object, listed);
  const facts = judgeKustomization(object, source);
  const applied = judgeInventory({ ...reading, entries: findApplied(object, listed) });
  const appliedSince = newestOutcomeSince(facts.history);
  const suspended = whySuspended(object, source);
  const blocked = findKustomizationBlocked(facts, { applied, source });
  const attempted = describeRevision(facts.attempted, { source, origin: originOf(facts.attempted, { facts, source }) });
  const observed = describeRevision(facts.observed?.revision, { source, origin: facts.observed?.origin });
  const lastResult = readLastResult(facts);
  return {
    reconciler: "flux-kustomization",
    object: referenceOf(object),
    ...(source.desired && { desired: source.desired }),
    ...(attempted && { attempted }),
    ...(observed && { observed }),
    sync: facts.sync,
    health: joinHealth({
      word: wordOf(object, { facts, since: appliedSince }),
      workloads: facts.sync.state === "progressing" && !facts.observed ? inProgress(applied) : applied.summary?.health,
      appliedSince,
      nothing: isRemote(object)
        ? "it applies to another cluster, and makes no health check itself (`spec.wait`)"
        : "it applies no workload that can be looked at, and makes no health check itself (`spec.wait`)",
    }),
    ...(suspended !== undefined && { suspended }),
    freshness: readFreshness(object, { now, lastRun: lastRunOf(facts) }),
    ...(lastResult && { lastResult }),
    ...(blocked && { blocked }),
    resources: applied.summary?.resources ?? [],
    suspects: findForeignSuspects(applied.objects, ["kustomize-controller"]),
    prunable: [],
    containers: applied.summary?.containers ?? [],
    healing: readHealing(object, applied.objects),
  };
}

/** Workloads that are still as before are no news about what is being applied. */
function inProgress({ summary }: AppliedWorkloads): LiveState["health"] | undefined {
  if (summary === undefined || summary.health.state !== "healthy") return summary?.health;
  return { state: "progressing", basis: "kstatus" };
}

/** Its word counts for what is applied now; before that the condition is still the one of the last revision. */
function wordOf(
  object: KubernetesObject,
  { facts, since }: { readonly facts: KustomizationFacts; readonly since: number | undefined },
): ReconcilerWord | undefined {
  if (!isTrueAt(object, "spec.wait") && listAt(object, "spec.healthChecks").length === 0) return undefined;
  if (facts.outcome === undefined) return facts.sync.state === "progressing" ? { state: "progressing" } : undefined;
  const healthy = conditionOf(object, "Healthy");
  if (facts.outcome === "unhealthy") {
    return { state: "degraded", since, message: healthy?.message ?? facts.ready?.message };
  }
  // Unknown while the same is checked again; the history still has the last answer.
  if (healthy?.status === "False") return { state: "degraded", message: healthy.message };
  return healthy === undefined ? undefined : { state: "healthy", since };
}

function originOf(
  revision: string | undefined,
  { facts, source }: { readonly facts: KustomizationFacts; readonly source: FluxSource },
): string | undefined {
  const run = facts.history.find((entry) => entry.revision === revision);
  return run?.originRevision ?? (source.revision === revision ? source.origin : undefined);
}

function lastRunOf({ history, ready }: KustomizationFacts): number | undefined {
  const times = [history[0]?.last, ready?.since].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

export function readLastResult({
  ready,
  history,
}: {
  readonly ready: Condition | undefined;
  readonly history?: KustomizationFacts["history"];
}): LastResult | undefined {
  if (ready === undefined) return undefined;
  const phase = ({ True: "succeeded", False: "failed", Unknown: "running" } as const)[ready.status];
  const at = phase === "running" ? undefined : (history?.[0]?.last ?? ready.since);
  return {
    phase,
    ...(phase === "running" && ready.since !== undefined && { startedAt: ready.since }),
    ...(at !== undefined && { at }),
    ...(ready.message !== undefined && { message: ready.message }),
    by: "automated",
  };
}

function findKustomizationBlocked(
  { ready, stalled, outcome }: KustomizationFacts,
  { applied, source }: { readonly applied: AppliedWorkloads; readonly source: FluxSource },
): Blocked | undefined {
  const ofWorkload = applied.summary?.blocked;
  // A failed health check says that something is not ready; the workload says why.
  if (outcome === "unhealthy" && ofWorkload !== undefined) return ofWorkload;
  if (stalled?.status === "True") return blockedBy(stalled, false);
  if (ready?.status === "False" && ready.reason !== "HealthCheckCanceled") return blockedBy(ready, true);
  return source.blocked ?? ofWorkload;
}

export function blockedBy({ reason, type, message }: Condition, retrying: boolean): Blocked {
  return { code: reason || type, message: message ?? "no reason is given", retrying };
}
