// How healthy what a reconciler applied is: its own word (a health check that it makes, a release that it waited for), and
// beside it what the workloads say now, for that word is as old as its last run. The worse of the two counts.

import type { HealthState, LiveHealth } from "../../domain/live-state.ts";
import { earliest, latest } from "./find-since.ts";
import { cutText, LONGEST_MESSAGE } from "./read-fields.ts";
import { worstOf } from "./summarise-objects.ts";

export interface ReconcilerWord {
  readonly state: HealthState;
  readonly since?: number | undefined;
  readonly message?: string | undefined;
}

export interface JoinedHealth {
  /** Absent where it looks at no health. */
  readonly word: ReconcilerWord | undefined;
  /** What the workloads say; absent where none was found or none can be looked at. */
  readonly workloads: LiveHealth | undefined;
  /** Since when the same has been applied; absent where it is not known. */
  readonly appliedSince: number | undefined;
  /** Why there is nothing to look at, for when nobody looks at all. */
  readonly nothing: string;
}

export function joinHealth({ word, workloads, appliedSince, nothing }: JoinedHealth): LiveHealth {
  if (word === undefined && workloads === undefined) return { state: "unknown", basis: "none", message: nothing };
  if (word === undefined) return withApplied(workloads ?? { state: "unknown", basis: "none" }, appliedSince);
  // Workloads that could not be read take nothing away from what the reconciler found.
  if (workloads === undefined || workloads.state === "unknown") return fromWord(word, workloads?.message);
  const state = worstOf([word.state, workloads.state]) ?? "unknown";
  const isWord = state === word.state;
  if (!isWord) return withApplied(workloads, appliedSince);
  const message = [word.message, workloads.state === "healthy" ? undefined : workloads.message].find(Boolean);
  const since = sinceOf({ state, word, workloads });
  return {
    state,
    basis: "reconciler",
    ...(since !== undefined && { since }),
    ...(message !== undefined && { message }),
  };
}

function fromWord({ state, since, message }: ReconcilerWord, unread: string | undefined): LiveHealth {
  const said = [message, unread].filter((part) => part !== undefined).join("; ");
  return {
    state,
    basis: "reconciler",
    ...(since !== undefined && { since }),
    ...(said !== "" && { message: cutText(said, LONGEST_MESSAGE) }),
  };
}

function sinceOf({
  state,
  word,
  workloads,
}: {
  readonly state: HealthState;
  readonly word: ReconcilerWord;
  readonly workloads: LiveHealth;
}): number | undefined {
  if (state === "healthy") return latest([word.since, workloads.since]);
  return state === "degraded"
    ? earliest([word.since, workloads.state === "degraded" ? workloads.since : undefined])
    : undefined;
}

/** Workloads that were healthy before the last change of what is applied count from that change on. */
function withApplied(health: LiveHealth, appliedSince: number | undefined): LiveHealth {
  if (health.state !== "healthy" || health.since === undefined || appliedSince === undefined) return health;
  return { ...health, since: Math.max(health.since, appliedSince) };
}
