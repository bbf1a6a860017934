// What is known when the release of an environment is followed into its clusters, and what is found. Types only.

import type { DriftFinding } from "../domain/drift.ts";
import type { Reached } from "../domain/ledger.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { Stage } from "../domain/live-view.ts";
import type { LiveReading, Observed } from "../domain/observed.ts";
import type { Environment, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { Answer } from "./answer.ts";
import type { RevisionContext } from "./match-revision.ts";
import type { Declared } from "./read-declared.ts";

export interface LiveContext {
  readonly observed: Observed;
  readonly key: EnvironmentKey;
  readonly environment: Environment;
  /** What Git declares there. */
  readonly reached: Reached;
  /** When it came last; what a cluster says of the time before says nothing about it. */
  readonly cameAt: number;
  readonly branch: RevisionContext["branch"];
  readonly readDeclaredAt: (commit: string) => Answer<Declared>;
}

export interface LiveVerdict {
  readonly reached: Reached;
  readonly cameAt: number;
  readonly stage: Stage;
  /** One sentence without a full stop. */
  readonly reason: string;
  readonly places: readonly PlaceVerdict[];
  /** Set when healthy everywhere: since when without a break, and the moment up to which that is known. */
  readonly healthy?: { readonly since: number; readonly until: number };
  /** Set when degraded somewhere: since when without a break, not counting the time before the release came. */
  readonly degraded?: { readonly since: number; readonly until: number; readonly why: string };
  /** Confirmed only. */
  readonly drift: readonly DriftFinding[];
  readonly needs: readonly Need[];
}

export interface PlaceVerdict {
  readonly reading: LiveReading;
  readonly state?: LiveState;
  readonly stage: Stage;
  readonly reason: string;
  /** Of a degraded place: since when it is so without a break, as far as known. */
  readonly sickSince?: number;
  /** Confirmed only. */
  readonly drift: readonly DriftFinding[];
  /** Drift that holds something up: a clause about it. */
  readonly drifted?: string;
  /** Whether there is drift was found out. */
  readonly driftKnown: boolean;
  readonly needs: readonly Need[];
}
