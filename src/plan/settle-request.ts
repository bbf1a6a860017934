// Decides whether what a person asked for is settled: it is there or was since then, or a person closed its pull request
// after that. The last word is the one that counts.

import type { Reached, Requested } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { PastPromotion, Promotion } from "../domain/promotion.ts";
import { type Release, sameRelease } from "../domain/release.ts";

export interface RequestContext {
  readonly key: EnvironmentKey;
  /** Absent while it is not fully known. */
  readonly declared: Release | undefined;
  readonly past: readonly PastPromotion[];
  readonly open: Promotion | undefined;
}

export function isSettled(
  requested: Requested,
  { reached, ...context }: RequestContext & { readonly reached: readonly Reached[] },
): boolean {
  const { declared } = context;
  const isThere = declared !== undefined && sameRelease(requested.release, declared);
  const wasThere = reached.some(
    ({ release, at, again = at }) => again > requested.at && sameRelease(release, requested.release),
  );
  return isThere || wasThere || whoWithdrew(requested, context) !== undefined;
}

/** What is new about it, one sentence without a full stop. */
export function describeWithdrawal(requested: Requested | undefined, context: RequestContext): readonly string[] {
  const withdrawal = requested && whoWithdrew(requested, context);
  if (!withdrawal) return [];
  const { by, number } = withdrawal;
  return [`${by} closed pull request ${number}, which ${requested.by} had asked for in ${context.key}`];
}

function whoWithdrew({ release, at }: Requested, { past, open }: RequestContext): PastPromotion | undefined {
  return past.find(
    (each) =>
      each.outcome === "closed" &&
      !each.byUs &&
      each.number !== open?.number &&
      each.endedAt > at &&
      each.release !== undefined &&
      sameRelease(each.release, release),
  );
}
