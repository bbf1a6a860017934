// What reporters said, read back: states of sources that nobody can ask, and claims about drift. A report is an observation
// for as long as the operator said and no longer; silence is unknown, with the time of the last word.

import type { DriftClaim } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import type { LiveTarget } from "../../domain/pipeline.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { Cache } from "../../store/store.ts";
import { CLAIM_KIND, type KeptState, readClaimList, STATE_KIND, stateKey } from "./keep-reports.ts";

export interface ReportsQuery {
  readonly cache: Pick<Cache, "read">;
  readonly source: string;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** In the order of the targets. */
export async function readReports({
  cache,
  source,
  targets,
  maxAge,
  now,
}: ReportsQuery & { readonly targets: readonly Pick<LiveTarget, "kind" | "name">[] }): Promise<
  readonly Seen<LiveState>[]
> {
  const names = targets.map(reportedName);
  const kept = await cache.read(
    STATE_KIND,
    names.map((name) => stateKey(source, name)),
  );
  return names.map((name) => {
    const text = kept.get(stateKey(source, name));
    if (text === undefined || text === "") return unknown(`${source} has not reported ${name} yet`);
    return judge(JSON.parse(text) as KeptState, { source, maxAge, now });
  });
}

/** Under which name a reporter tells of a target: its own, or `flux:apps/checkout` and the like. */
export function reportedName({ kind, name }: Pick<LiveTarget, "kind" | "name">): string {
  return kind === "reports" ? name : `${kind}:${name}`;
}

/** The newest claim about each object, and none too old. */
export async function readClaims({ cache, source, maxAge, now }: ReportsQuery): Promise<readonly DriftClaim[]> {
  const kept = await cache.read(CLAIM_KIND, [source]);
  return readClaimList(kept.get(source)).filter(({ observedAt }) => observedAt >= now - maxAge);
}

function judge(
  { observedAt, receivedAt, told }: KeptState,
  { source, maxAge, now }: Pick<ReportsQuery, "source" | "maxAge" | "now">,
): Seen<LiveState> {
  // A reporter whose clock is ahead must not be believed for longer.
  const readAt = Math.min(observedAt, receivedAt);
  if (now - readAt > maxAge) return unknown(`there is no news from ${source} since ${nameTime(readAt)}`);
  if ("error" in told) return unknown(`the reporter of ${source} could not read it: ${told.error}`);
  const { state } = told;
  const { reconciledAt, stale } = state.freshness;
  const { since } = state.health;
  return known({
    ...state,
    health: { ...state.health, ...(since !== undefined && { since: Math.min(since, readAt) }) },
    freshness: {
      ...{ readAt, proof: "report" },
      ...(reconciledAt !== undefined && { reconciledAt: Math.min(reconciledAt, readAt) }),
      ...(stale !== undefined && { stale }),
    },
  });
}

function nameTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
