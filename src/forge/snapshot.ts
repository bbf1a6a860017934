// What one question to the forge answers: the ids of one moment, and what is open.

import type { Conversation } from "../domain/conversation.ts";
import type { DashboardIssue } from "../domain/dashboard.ts";
import type { BranchState } from "../domain/observed.ts";
import type { GuardedHead, PastPromotion, Promotion, StrayBranch } from "../domain/promotion.ts";
import type { Repository } from "../domain/repository.ts";
import type { SandboxPulls } from "../domain/sandbox.ts";
import type { Seen } from "../domain/seen.ts";

/** The ids of one moment and what is open; one request per 50 open pull requests. */
export interface Snapshot {
  readonly repository: Repository;
  /** GraphQL node id, for moving refs. */
  readonly node: string;
  readonly branches: Readonly<Record<string, Seen<BranchState | undefined>>>;
  /** The ledger branch: head and its newest commits, newest first; `undefined` when the branch does not exist. */
  readonly ledger: Seen<LedgerBranch | undefined>;
  readonly promotions: readonly Promotion[];
  readonly strays: readonly StrayBranch[];
  /** Our pull requests among the 50 that were closed or merged last. */
  readonly past: readonly PastPromotion[];
  readonly guarded: readonly GuardedHead[];
  readonly sandboxPulls: SandboxPulls;
  /** Every open pull request, those that ended last, and our dashboard issue. */
  readonly conversations: readonly Conversation[];
  /** Our open dashboard issue; of several the oldest. */
  readonly dashboard?: DashboardIssue;
  /** A dashboard issue of ours that is closed and has its label still; of several the newest. */
  readonly closedDashboard?: { readonly number: number };
}

export interface LedgerBranch {
  readonly head: string;
  readonly tree: string;
  readonly commits: readonly LedgerCommit[];
  /** There are older commits than those in `commits`. */
  readonly more: boolean;
}

export interface LedgerCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** Made by our app and signed by GitHub. */
  readonly ours: boolean;
  readonly author: string;
}
