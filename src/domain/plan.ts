// What a pass decided: actions in the order of performance, waits, what it would have to know, and when to look again.
// Every action and every wait carries a sentence; those sentences are the user interface.

import type { CheckView } from "./check-view.ts";
import type { ConversationAction } from "./conversation-actions.ts";
import type { Decided } from "./decided.ts";
import type { DequeuePromotion } from "./dequeue-promotion.ts";
import type { EndpointQuestion } from "./endpoint.ts";
import type { GateResult } from "./gate.ts";
import type { ImageMove } from "./image-move.ts";
import type { Ledger } from "./ledger.ts";
import type { LiveAction } from "./live-actions.ts";
import type { EnvironmentKey, LiveTarget } from "./pipeline.ts";
import type { Edit } from "./place.ts";
import type { ReleasePart } from "./promotion.ts";
import type { Release } from "./release.ts";
import type { RetagImage } from "./retag-image.ts";
import type { SandboxAction } from "./sandbox-actions.ts";
import type { SignatureQuestion } from "./signature.ts";
import type { SourceRange, ToldSource } from "./source-history.ts";

export interface Plan {
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  /** Facts without which the plan is not final; answered and planned again within the same pass. */
  readonly needs: readonly Need[];
  /** Epoch milliseconds; absent when nothing but an event or the periodic pass can change anything. */
  readonly lookAgainAt?: number;
  /** Numbers of conversations in which somebody still waits for an answer. */
  readonly unanswered: readonly number[];
  /** Ids of presses of buttons that are not settled yet; absent: none. */
  readonly pressed?: readonly string[];
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
  | { readonly kind: "platforms"; readonly image: string; readonly digest: string }
  /** Whether the operator lets this name be written. */
  | { readonly kind: "may-name"; readonly image: string; readonly tag: string }
  | { readonly kind: "edit"; readonly key: EnvironmentKey; readonly release: Release }
  /** The edits of several environments on top of one another, where they share a file. */
  | { readonly kind: "joint-edit"; readonly parts: readonly ReleasePart[] }
  | { readonly kind: "head-files"; readonly head: string }
  | { readonly kind: "sandbox-field"; readonly key: EnvironmentKey; readonly value: string }
  /** Where a commit stands on a branch whose head is `head`. */
  | { readonly kind: "revision"; readonly commit: string; readonly head: string }
  /** What the environment's files said at a commit. */
  | { readonly kind: "declared-at"; readonly commit: string; readonly key: EnvironmentKey }
  | { readonly kind: "children"; readonly image: string; readonly digest: string }
  /** Suspects and claims about one place where the environment runs; `commit` is what it runs. */
  | { readonly kind: "drift"; readonly key: EnvironmentKey; readonly target: LiveTarget; readonly commit?: string }
  | { readonly kind: "told"; readonly number: number; readonly commit?: string }
  | { readonly kind: "issues" }
  | { readonly kind: "removals"; readonly number: number; readonly head: string; readonly base: string }
  | { readonly kind: "reviews"; readonly number: number }
  /** What that person may do here at this moment. */
  | { readonly kind: "person"; readonly login: string }
  /** `team`: `organisation/name`. */
  | { readonly kind: "membership"; readonly team: string; readonly login: string }
  | { readonly kind: "endpoint"; readonly question: EndpointQuestion }
  | { readonly kind: "signature"; readonly question: SignatureQuestion }
  /** What somebody's pull request would make of the environments and of the pipeline file. */
  | {
      readonly kind: "change";
      readonly number: number;
      readonly head: string;
      readonly base: string;
      readonly fork: boolean;
    }
  /** Who brought what a file of a branch says. */
  | { readonly kind: "origin"; readonly head: string; readonly path: string }
  /** From which commit an image says that it was built. */
  | { readonly kind: "image-origin"; readonly image: string; readonly digest: string }
  /** What came between two commits of a source repository. */
  | ({ readonly kind: "source-history" } & SourceRange);

export type Action =
  | Remember
  | ClosePromotion
  | MergePromotion
  | DequeuePromotion
  | UpdatePromotion
  | DescribePromotion
  | LabelPromotion
  | SetCheck
  | OpenPromotion
  | DeleteBranch
  | RetagImage
  | LiveAction
  | SandboxAction
  | ConversationAction;

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

/** Everything that a promotion's title, body, commit and merge message are made of. */
export interface PromotionView {
  /** Of a group that brings something to several environments: the key of the group. */
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
  /** What could not be looked up in the registry, a sentence without a full stop each; absent: nothing. */
  readonly unread?: readonly string[];
  /** It goes back: why, a sentence without a full stop. */
  readonly rollback?: string;
  /** Login of who asked for exactly this. */
  readonly requestedBy?: string;
  /** Logins of those who let it past a gate. */
  readonly overriddenBy: readonly string[];
  /** What Stagecoach saw, for a bug report: stable text, no secrets. */
  readonly saw: readonly string[];
  /** What it is for each environment of a group, where it goes to several of them; everything else is then their sum. */
  readonly parts?: readonly PromotionView[];
  readonly fingerprint: string;
  /**
   * Where its versions come from; only where something is written that tells it. What stands between two commits never
   * changes, so the fingerprint goes without it.
   */
  readonly source?: ToldSource;
}
