// Promotions: one move of a release into one environment, seen as the pull request that proposes it.

import type { EnvironmentKey } from "./pipeline.ts";
import type { Release } from "./release.ts";

/** An open pull request of ours, as GitHub shows it. */
export interface Promotion {
  readonly number: number;
  /** The environment that it goes to, or `<group>/<environment>` where it goes to those of a group. */
  readonly key: EnvironmentKey;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  /** The fingerprint that our last description carries; absent when a person removed it. */
  readonly describedAs?: string;
  readonly labels: readonly string[];
  readonly openedAt: number;
  readonly draft: boolean;
  readonly head: PromotionHead;
  readonly mergeable: "mergeable" | "conflicting" | "unknown";
  /** GitHub's own summary of the branch's rules. */
  readonly mergeState: "clean" | "behind" | "blocked" | "unknown" | "other";
  readonly inMergeQueue: boolean;
  /** Who took this head out of the merge queue, and GitHub's word for the reason. */
  readonly leftQueue?: { readonly by: string; readonly why: string };
  /** Current approving reviews by people with write access, each with the head it was given on. */
  readonly approvals: readonly Approval[];
  /** What others than we reported about the head. */
  readonly checks: HeadChecks;
  /** Who has commits on the branch that are not ours, merges of the base by the button included: logins where known. */
  readonly pushedBy: readonly string[];
  readonly check?: CheckState;
}

export interface Approval {
  readonly by: string;
  /** GitHub's numeric id, which stays where a login changes; absent where GitHub does not tell it. */
  readonly byId?: number;
  /** The head that it was given on. */
  readonly head: string;
}

export interface HeadChecks {
  /** How many others have reported; those above what is read of a head are not in `found`. */
  readonly total: number;
  readonly found: readonly HeadCheck[];
}

/** What somebody reported about a head: an app by a check run, or anybody who may write by a commit status. */
export interface HeadCheck {
  readonly name: string;
  /** The slug of the app that reported it; absent for a status of a person. */
  readonly app?: string;
  /** `nothing`: it has ended and proves nothing. */
  readonly state: "passed" | "running" | "failed" | "nothing";
  /** GitHub's own word, small and with spaces: `timed out`. */
  readonly word: string;
  /** Epoch milliseconds; absent while it has not begun. */
  readonly at?: number;
}

export interface PromotionHead {
  readonly oid: string;
  /** When its newest commit was made, epoch milliseconds; what that commit says, so true of ours. */
  readonly committedAt: number;
  /** The commit of the base on which our commit stands. */
  readonly parent: string;
  /** What our commit's trailers say it writes; absent when they cannot be read. */
  readonly release?: Release;
  /** What they say for other environments than the branch is named after: those of a group. */
  readonly parts?: readonly ReleasePart[];
  readonly ownership: Ownership;
}

/** What a promotion of a group brings to one environment. */
export interface ReleasePart {
  readonly key: EnvironmentKey;
  readonly release: Release;
}

/** One signed commit of ours above the base (merges of the base by the button do not count against it), or not. */
export type Ownership =
  | { readonly kind: "ours" }
  | { readonly kind: "foreign"; readonly by: string; readonly commit: string; readonly why: string };

export interface CheckState {
  readonly id: number;
  readonly state: "in-progress" | "success" | "failure";
  /** What we set when we wrote it. */
  readonly fingerprint: string;
}

/** A branch under our prefix without an open pull request. */
export interface StrayBranch {
  readonly key: EnvironmentKey;
  readonly branch: string;
  readonly head: PromotionHead;
}

/** A pull request of ours that is over. */
export interface PastPromotion {
  readonly number: number;
  readonly key: EnvironmentKey;
  readonly release?: Release;
  /** What it brought to the environments of a group. */
  readonly parts?: readonly ReleasePart[];
  /** It is seen for one environment of a group. */
  readonly shared?: true;
  readonly outcome: "merged" | "closed";
  /** The branch that it went to, or would have gone to. */
  readonly base: string;
  /** Login of who merged or closed it, and whether that was our app. */
  readonly by: string;
  readonly byUs: boolean;
  readonly openedAt: number;
  readonly endedAt: number;
  readonly head: string;
  readonly approvals: readonly string[];
  readonly mergeCommit?: string;
}

/** Somebody else's pull request to a governed branch, or the head of a merge group. */
export interface GuardedHead {
  readonly head: string;
  /** Absent for merge groups. */
  readonly number?: number;
  readonly base: string;
  /** Numbers of our promotions that a merge group contains. */
  readonly contains: readonly number[];
  /** Numbers of people's pull requests that it contains. */
  readonly others?: readonly number[];
  /** Its branch is in another repository. */
  readonly fork?: true;
  /** The name of its branch; hostile. Absent for merge groups. */
  readonly branch?: string;
  readonly check?: CheckState;
}

/** A current approval by a person with write access. */
export interface ApprovingReview {
  readonly by: string;
  /** The head that it was given on. */
  readonly head: string;
  /** As written; hostile. */
  readonly text: string;
}
