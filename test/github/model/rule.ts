// What a branch rule (ruleset) of a repository demands. Stories set them with setRule.

import type { MergeMethod } from "./repository.ts";

export interface RequiredCheck {
  readonly context: string;
  /** id of the app that has to report it; absent = anybody */
  readonly app?: number;
}

export interface BranchRule {
  readonly id: number;
  /** a branch name, or one with a `*` at its end */
  readonly branch: string;
  readonly requiredChecks: readonly RequiredCheck[];
  /** the head has to contain the base's tip */
  readonly strict: boolean;
  /** pull requests are required when this is defined, with so many approvals */
  readonly requiredApprovals: number | undefined;
  readonly dismissStaleReviews: boolean;
  readonly requireLastPushApproval: boolean;
  readonly mergeQueue: { readonly method: MergeMethod } | undefined;
  /** slugs of apps and logins of users that may update the branch; undefined = everybody with write access */
  readonly restrictUpdates: readonly string[] | undefined;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
  /** slugs of apps and logins of users that pass every part of this rule */
  readonly bypass: readonly string[];
}
