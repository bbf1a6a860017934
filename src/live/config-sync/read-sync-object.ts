// The live state of a RootSync or RepoSync, put together from its status, its ResourceGroup and the workloads.

import type { Blocked, Freshness, Healing, LastResult, LiveState } from "../../domain/live-state.ts";
import { nameObject } from "../../domain/object-reference.ts";
import type { Seen } from "../../domain/seen.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { findForeignSuspects } from "../kubernetes/find-foreign-fields.ts";
import { joinHealth } from "../kubernetes/join-health.ts";
import { type AppliedWorkloads, judgeInventory } from "../kubernetes/judge-inventory.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { annotationOf } from "../kubernetes/read-fields.ts";
import { referenceOf } from "../kubernetes/reference-of.ts";
import type { WantedTarget } from "../live.ts";
import { judgeGroupHealth } from "./judge-group-health.ts";
import { judgeSync, type SyncFacts } from "./judge-sync.ts";
import { findPrunable, readGroupInventory, readGroupStatus } from "./resource-group.ts";
import { describeCommit } from "./sync-source.ts";

export interface SyncReading {
  readonly object: KubernetesObject;
  readonly group: Seen<KubernetesObject | undefined>;
  readonly wanted: WantedTarget;
  readonly listed: Listed;
  readonly now: number;
}

export function readSyncObject({ object, group: seen, wanted, listed, now }: SyncReading): LiveState {
  const facts = judgeSync(object);
  const group = seen.kind === "known" ? seen.value : undefined;
  const entries = group === undefined ? [] : readGroupStatus(group);
  const applied = judgeInventory({ entries: group ? readGroupInventory(group) : [], wanted, listed, now });
  // While it switches, its commits are of the old place, and to call them by the new one would be false.
  const describe = (commit: string | undefined) => (facts.isSwitching ? undefined : describeCommit(commit, object));
  const [desired, attempted, observed] = [facts.fetched, facts.attempted, facts.observed].map(describe);
  const word = judgeGroupHealth({ entries, wanted, applied, commit: facts.observed });
  const blocked = findSyncBlocked(facts, applied);
  const lastResult = readLastResult(facts);
  return {
    reconciler: "config-sync",
    object: referenceOf(object),
    ...(desired && { desired }),
    ...(attempted && { attempted }),
    ...(observed && { observed }),
    sync: facts.sync,
    health: joinHealth({
      word: facts.observed === undefined && facts.sync.state === "progressing" ? { state: "progressing" } : word,
      workloads: applied.summary?.health,
      appliedSince: undefined,
      nothing: seen.kind === "unknown" ? `its ResourceGroup could not be read: ${seen.why}` : NOTHING,
    }),
    freshness: readFreshness(facts, now),
    ...(lastResult && { lastResult }),
    ...(blocked && { blocked }),
    resources: applied.summary?.resources ?? [],
    // A change of a declared field is taken back before anybody could read it, and leaves no trace in any status.
    suspects: findForeignSuspects(applied.objects, ["configsync.gke.io"]),
    prunable: findPrunable(entries),
    containers: applied.summary?.containers ?? [],
    healing: readHealing(applied.objects),
  };
}

const NOTHING = "neither its ResourceGroup nor a workload says anything (`override.statusMode` may be disabled)";

/** Its status has no heartbeat: it is about now as long as its reconciler is up. */
function readFreshness({ reconciling, stalled }: SyncFacts, now: number): Freshness {
  const down = [stalled, reconciling].find((condition) => condition?.status === "True");
  if (down === undefined) return { readAt: now, proof: "read" };
  const why = down.message === undefined ? "" : `: ${down.message}`;
  return { readAt: now, proof: "none", stale: `its reconciler is not up${why}` };
}

function findSyncBlocked({ stalled, errors }: SyncFacts, applied: AppliedWorkloads): Blocked | undefined {
  if (stalled?.status === "True") {
    return { code: stalled.reason || "Stalled", message: stalled.message ?? "no reason is given", retrying: true };
  }
  const [error] = errors;
  if (error === undefined) return applied.summary?.blocked;
  const { code, message, retrying } = error;
  return { code, message, retrying };
}

function readLastResult({ syncing, errors, observed }: SyncFacts): LastResult | undefined {
  if (syncing === undefined) return undefined;
  const isRunning = syncing.status === "True";
  const phase = errors.length > 0 ? "failed" : isRunning ? "running" : observed === undefined ? "unknown" : "succeeded";
  const at = syncing.updated ?? syncing.since;
  const message = errors[0]?.message ?? syncing.message;
  return {
    phase,
    ...(at !== undefined && (phase === "running" ? { startedAt: at } : { at })),
    ...(message !== undefined && { message }),
    by: "automated",
  };
}

const MARKS: readonly { readonly key: string; readonly value: string }[] = [
  { key: "client.lifecycle.config.k8s.io/mutation", value: "ignore" },
  { key: "configmanagement.gke.io/managed", value: "disabled" },
];

function readHealing(applied: readonly KubernetesObject[]): Healing {
  const ignored = applied.flatMap((object) =>
    MARKS.filter(({ key, value }) => annotationOf(object, key) === value).map(
      ({ key, value }) => `${nameObject(referenceOf(object))}: ${key}: ${value}`,
    ),
  );
  return { on: true, how: "heals declared fields at once", ignored: ignored.slice(0, 200) };
}
