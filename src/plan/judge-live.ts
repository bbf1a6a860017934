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
  const degraded = degradedOf(places, context.cameAt);
  const healthy = stage === "healthy" ? healthyOf(places, context.cameAt) : undefined;
  return {
    reached: context.reached,
    stage,
    reason: listOf([...new Set(speaking.map(({ reason }) => reason))]),
    places,
    ...(healthy && { healthy }),
    ...(degraded && { degraded }),
    drift: places.flatMap(({ drift }) => drift),
    needs: places.flatMap(({ needs }) => needs),
  };
}

function healthyOf(places: readonly PlaceVerdict[], cameAt: number): LiveVerdict["healthy"] {
  const states = places.flatMap(({ state }) => state ?? []);
  return {
    since: Math.max(cameAt, ...states.map(({ health, freshness }) => health.since ?? freshness.readAt)),
    until: Math.min(...states.map(({ freshness }) => freshness.readAt)),
  };
}

function degradedOf(places: readonly PlaceVerdict[], cameAt: number): LiveVerdict["degraded"] {
  const sick = places.filter(({ stage }) => stage === "degraded");
  const [first] = sick;
  if (!first) return undefined;
  const since = (state: LiveState) =>
    Math.max(cameAt, state.health.since ?? state.lastResult?.at ?? state.freshness.readAt);
  const states = sick.flatMap(({ state }) => state ?? []);
  return {
    since: Math.min(...states.map(since)),
    until: Math.max(...states.map(({ freshness }) => freshness.readAt)),
    why: first.reason,
  };
}
