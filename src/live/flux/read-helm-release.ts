// The live state of a HelmRelease, put together from its status, its chart's source, the Kustomization that applied it and
// the workloads of the release.

import type { DriftSuspect } from "../../domain/drift.ts";
import type { Blocked, LiveState } from "../../domain/live-state.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { findForeignSuspects } from "../kubernetes/find-foreign-fields.ts";
import { joinHealth, type ReconcilerWord } from "../kubernetes/join-health.ts";
import { type AppliedWorkloads, judgeInventory } from "../kubernetes/judge-inventory.ts";
import { conditionOf } from "../kubernetes/read-conditions.ts";
import { isTrueAt, valueAt } from "../kubernetes/read-fields.ts";
import { referenceOf } from "../kubernetes/reference-of.ts";
import { findResourceKind } from "../kubernetes/resource-kinds.ts";
import { type FluxSource, findSource } from "./find-source.ts";
import { readFreshness } from "./flux-freshness.ts";
import { findApplied, isRemote, readInventory } from "./flux-inventory.ts";
import { judgeHelmRelease, type ReleaseFacts } from "./judge-helm-release.ts";
import { readHealing, whySuspended } from "./read-healing.ts";
import { blockedBy, type FluxReading, readLastResult } from "./read-kustomization.ts";

export function readHelmRelease(reading: FluxReading): LiveState {
  const { object, listed, now } = reading;
  const source = findSource(object, listed);
  const facts = judgeHelmRelease(object, { source, listed });
  const applied = judgeInventory({ ...reading, entries: findApplied(object, listed) });
  // The commit that a chart was built from is one of the chart's own repository, and says nothing here.
  const desired = source.desired?.filter(({ kind }) => kind !== "git");
  const suspended = whySuspended(object, source);
  const blocked = findReleaseBlocked(facts, { applied, source });
  const lastResult = readLastResult(facts);
  return {
    reconciler: "flux-helmrelease",
    object: referenceOf(object),
    ...(desired && { desired }),
    ...(facts.attempted && { attempted: facts.attempted }),
    ...(facts.observed && { observed: facts.observed }),
    sync: facts.sync,
    health: joinHealth({
      word: wordOf(object, facts),
      workloads: applied.summary?.health,
      appliedSince: facts.deployedAt,
      nothing: isRemote(object)
        ? "it releases to another cluster, and the last release is not done"
        : "none of its workloads was found, and the last release is not done",
    }),
    ...(suspended !== undefined && { suspended }),
    // A release that needs nothing leaves no time behind when it is looked at, so only a handshake proves anything.
    freshness: readFreshness(object, { now, lastRun: undefined }),
    ...(lastResult && { lastResult }),
    ...(blocked && { blocked }),
    resources: applied.summary?.resources ?? [],
    suspects: [...readDrifted(object), ...findForeignSuspects(applied.objects, ["helm-controller"])],
    prunable: [],
    containers: applied.summary?.containers ?? [],
    healing: readHealing(object, applied.objects),
  };
}

/** Helm waits for what it releases, unless told not to; after that nobody looks again, and the workloads have the word. */
function wordOf(object: KubernetesObject, facts: ReleaseFacts): ReconcilerWord | undefined {
  const failed = [conditionOf(object, "TestSuccess"), conditionOf(object, "Released"), facts.ready].find(
    (condition) => condition?.status === "False",
  );
  const remediated = conditionOf(object, "Remediated");
  const decisive = failed ?? (remediated?.status === "True" ? remediated : undefined);
  const isWaiting = facts.sync.state === "out-of-sync" && facts.sync.cause === "new-revision";
  if (decisive !== undefined && !isWaiting) {
    return { state: "degraded", since: decisive.since, message: decisive.message };
  }
  if (facts.sync.state === "progressing") return { state: "progressing" };
  const isAwaited = !["install", "upgrade"].some((action) => isTrueAt(object, `spec.${action}.disableWait`));
  return facts.observed && isAwaited ? { state: "healthy", since: facts.deployedAt } : undefined;
}

function findReleaseBlocked(
  { ready, stalled, sync }: ReleaseFacts,
  { applied, source }: { readonly applied: AppliedWorkloads; readonly source: FluxSource },
): Blocked | undefined {
  const ofWorkload = applied.summary?.blocked;
  if (stalled?.status === "True") return blockedBy(stalled, false);
  // Helm only says that it has waited too long; the workload says for what.
  if (ready?.status === "False" && sync.state === "failed" && ofWorkload) return ofWorkload;
  if (ready?.status === "False") return blockedBy(ready, true);
  return source.blocked ?? ofWorkload;
}

const DRIFT_LINE = /^([A-Za-z][A-Za-z0-9]*)\/(?:([a-z0-9.-]+)\/)?([A-Za-z0-9.:_-]+) (changed|removed)\b/;
const MOST_SUSPECTS = 200;
const LONGEST_DRIFT = 30_000;

/**
 * `Deployment/shop/web changed (1 additions, 3 changes, 2 removals)`, a line each: kinds and counts, no fields. Without the
 * condition nobody looked (`driftDetection.mode: disabled`), which is not the same as no drift.
 */
function readDrifted(object: KubernetesObject): readonly DriftSuspect[] {
  if (conditionOf(object, "Drifted")?.status !== "True") return [];
  return longMessage(object)
    .split("\n")
    .slice(0, MOST_SUSPECTS)
    .flatMap((line) => {
      const [, kind, namespace, name, change] = DRIFT_LINE.exec(line.slice(0, 1_024)) ?? [];
      if (kind === undefined || name === undefined) return [];
      const reference = findReference(object, { kind, ...(namespace !== undefined && { namespace }), name });
      return [
        {
          object: reference,
          change: change === "removed" ? ("missing" as const) : ("modified" as const),
          fields: [],
          evidence: "Flux's drift detection",
        },
      ];
    });
}

/** The condition's text as it stands, since a message that people read is cut before the list of objects ends. */
function longMessage(object: KubernetesObject): string {
  const conditions = valueAt(object, "status.conditions");
  const drifted = Array.isArray(conditions) ? conditions.find((one) => valueAt(one, "type") === "Drifted") : undefined;
  const message = valueAt(drifted, "message");
  return typeof message === "string" ? message.slice(0, LONGEST_DRIFT) : "";
}

function findReference(
  release: KubernetesObject,
  { kind, namespace, name }: Omit<ObjectReference, "apiVersion">,
): ObjectReference {
  const listed = readInventory(release).find(
    ({ object }) => object.kind === kind && object.name === name && object.namespace === namespace,
  );
  const apiVersion = findResourceKind({ kind })?.apiVersion ?? "";
  return listed?.object ?? { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}
