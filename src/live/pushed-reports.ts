// What clusters have pushed, as the live sources need it: the newest of each, and only as long as it is young enough.

import type { DriftClaim } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { Seen } from "../domain/seen.ts";
import type { LiveSettings } from "../domain/settings.ts";
import type { WantedTarget } from "./live.ts";

export interface PushedReports {
  /** In the order of the targets. */
  readStates(source: LiveSettings, targets: readonly WantedTarget[]): Promise<readonly Seen<LiveState>[]>;
  readClaims(source: LiveSettings): Promise<readonly DriftClaim[]>;
}
