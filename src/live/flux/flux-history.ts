// What a Kustomization did last, by the history of its status: one entry for each build and outcome, newest first.
// Conditions cannot serve here: `Ready` turns unknown at the start of every reconciliation and true at its end, so
// its time is that of the last look at Git and never that of a change.

import type { KubernetesObject } from "../cluster/cluster.ts";
import { latest } from "../kubernetes/find-since.ts";
import { fieldsAt, listAt, textAt, timeAt } from "../kubernetes/read-fields.ts";

export interface FluxRun {
  /** `ReconciliationSucceeded`, `HealthCheckFailed`, …; only what touched the cluster is in the history. */
  readonly status: string;
  readonly revision?: string | undefined;
  readonly originRevision?: string | undefined;
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

export function readHistory(object: KubernetesObject): readonly FluxRun[] {
  return listAt(object, "status.history").map((entry) => {
    const metadata = fieldsAt(entry, "metadata");
    return {
      status: textAt(entry, "lastReconciledStatus") ?? "",
      revision: textAt(metadata, "revision"),
      originRevision: textAt(metadata, "originRevision"),
      first: timeAt(entry, "firstReconciled"),
      last: timeAt(entry, "lastReconciled"),
    };
  });
}

/**
 * Since when the newest outcome has held without another one between. Equal builds with equal outcomes share one entry, also
 * when something else came between them (a version that is rolled back to finds its old entry again); so the unbroken
 * time starts no earlier than the last run of any other entry.
 */
export function newestOutcomeSince([newest, ...others]: readonly FluxRun[]): number | undefined {
  if (newest === undefined) return undefined;
  return latest([newest.first, ...others.map(({ last }) => last)]);
}
