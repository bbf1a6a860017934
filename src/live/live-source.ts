// One source of live states, whatever stands behind it. Who may ask, how long it may take, and what becomes of a fault is
// decided before it is asked.

import type { DriftFinding } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { LiveTarget } from "../domain/pipeline.ts";
import type { Seen } from "../domain/seen.ts";
import type { DriftRequest, SyncOutcome, TargetRequest, WantedTarget } from "./live.ts";

export interface LiveSource {
  /** Kinds of targets that can be read here. */
  readonly serves: readonly LiveTarget["kind"][];
  /** In the order of the targets. `now` is epoch milliseconds. */
  read(targets: readonly WantedTarget[], options: { readonly now: number }): Promise<readonly Seen<LiveState>[]>;
  verifyDrift(request: DriftRequest): Promise<Seen<readonly DriftFinding[]>>;
  /** Writes; whether that is allowed was decided before. */
  askToSync(request: TargetRequest): Promise<SyncOutcome>;
  watch(options: { readonly onChange: () => void }): { stop(): void };
}
