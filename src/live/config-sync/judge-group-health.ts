// The word of Config Sync about health: its ResourceGroup's, for the objects that count and for the commit that is applied.
// The RootSync itself never says that anything is healthy.

import type { LiveHealth } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import { nameObject } from "../../domain/object-reference.ts";
import type { ReconcilerWord } from "../kubernetes/join-health.ts";
import { type AppliedWorkloads, isWanted } from "../kubernetes/judge-inventory.ts";
import { carriesImage, normaliseNames } from "../kubernetes/pod-template.ts";
import { worstOf } from "../kubernetes/summarise-objects.ts";
import type { WantedTarget } from "../live.ts";
import type { GroupEntry } from "./resource-group.ts";

export interface GroupHealthRequest {
  readonly entries: readonly GroupEntry[];
  readonly wanted: WantedTarget;
  readonly applied: AppliedWorkloads;
  /** The commit that is applied; absent: nothing is said about health now. */
  readonly commit: string | undefined;
}

export function judgeGroupHealth(request: GroupHealthRequest): ReconcilerWord | undefined {
  const { commit, applied } = request;
  const counted = selectEntries(request);
  if (commit === undefined || counted.length === 0) return undefined;
  const workloads = applied.summary?.health;
  const judged = counted.map((entry) => settle(entry, { commit, workloads }));
  const state = worstOf(judged.map(({ health }) => health)) ?? "unknown";
  // Nothing is known of some of them: then the workloads have the word, where they were read.
  if (state === "unknown" && workloads !== undefined && workloads.state !== "unknown") return undefined;
  const worst = judged.find(({ health }) => health === state);
  const message = state === "healthy" || !worst ? undefined : `${nameObject(worst.object)}: ${worst.message}`;
  // It keeps no times; the workloads' own count, as far as they are known.
  return { state, since: workloads?.since, message };
}

interface Given {
  readonly commit: string;
  readonly workloads: LiveHealth | undefined;
}

function settle(entry: GroupEntry, { commit, workloads }: Given): GroupEntry {
  // Right after an apply the entries are still those of the commit before.
  if (entry.sourceHash !== undefined && !commit.startsWith(entry.sourceHash)) {
    return { ...entry, health: "progressing", message: "its status is still about the commit before" };
  }
  // The wait has ended without it, and it came up later: the live object tells.
  if (entry.timedOut && entry.health === "progressing" && workloads?.state === "healthy") {
    return { ...entry, health: "healthy" };
  }
  return entry;
}

/** Named objects; else the workloads that carry an image; else, where none is known to, all that was applied. */
function selectEntries({ entries, wanted, applied }: GroupHealthRequest): readonly GroupEntry[] {
  const kept = entries.filter(({ isDeletion }) => !isDeletion);
  if (wanted.objects.length > 0) return kept.filter(({ object }) => isWanted(object, wanted));
  const names = normaliseNames(wanted.images);
  const carrying = applied.counted.filter((object) => carriesImage(object, names));
  const keys = new Set(
    carrying.map(({ apiVersion, kind, metadata: { namespace, name } }) =>
      objectKey({ apiVersion, kind, ...(namespace !== undefined && { namespace }), name }),
    ),
  );
  return keys.size === 0 ? kept : kept.filter(({ object }) => keys.has(objectKey(object)));
}
