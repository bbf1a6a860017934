// What people are told about what runs: the comment that follows a promotion, the call for attention, and the issue
// about drift. Facts and finished sentences; `report/` finds the form. Nothing here changes while the world stands still.

import type { DriftFinding } from "./drift.ts";
import type { HealthState, LiveRevision, LiveState, LiveSync } from "./live-state.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Release } from "./release.ts";

export type Stage =
  | "merged"
  | "reconciling"
  | "synced"
  | "healthy"
  | "degraded"
  | "drifted"
  | "suspended"
  | "no-news"
  /** A newer release took its place before it was healthy. */
  | "replaced";

export interface LiveView {
  readonly key: EnvironmentKey;
  readonly pipeline: string;
  readonly environment: string;
  readonly release: Release;
  /** The worst of all places. */
  readonly stage: Stage;
  /** One sentence without a full stop: why it stands there and what comes next. */
  readonly reason: string;
  /** The merge commit. */
  readonly commit?: string;
  /** It came with the pull request of a group, on which others are told of too. */
  readonly shared?: true;
  readonly mergedAt: number;
  readonly healthyAt?: number;
  readonly places: readonly LivePlace[];
  /** Confirmed only. */
  readonly drift: readonly DriftFinding[];
  readonly fingerprint: string;
}

/** One place where the environment runs. */
export interface LivePlace {
  readonly source: string;
  /** As the reconciler names it: `checkout-staging`, `apps/checkout`. */
  readonly name: string;
  readonly stage: Stage;
  readonly reconciler?: LiveState["reconciler"];
  /** One sentence without a full stop. */
  readonly reason: string;
  readonly sync?: LiveSync["state"];
  readonly health?: HealthState;
  /** Who says that it is healthy. */
  readonly basis?: "reconciler" | "kstatus" | "none";
  readonly since?: number;
  readonly desired?: LiveRevision;
  readonly observed?: LiveRevision;
  /** Digests that run, at most a few. */
  readonly running: readonly string[];
  /** When the reconciler finished its last work; epoch milliseconds. */
  readonly lastResultAt?: number;
  readonly link?: string;
}

/** A short comment of its own: somebody has to do something. */
export interface AttentionView {
  readonly key: EnvironmentKey;
  readonly environment: string;
  readonly release: Release;
  /** The end of the comment's mark; the same situation is told once. */
  readonly situation: string;
  /** What happened, one sentence without a full stop. */
  readonly what: string;
  /** What a person can do, one sentence without a full stop each. */
  readonly ways: readonly string[];
}

export interface DriftIssueView {
  readonly key: EnvironmentKey;
  readonly pipeline: string;
  readonly environment: string;
  readonly findings: readonly DriftFinding[];
  /** Since when, as far as known: the oldest field's time, or when it was first seen. */
  readonly since?: number;
  /** What the reconciler does about it by itself, one sentence without a full stop for each place. */
  readonly healing: readonly string[];
  /** Ways out, one sentence without a full stop each. */
  readonly ways: readonly string[];
  /** The pull request that last promoted there. */
  readonly pullRequest?: number;
  /** Promotions out of the environment wait, and into it too where it says `on-drift: hold`. */
  readonly holds: boolean;
  readonly fingerprint: string;
}
