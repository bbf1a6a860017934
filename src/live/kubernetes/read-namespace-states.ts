// The state of plain namespaces: no reconciler is asked, only the objects and their pods. Which commit is applied is known
// where whoever deploys writes it on the workloads (`stagecoach.dev/revision`); nothing else here proves a revision.

import type { LiveState } from "../../domain/live-state.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { ClusterLists } from "../cluster/cluster.ts";
import type { WantedTarget } from "../live.ts";
import { findDeployers, findForeignSuspects } from "./find-foreign-fields.ts";
import { judgeObject } from "./judge-object.ts";
import type { Listed } from "./list-needed.ts";
import { listNeeded, type Needs, need } from "./list-needed.ts";
import { readRevisions } from "./read-revision-annotation.ts";
import { isNamespaceName, kindsBelow } from "./resource-kinds.ts";
import { type Selection, selectInNamespace, selectorsOf } from "./select-objects.ts";
import { type Summary, summariseObjects } from "./summarise-objects.ts";

/** In the order of `targets`; each kind is listed at most once. `now` is epoch milliseconds. */
export async function readNamespaceStates(
  targets: readonly WantedTarget[],
  { lists, now }: { readonly lists: ClusterLists; readonly now: number },
): Promise<readonly Seen<LiveState>[]> {
  const needs: Needs = new Map();
  for (const wanted of targets) {
    if (!isNamespaceName(wanted.target.name)) continue;
    for (const { kind, namespace } of selectorsOf(wanted)) {
      for (const each of [kind, ...kindsBelow(kind)]) need(needs, each, namespace);
    }
  }
  const listed = await listNeeded(lists, needs);
  return targets.map((wanted) => readState(wanted, { listed, now }));
}

function readState(wanted: WantedTarget, { listed, now }: { listed: Listed; now: number }): Seen<LiveState> {
  const namespace = wanted.target.name;
  if (!isNamespaceName(namespace)) return unknown(`\`${namespace}\` is no name of a namespace`);
  const selection = selectInNamespace(wanted, listed);
  const nothing = selection.found.length === 0 && selection.absent.length === 0;
  if (nothing && selection.failed !== undefined) return unknown(selection.failed);
  const judged = selection.found.map((object) => judgeObject(object, { listed, now }));
  const summary = summariseObjects({ judged, absent: selection.absent }) ?? nothingThere(namespace, wanted);
  const revisions = readRevisions(selection.found);
  return known({
    reconciler: "kubernetes",
    object: { apiVersion: "v1", kind: "Namespace", name: namespace },
    ...(revisions && { observed: revisions }),
    sync: revisions ? { state: "synced" } : { state: "unknown", message: NO_REVISION },
    ...withFailure(summary, selection),
    freshness: { readAt: now, proof: "read" },
    suspects: findForeignSuspects(selection.found, findDeployers),
    prunable: [],
    healing: { on: false, how: "no reconciler", ignored: [] },
  });
}

const NO_REVISION = "nothing there says which commit is applied; whoever deploys can write it on the workloads";

function nothingThere(namespace: string, { images }: WantedTarget): Summary {
  const what = images.length === 0 ? "a workload" : "one of the images";
  const message = `No workload in namespace ${namespace} carries ${what}`;
  return { health: { state: "missing", basis: "kstatus", message }, resources: [], containers: [] };
}

/** A kind that could not be listed may hold an object that counts, so the rest alone is not healthy. */
function withFailure(summary: Summary, { failed }: Selection): Summary {
  const { health } = summary;
  if (failed === undefined || health.state === "degraded") return summary;
  return { ...summary, health: { state: "unknown", basis: "kstatus", message: failed } };
}
