// What the planner of one environment works on and what it answers. Types only.

import type { GateResult } from "../domain/gate.ts";
import type { LedgerState } from "../domain/ledger.ts";
import type { BranchState } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Action, Need, PromotionView, Wait } from "../domain/plan.ts";
import type { Promotion, StrayBranch } from "../domain/promotion.ts";
import type { Release } from "../domain/release.ts";
import type { Seen } from "../domain/seen.ts";
import type { Answer } from "./answer.ts";
import type { CandidateContext } from "./candidate-context.ts";
import type { Declared } from "./read-declared.ts";
import type { Rollback } from "./roll-back.ts";

export interface EnvironmentContext extends CandidateContext {
  readonly key: EnvironmentKey;
  readonly configuration: Configuration;
  readonly ledgerState: Seen<LedgerState>;
  readonly declared: Answer<Declared>;
  readonly baseName: string;
  readonly base: Answer<BranchState>;
  readonly promotion: Promotion | undefined;
  readonly stray: StrayBranch | undefined;
  /** Where the environment should go back to, if it should. */
  readonly rollback: Rollback | undefined;
  /** It is this promotion's turn to be brought up to date, where its base demands that. */
  readonly mayCatchUp: boolean;
  /** What a person wants to be tried once more, in this pass. */
  readonly reconsidered?: ReadonlySet<EnvironmentKey>;
}

/** The case that an environment is in; every row of the planner's table ends in one of them. */
export type Situation =
  | "ledger-untrusted"
  | "desired-unknown"
  | "candidate-unknown"
  | "nothing-to-do"
  | "superseded"
  | "held"
  | "blocked"
  | "declined"
  | "rolled-back"
  | "suspended"
  | "over-limit"
  | "waits-to-be-proposed"
  | "cannot-be-written"
  | "only-observes"
  | "opens"
  | "updates"
  | "waits-at-the-gates"
  | "waits-for-github"
  | "waits-for-a-person"
  | "merges";

export type Offer =
  | { readonly kind: "offered"; readonly release: Release; readonly reason: string }
  /** Not now: the candidate stays the candidate. */
  | {
      readonly kind: "later";
      readonly release: Release;
      readonly situation: Situation;
      readonly reason: string;
      readonly until?: number;
    }
  /** Not this one: there is nothing for this environment to take. */
  | { readonly kind: "nothing"; readonly situation: Situation; readonly reason: string; readonly release?: Release };

export interface EnvironmentDecision {
  readonly key: EnvironmentKey;
  readonly situation: Situation;
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  readonly needs: readonly Need[];
  readonly lookAgainAt?: number;
  /** What would be opened if the limits allow it; the repository's planner decides. */
  readonly opening?: Opening;
  /** What the open promotion says, and the gates that bind it or what would be proposed: for who asks. */
  readonly view?: PromotionView;
  readonly gates?: readonly GateResult[];
}

export interface Opening {
  readonly context: EnvironmentContext;
  readonly declared: Declared;
  readonly base: BranchState;
  /** With the pipeline's tags. */
  readonly release: Release;
  /** Since when it could have been here: the oldest wish goes first. */
  readonly since: number;
  readonly reason: string;
}

export interface Tended {
  readonly promotion: Promotion;
  /** What it proposes, with the pipeline's tags; absent when our commit's trailers cannot be read. */
  readonly proposed: Release | undefined;
  readonly declared: Declared;
  readonly base: BranchState;
  /** The candidate and whether it is offered; unknown when it could not be found out. */
  readonly offer: Answer<Offer>;
}
