// What a HelmRelease has released, and whether that is what it shall. Its own revisions are versions of a chart; the commit
// is that of the Kustomization which applied the release's object, where everything else that the release takes is settled.

import type { LiveRevision, LiveSync } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { type Condition, conditionOf } from "../kubernetes/read-conditions.ts";
import { labelOf, listAt, numberAt, textAt, timeAt } from "../kubernetes/read-fields.ts";
import { KUSTOMIZATION } from "../kubernetes/resource-kinds.ts";
import { type FluxSource, findSource } from "./find-source.ts";
import { describeRevision } from "./flux-revision.ts";
import { isObserved, judgeKustomization } from "./judge-kustomization.ts";

export interface ReleaseFacts {
  readonly ready: Condition | undefined;
  readonly stalled: Condition | undefined;
  readonly attempted: readonly LiveRevision[] | undefined;
  readonly observed: readonly LiveRevision[] | undefined;
  readonly deployedAt: number | undefined;
  readonly sync: LiveSync;
}

export function judgeHelmRelease(
  object: KubernetesObject,
  { source, listed }: { readonly source: FluxSource; readonly listed: Listed },
): ReleaseFacts {
  const ready = conditionOf(object, "Ready");
  const stalled = conditionOf(object, "Stalled");
  const newest = listAt(object, "status.history")[0];
  const chart = textAt(object, "status.lastAttemptedRevision");
  const digest = textAt(object, "status.lastAttemptedRevisionDigest");
  const isReleased = ready?.status === "True" && isObserved(object) && holdsAttempt(object, newest);
  const commit = findCommit(object, listed);
  const released = describeChart(textAt(newest, "chartVersion"), textAt(newest, "ociDigest"));
  const isPending = isBehind(source, { chart, digest });
  const sync = judgeSync(object, { ready, stalled, isReleased, isPending });
  const attempted = [...(commit ?? []), ...describeChart(chart, digest)];
  // A newer chart may be fetched already, and values may come from elsewhere: then the commit proves nothing yet.
  const isSettled = source.isCurrent && !isPending && listAt(object, "spec.valuesFrom").length === 0;
  const observed = isReleased ? [...(isSettled ? (commit ?? []) : []), ...released] : [];
  return {
    ready,
    stalled,
    attempted: attempted.length === 0 ? undefined : attempted,
    observed: observed.length === 0 ? undefined : observed,
    deployedAt: timeAt(newest, "lastDeployed"),
    sync,
  };
}

/** The newest release in Helm's storage is the one that was tried last; an upgrade on its way differs. */
function holdsAttempt(object: KubernetesObject, newest: unknown): boolean {
  const pairs = [
    ["status.lastAttemptedRevision", "chartVersion"],
    ["status.lastAttemptedConfigDigest", "configDigest"],
    ["status.lastAttemptedRevisionDigest", "ociDigest"],
  ] as const;
  const isDeployed = (textAt(newest, "status") ?? "deployed") === "deployed" && newest !== undefined;
  const isSame = pairs.every(([tried, held]) => {
    const [a, b] = [textAt(object, tried), textAt(newest, held)];
    return a === undefined || b === undefined || a === b;
  });
  return isDeployed && isSame && numberAt(object, "status.lastAttemptedGeneration") !== -1;
}

function describeChart(version: string | undefined, digest: string | undefined): readonly LiveRevision[] {
  const chart: readonly LiveRevision[] = version === undefined ? [] : [{ kind: "helm", id: version }];
  return digest === undefined ? chart : [...chart, { kind: "oci", id: digest }];
}

function isBehind(
  source: FluxSource,
  { chart, digest }: { chart: string | undefined; digest: string | undefined },
): boolean {
  if (source.kind === "HelmChart") return source.revision !== undefined && source.revision !== chart;
  return source.digest !== undefined && digest !== undefined && source.digest !== digest;
}

/**
 * Kustomizations are listed before releases, so a release that has seen its own spec has seen what that commit says of it.
 */
function findCommit(object: KubernetesObject, listed: Listed): readonly LiveRevision[] | undefined {
  const namespace = labelOf(object, "kustomize.toolkit.fluxcd.io/namespace");
  const name = labelOf(object, "kustomize.toolkit.fluxcd.io/name");
  if (namespace === undefined || name === undefined) return undefined;
  const seen = listed.find(KUSTOMIZATION, { namespace, name });
  if (seen.kind === "unknown" || seen.value === undefined) return undefined;
  const source = findSource(seen.value, listed);
  const { observed } = judgeKustomization(seen.value, source);
  const revisions = describeRevision(observed?.revision, { source, origin: observed?.origin });
  return revisions?.filter(({ kind }) => kind === "git");
}

interface SyncGiven {
  readonly ready: Condition | undefined;
  readonly stalled: Condition | undefined;
  readonly isReleased: boolean;
  readonly isPending: boolean;
}

/** The chart or another release is not there yet; nothing was tried. */
const NOT_STARTED: ReadonlySet<string> = new Set(["DependencyNotReady", "SourceNotReady", "ArtifactFailed"]);

function judgeSync(object: KubernetesObject, { ready, stalled, isReleased, isPending }: SyncGiven): LiveSync {
  const message = ready?.message === undefined ? {} : { message: ready.message };
  if (stalled?.status === "True") {
    return { state: "failed", cause: "apply-failed", message: stalled.message ?? ready?.message ?? "" };
  }
  if (ready === undefined) return { state: "progressing", cause: "new-revision" };
  if (ready.status === "False") {
    if (NOT_STARTED.has(ready.reason)) return { state: "out-of-sync", cause: "new-revision", ...message };
    return { state: "failed", cause: "apply-failed", ...message };
  }
  if (!isObserved(object)) return { state: "progressing", cause: "spec-changed" };
  if (isPending) return { state: "out-of-sync", cause: "new-revision" };
  if (!isReleased) return { state: "progressing", cause: "new-revision" };
  const drifted = conditionOf(object, "Drifted");
  if (drifted?.status === "True") {
    return { state: "out-of-sync", cause: "drift", ...(drifted.message !== undefined && { message: drifted.message }) };
  }
  return { state: "synced", ...message };
}
