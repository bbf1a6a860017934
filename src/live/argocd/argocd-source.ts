// One Argo CD server as a source of live states: one list for all targets, a refresh where somebody waits and the last
// comparison is old, drift looked at again, a sync asked for, and a stream of changes. Every failure is a value.

import type { DriftFinding } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { known, type Seen } from "../../domain/seen.ts";
import type { DriftRequest, SyncOutcome, TargetRequest, WantedTarget } from "../live.ts";
import { type ArgocdAccess, type ArgocdLimits, createArgocdClient, LIMITS } from "./argocd-client.ts";
import {
  describeApplication,
  type FoundApplication,
  findByName,
  findTarget,
  listApplications,
  refreshApplication,
  type SourceContext,
} from "./ask-argocd.ts";
import { askForSync } from "./ask-for-sync.ts";
import { isSkipped } from "./judge-freshness.ts";
import { verifyArgocdDrift } from "./verify-argocd-drift.ts";
import { watchApplications } from "./watch-applications.ts";

export interface ArgocdSource {
  /** In the order of the targets. */
  read(targets: readonly WantedTarget[], options: { readonly now: number }): Promise<readonly Seen<LiveState>[]>;
  verifyDrift(request: DriftRequest): Promise<Seen<readonly DriftFinding[]>>;
  /** Writes; whether that is allowed was decided before. */
  askToSync(request: TargetRequest): Promise<SyncOutcome>;
  watch(options: { readonly onChange: () => void }): { stop(): void };
}

/** Throws where the address or the token cannot be used at all. `now` is in epoch milliseconds. */
export function createArgocdSource(
  access: ArgocdAccess,
  options: { readonly now: () => number; readonly limits?: Partial<ArgocdLimits> },
): ArgocdSource {
  const limits = { ...LIMITS, ...options.limits };
  const context: SourceContext = { client: createArgocdClient(access), limits };
  return {
    read: (targets, { now }) => readTargets(targets, { ...context, now }),
    async verifyDrift(request) {
      const found = await findTarget(request.target.name, context);
      if (found.kind === "unknown") return found;
      return verifyArgocdDrift(request, { ...context, address: found.value.address, now: options.now });
    },
    async askToSync(request) {
      const found = await findTarget(request.target.name, context);
      return found.kind === "known" ? askForSync(found.value, context) : { kind: "refused", why: found.why };
    },
    watch: ({ onChange }) => watchApplications({ ...context, onChange }),
  };
}

type ReadContext = SourceContext & { readonly now: number };

async function readTargets(
  targets: readonly WantedTarget[],
  context: ReadContext,
): Promise<readonly Seen<LiveState>[]> {
  const index = await listApplications(context);
  if (index.kind === "unknown") return targets.map(() => index);
  const readings = targets.map(({ target, awaited }): Reading => {
    const found = findByName(target.name, { ...context, index: index.value });
    if (found.kind === "unknown") return { state: found };
    const state = describeApplication(found.value, { ...context, refreshed: false });
    // Nothing that is asked wakes up what was switched off.
    return awaited && !isSkipped(found.value.application) ? { state, wants: found.value } : { state };
  });
  const refreshed = await refreshStale(readings, context);
  return readings.map((reading) => refreshed.get(reading) ?? reading.state);
}

interface Reading {
  readonly state: Seen<LiveState>;
  /** Somebody waits for news of it. */
  readonly wants?: FoundApplication;
}

/** The stalest first; the next read has its turn with the rest. */
async function refreshStale(
  readings: readonly Reading[],
  context: ReadContext,
): Promise<ReadonlyMap<Reading, Seen<LiveState>>> {
  const stale = readings
    .flatMap((reading) => {
      const { state, wants } = reading;
      if (state.kind === "unknown" || state.value.freshness.stale === undefined || wants === undefined) return [];
      return [{ reading, wants, before: state.value }];
    })
    .sort((one, other) => lookedAt(one.before) - lookedAt(other.before))
    .slice(0, context.limits.refreshes);
  const states = stale.map(
    async ({ reading, wants, before }) => [reading, await refresh(wants, { ...context, before })] as const,
  );
  return new Map(await Promise.all(states));
}

function lookedAt({ freshness }: LiveState): number {
  return freshness.reconciledAt ?? 0;
}

async function refresh(
  wanted: FoundApplication,
  { before, ...context }: ReadContext & { readonly before: LiveState },
): Promise<Seen<LiveState>> {
  const found = await refreshApplication(wanted.address, { ...context, refresh: "normal" });
  if (found.kind === "known") return describeApplication(found.value, { ...context, refreshed: true });
  // What the list said stays, and is as old as it was.
  const stale = `${before.freshness.stale ?? "it is old"}, and a refresh failed: ${found.why}`;
  return known({ ...before, freshness: { ...before.freshness, stale } });
}
