// Argo CD Applications read through the Kubernetes API, where their objects live: one list for all targets. There is no
// refresh and no page here, and no health of single objects; for these Argo CD's own API has to be asked.

import type { LiveState } from "../../domain/live-state.ts";
import type { Seen } from "../../domain/seen.ts";
import type { ClusterLists, ResourceKind } from "../cluster/cluster.ts";
import type { WantedTarget } from "../live.ts";
import { findApplication, indexApplications } from "./find-application.ts";
import { readApplication } from "./read-application.ts";

export const APPLICATION: ResourceKind = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  plural: "applications",
};

/** In the order of the targets; their names are `name` or `namespace/name`. */
export async function readApplicationStates(
  targets: readonly WantedTarget[],
  { lists, now }: { readonly lists: ClusterLists; readonly now: number },
): Promise<readonly Seen<LiveState>[]> {
  const list = await lists.of(APPLICATION);
  if (list.kind === "unknown") return targets.map(() => list);
  const index = indexApplications(list.value);
  return targets.map(({ target }) => {
    const found = findApplication(index, { name: target.name, missing: "or it may not be seen from here" });
    return found.kind === "known" ? readApplication(found.value, { now, refreshed: false }) : found;
  });
}
