// Drift: a difference between Git and a cluster that nobody promoted. A suspect is what a source or a report says; only
// a finding with the verdict `confirmed` was seen live, at the right revision, and is told as true.

import type { ObjectReference } from "./object-reference.ts";

export type DriftChange = "modified" | "missing" | "extra" | "undeclared-fields";

/** Something that differs at first sight, or that somebody claims to differ. */
export interface DriftSuspect {
  readonly object: ObjectReference;
  readonly change: DriftChange;
  readonly fields: readonly DriftField[];
  /** How it was noticed, in a few words: `Argo CD's comparison`, `managed fields`. */
  readonly evidence: string;
}

export interface DriftField {
  /** `/spec/template/spec/containers/0/image`, a JSON pointer; empty for the object as a whole. */
  readonly path: string;
  readonly desired?: DriftValue;
  readonly live?: DriftValue;
  /** The tool that wrote the field, from the live object's managed fields: never a person's name. */
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  /** Epoch milliseconds. */
  readonly time?: number;
}

/** What may be shown, as JSON and cut short; of secrets only that there is something. */
export type DriftValue = { readonly kind: "shown"; readonly text: string } | { readonly kind: "hidden" };

export type DriftVerdict =
  /** Seen live, at the revision that Git has, and nothing allows it. */
  | "confirmed"
  /** It was so, or was said to be so, and is not any more. */
  | "healed"
  /** Said of a revision that the cluster has left behind. */
  | "stale"
  /** Said of a commit that is not on the environment's branch. */
  | "wrong-revision"
  /** The field has yet another value now. */
  | "changed-since"
  /** A rule of the reconciler, or of Kubernetes itself, allows it. */
  | "ignored"
  /** It could not be looked at. */
  | "unverifiable";

export interface DriftFinding {
  readonly object: ObjectReference;
  readonly change: DriftChange;
  /** As seen live where it could be seen; absent where the object as a whole is meant. */
  readonly field?: DriftField;
  readonly verdict: DriftVerdict;
  /** A clause without a full stop: the rule that allows it, why it could not be verified. */
  readonly why: string;
  /** Who claimed it; absent when Stagecoach noticed it itself. */
  readonly claimedBy?: string;
}

/** An authenticated report by somebody in the cluster. It says where to look, never what is true. */
export interface DriftClaim {
  readonly report: string;
  /** Name of the reporter. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly observedAt: number;
  /** The commit that the reporter saw applied. */
  readonly commit?: string;
  /** The reconciler's object. */
  readonly target: ObjectReference;
  readonly suspects: readonly DriftSuspect[];
}
