// What a RootSync or RepoSync has applied, and whether that is what Git has. `Sync Completed` means applied, not started; and
// each of the conditions comes from another program, so only all of them together prove anything.

import type { LiveSync } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Condition, conditionOf } from "../kubernetes/read-conditions.ts";
import { listAt, numberAt, textAt } from "../kubernetes/read-fields.ts";
import { findSyncErrors, type SyncError } from "./sync-errors.ts";
import { isSameSource, STATUS_BLOCKS } from "./sync-source.ts";

export interface SyncFacts {
  readonly syncing: Condition | undefined;
  readonly stalled: Condition | undefined;
  readonly reconciling: Condition | undefined;
  readonly errors: readonly SyncError[];
  /** The status speaks of another branch, revision, repository or folder than the spec. */
  readonly isSwitching: boolean;
  readonly fetched: string | undefined;
  readonly attempted: string | undefined;
  readonly observed: string | undefined;
  readonly sync: LiveSync;
}

export function judgeSync(object: KubernetesObject): SyncFacts {
  const reconciling = conditionOf(object, "Reconciling");
  const stalled = conditionOf(object, "Stalled");
  const syncing = conditionOf(object, "Syncing");
  const isCurrent = numberAt(object, "status.observedGeneration") === numberAt(object, "metadata.generation");
  const attempted = textAt(object, "status.sync.commit");
  const given = {
    object,
    reconciling,
    stalled,
    syncing,
    isCurrent,
    errors: findSyncErrors(object),
    // Its reconciler is started anew for another source, and until it has looked there is no such condition.
    isSwitching: !STATUS_BLOCKS.every((block) => isSameSource(object, block)) || (!syncing && attempted !== undefined),
    fetched: textAt(object, "status.source.commit"),
    attempted,
  };
  const observed = findObserved(given);
  return { ...given, observed, sync: judgeState({ ...given, observed }) };
}

type Given = Omit<SyncFacts, "sync" | "observed"> & { readonly object: KubernetesObject; readonly isCurrent: boolean };

/**
 * The commit that is being synced stands in `sync.commit` from the start, so where it is the one that was synced last and
 * nothing failed, the cluster holds it: also while a newer commit is being read, and while the same is applied again.
 */
function findObserved(given: Given): string | undefined {
  const { object, isCurrent, stalled, reconciling, syncing, isSwitching, errors, attempted } = given;
  const isUp = stalled?.status !== "True" && reconciling?.status !== "True";
  if (!isCurrent || !isUp || syncing === undefined || isSwitching) return undefined;
  if (errors.some(({ block }) => block === "sync")) return undefined;
  const synced = textAt(object, "status.lastSyncedCommit");
  return synced !== undefined && synced === attempted ? synced : undefined;
}

function judgeState(given: Given & { readonly observed: string | undefined }): LiveSync {
  const { isCurrent, stalled, reconciling, syncing, isSwitching, errors, observed } = given;
  if (stalled?.status === "True") return { state: "failed", ...words(stalled) };
  if (!isCurrent) return { state: "progressing", cause: "spec-changed" };
  if (isSwitching) return { state: "progressing", cause: "switching-source", ...words(reconciling) };
  if (syncing === undefined) return { state: "progressing", cause: "new-revision", ...words(reconciling) };
  // A Git server that is away changes nothing of what was fetched and applied before.
  const error = errors.find(({ code, block }) => code !== "KNV2004" || block !== "source");
  if (error !== undefined) return judgeErrors(error);
  if (reconciling?.status === "True") return { state: "progressing", ...words(reconciling) };
  const commits = [
    given.fetched,
    given.attempted,
    textAt(given.object, "status.rendering.commit"),
    commitOf(given.object),
  ];
  const isAll = observed !== undefined && commits.every((commit) => commit === undefined || commit === observed);
  if (isAll) return { state: "synced", ...words(syncing) };
  return { state: "progressing", cause: "new-revision", ...words(syncing) };
}

function judgeErrors({ code, message }: SyncError): LiveSync {
  // Something else keeps writing the same fields: what was applied is all there, and does not stay.
  if (code === "KNV2005") return { state: "out-of-sync", cause: "drift", message };
  return { state: "failed", cause: "apply-failed", message };
}

function words(condition: Condition | undefined): { readonly message?: string } {
  return condition?.message === undefined ? {} : { message: condition.message };
}

function commitOf(object: KubernetesObject): string | undefined {
  const syncing = listAt(object, "status.conditions").find((condition) => textAt(condition, "type") === "Syncing");
  return textAt(syncing, "commit");
}
