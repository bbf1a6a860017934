// Decides how far the release that an environment declares has come in its clusters: from the merge to healthy, or what
// is in its way. Synced and healthy count only for the commit that brought it or a descendant that says the same, and
// only from news that are fresh. Decides nothing about promotions.

import { listOf } from "../domain/count-words.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { Stage } from "../domain/live-view.ts";
import { judgePlace } from "./judge-place.ts";
import type { LiveContext, LiveVerdict, PlaceVerdict } from "./live-verdict.ts";

/** The worst first: of several places the worst one speaks for the environment. */
const WORST_FIRST: readonly Stage[] = [
  "degraded",
  "drifted",
  "suspended",
  "no-news",
  "merged",
  "reconciling",
  "synced",
  "healthy",
];

export function judgeLive(context: LiveContext): LiveVerdict | undefined {
  const readings = context.observed.live[context.key];
  if (readings === undefined || readings.length === 0) return undefined;
  const places = readings.map((reading) => judgePlace(reading, context));
  const stage = WORST_FIRST.find((each) => places.some((place) => place.stage === each)) ?? "no-news";
  const speaking = places.filter((place) => place.stage === stage);
  const degraded = degradedOf(places, context);
  const healthy = stage === "healthy" ? healthyOf(places, context) : undefined;
  return {
    reached: context.reached,
    cameAt: context.cameAt,
    stage,
    reason: listOf([...new Set(speaking.map(({ reason }) => reason))]),
    places,
    ...(healthy && { healthy }),
    ...(degraded && { degraded }),
    drift: places.flatMap(({ drift }) => drift),
    needs: places.flatMap(({ needs }) => needs),
  };
}

/** Clusters have clocks of their own: nothing is known beyond now, and nothing began after it was seen. */
function seenAt({ freshness }: LiveState, { observed }: LiveContext): number {
  return Math.min(freshness.readAt, observed.now);
}

function healthyOf(places: readonly PlaceVerdict[], context: LiveContext): LiveVerdict["healthy"] {
  const states = places.flatMap(({ state }) => state ?? []);
  const since = states.map((state) => Math.min(state.health.since ?? seenAt(state, context), seenAt(state, context)));
  return {
    since: Math.max(context.cameAt, ...since),
    until: Math.min(...states.map((state) => seenAt(state, context))),
  };
}

/**
 * The place that has been sick longest, up to when it was seen so: several places do not add up. What was changed by hand
 * may be sick of that.
 */
function degradedOf(places: readonly PlaceVerdict[], context: LiveContext): LiveVerdict["degraded"] {
  const spells = places.flatMap(({ stage, state, sickSince, reason, drifted }) => {
    if (stage !== "degraded" || !state || drifted !== undefined) return [];
    const until = seenAt(state, context);
    return [{ since: Math.max(context.cameAt, Math.min(sickSince ?? until, until)), until, why: reason }];
  });
  return spells.sort((a, b) => b.until - b.since - (a.until - a.since))[0];
}
