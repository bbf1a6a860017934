// Makes a live state fit the published format: lists are cut to what a report may hold, and what the receiver would
// refuse is told as what could not be read, so that one odd object does not silence a whole cluster.

import type { LiveState } from "../../domain/live-state.ts";
import type { Seen } from "../../domain/seen.ts";
import { MOST_ITEMS } from "../reports/json-shape.ts";
import type { NamedState } from "../reports/live-report.ts";
import { liveState } from "../reports/live-state-shape.ts";

export function fitState(name: string, seen: Seen<LiveState>): NamedState {
  if (seen.kind === "unknown") return { name, error: seen.why };
  const read = liveState.read(withoutUndefined(cutLists(seen.value)), "state");
  if (read.kind === "fits") return { name, state: read.value };
  return { name, error: `what was read cannot be reported: ${read.why}` };
}

function cutLists(state: LiveState): LiveState {
  const { healing } = state;
  return {
    ...state,
    ...(state.desired && { desired: cut(state.desired) }),
    ...(state.attempted && { attempted: cut(state.attempted) }),
    ...(state.observed && { observed: cut(state.observed) }),
    resources: cut(state.resources),
    suspects: cut(state.suspects).map((suspect) => ({ ...suspect, fields: cut(suspect.fields) })),
    prunable: cut(state.prunable),
    containers: cut(state.containers).map((container) => ({ ...container, pods: cut(container.pods) })),
    healing: { ...healing, ignored: cut(healing.ignored) },
  };
}

function cut<T>(list: readonly T[]): readonly T[] {
  return list.slice(0, MOST_ITEMS);
}

/** As it will be on the wire, where a property without a value is none. */
function withoutUndefined(state: LiveState): unknown {
  return JSON.parse(JSON.stringify(state));
}
