// The port to what really runs: reconcilers and clusters that the operator named. Reads judge nothing; what could not be
// read is unknown with the reason, also when a source is slow for ever. Nothing here throws for a failure of a source.

import type { DriftClaim, DriftFinding, DriftSuspect } from "../domain/drift.ts";
import type { LiveState } from "../domain/live-state.ts";
import type { ObjectReference } from "../domain/object-reference.ts";
import type { LiveTarget, ObjectSelector } from "../domain/pipeline.ts";
import type { Seen } from "../domain/seen.ts";

export interface Live {
  /**
   * The states of targets that name the same source, in their order: one list for each kind of object, however many targets
   * there are. Unknown as a whole or one by one.
   */
  read(request: LiveRequest): Promise<readonly Seen<LiveState>[]>;
  /** What reporters in the cluster claim to differ from Git, the newest of each object and none too old. */
  readClaims(request: { readonly source: string; readonly asker: string }): Promise<readonly DriftClaim[]>;
  /** Looks at suspects and claims again, live, and says what became of each. */
  verifyDrift(request: DriftRequest): Promise<Seen<readonly DriftFinding[]>>;
  /** Asks the reconciler to look again and to sync. Refused where the operator's settings do not allow writing. */
  askToSync(request: TargetRequest): Promise<SyncOutcome>;
  /**
   * Tells of changes in a source until `stop`; survives broken connections. What it tells is a hint and may come twice.
   * Sources that cannot be watched tell nothing.
   */
  watch(request: { readonly source: string; readonly onChange: () => void }): { stop(): void };
}

export interface LiveRequest {
  /** The id of a source in the operator's settings. */
  readonly source: string;
  /** `owner/name` of the config repository that asks: a source serves only those that the operator named in `for`. */
  readonly asker: string;
  readonly targets: readonly WantedTarget[];
}

export interface WantedTarget {
  readonly target: LiveTarget;
  /** Objects that count for health; empty: those that carry one of the images. */
  readonly objects: readonly ObjectSelector[];
  /** Names of the environment's images, as its files have them. */
  readonly images: readonly string[];
  /** Somebody waits for news there: a reconciler that has not looked at Git for long may be asked to look. */
  readonly awaited: boolean;
}

export interface TargetRequest {
  readonly source: string;
  readonly asker: string;
  readonly target: LiveTarget;
}

export interface DriftRequest extends TargetRequest {
  readonly suspects: readonly DriftSuspect[];
  readonly claim?: DriftClaim;
  /** Whether a commit that a claim names is on the environment's branch; absent: it names none, or that is not known. */
  readonly claimOnBranch?: boolean;
  /** What Git declares for an object at the commit that runs, where it stands there in plain YAML. */
  readonly declared: (object: ObjectReference) => unknown;
}

export type SyncOutcome = { readonly kind: "asked" } | { readonly kind: "refused"; readonly why: string };
