// What a pass decided: actions in the order of performance, waits, what it would have to know, and when to look again.
// Every action and every wait carries a sentence; those sentences are the user interface.

import type { Finding } from "./finding.ts";
import type { GateResult } from "./gate.ts";
import type { Ledger } from "./ledger.ts";
import type { EnvironmentKey } from "./pipeline.ts";
import type { Edit } from "./place.ts";
import type { Release } from "./release.ts";

export interface Plan {
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  /** Facts without which the plan is not final; answered and planned again within the same pass. */
  readonly needs: readonly Need[];
  /** Epoch milliseconds; absent when nothing but an event or the periodic pass can change anything. */
  readonly lookAgainAt?: number;
}

export interface Wait {
  readonly key?: EnvironmentKey;
  readonly reason: string;
  readonly until?: number;
}

export type Need =
  | { readonly kind: "tags"; readonly image: string }
  | { readonly kind: "digest"; readonly image: string; readonly tag: string }
  | { readonly kind: "created"; readonly image: string; readonly digest: string }
  | { readonly kind: "edit"; readonly key: EnvironmentKey; readonly release: Release }
  | { readonly kind: "head-files"; readonly head: string };

export type Action =
  | Remember
  | ClosePromotion
  | MergePromotion
  | UpdatePromotion
  | DescribePromotion
  | LabelPromotion
  | SetCheck
  | OpenPromotion
  | DeleteBranch;

interface Decided {
  /** A whole sentence without a full stop: why this is done. */
  readonly reason: string;
}

/** One commit on the ledger branch, with everything that this pass has to remember. */
export interface Remember extends Decided {
  readonly kind: "remember";
  /** A sentence for each thing that is new. */
  readonly news: readonly string[];
  /** As it was read. */
  readonly before: Ledger;
  readonly ledger: Ledger;
  /** Where the ledger was read; absent when the branch does not exist yet. */
  readonly on?: { readonly head: string; readonly tree: string };
}

export interface OpenPromotion extends Decided {
  readonly kind: "open";
  readonly key: EnvironmentKey;
  readonly base: string;
  readonly baseHead: string;
  readonly baseTree: string;
  /** The branch's present head, where a branch without pull request is in the way. */
  readonly branchHead?: string;
  readonly edit: Edit;
  readonly view: PromotionView;
  readonly check: CheckView;
}

/** A new head on the same pull request, straight from the head that was seen. */
export interface UpdatePromotion extends Decided {
  readonly kind: "update";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly head: string;
  readonly baseHead: string;
  readonly baseTree: string;
  readonly edit: Edit;
  readonly view: PromotionView;
  readonly check: CheckView;
  /** Title or body differ from what the pull request shows now. */
  readonly describe: boolean;
}

export interface DescribePromotion extends Decided {
  readonly kind: "describe";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly view: PromotionView;
}

export interface LabelPromotion extends Decided {
  readonly kind: "label";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly labels: readonly string[];
}

export interface ClosePromotion extends Decided {
  readonly kind: "close";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly head: string;
}

export interface MergePromotion extends Decided {
  readonly kind: "merge";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly head: string;
  readonly method: "squash" | "merge" | "rebase" | "queue";
  readonly view: PromotionView;
}

export interface DeleteBranch extends Decided {
  readonly kind: "delete-branch";
  readonly branch: string;
  readonly head: string;
}

export interface SetCheck extends Decided {
  readonly kind: "set-check";
  readonly head: string;
  readonly check: CheckView;
  /** The run to edit; absent: a new one (a completed run cannot be reopened). */
  readonly run?: number;
}

/** What the check on a head says. */
export interface CheckView {
  readonly state: "in-progress" | "success" | "failure";
  /** A short sentence that stands beside the check's name. */
  readonly title: string;
  readonly subject: CheckSubject;
  readonly fingerprint: string;
}

export type CheckSubject =
  | {
      readonly kind: "promotion";
      readonly key: EnvironmentKey;
      readonly gates: readonly GateResult[];
      readonly notes: readonly string[];
    }
  | { readonly kind: "merge-group"; readonly promotions: readonly number[]; readonly notes: readonly string[] }
  | { readonly kind: "findings"; readonly findings: readonly Finding[]; readonly notes: readonly string[] }
  | { readonly kind: "nothing-of-ours"; readonly notes: readonly string[] };

/** Everything that a promotion's title, body, commit and merge message are made of. */
export interface PromotionView {
  readonly key: EnvironmentKey;
  readonly pipeline: string;
  readonly environment: string;
  readonly release: Release;
  /** What stands there now, per image; empty text where places disagree. */
  readonly moves: readonly ImageMove[];
  readonly places: readonly {
    readonly path: string;
    readonly line: number;
    readonly from: string;
    readonly to: string;
  }[];
  readonly gates: readonly GateResult[];
  /** Where this release has been before: environment and time, oldest first. */
  readonly way: readonly { readonly environment: string; readonly at: number; readonly pullRequest?: number }[];
  readonly merge: "auto" | "manual";
  readonly labels: readonly string[];
  /** What Stagecoach saw, for a bug report: stable text, no secrets. */
  readonly saw: readonly string[];
  readonly fingerprint: string;
}

export interface ImageMove {
  readonly image: string;
  readonly from?: { readonly tag?: string; readonly digest?: string };
  readonly to: { readonly tag: string; readonly digest: string };
}
