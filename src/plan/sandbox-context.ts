// What the planner of one lent environment works on and what it answers. Types only.

import type { Conversation } from "../domain/conversation.ts";
import type { Ledger, Sandbox } from "../domain/ledger.ts";
import type { BranchState, Observed } from "../domain/observed.ts";
import type { Configuration, Environment, EnvironmentKey, Pipeline, SandboxField } from "../domain/pipeline.ts";
import type { Action, Need, Wait } from "../domain/plan.ts";
import type { SandboxPull } from "../domain/sandbox.ts";

export interface SandboxesContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly ledger: Ledger;
}

/** A claim with everything that it rests on. */
export interface SandboxContext extends SandboxesContext {
  readonly key: EnvironmentKey;
  readonly claim: Sandbox;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly field: SandboxField;
  readonly baseName: string;
  readonly base: BranchState;
  /** The pull request that borrows. */
  readonly borrower: Conversation | undefined;
  /** Our own open pull request that changes the field. */
  readonly pull: SandboxPull | undefined;
}

export interface SandboxDecision {
  /** As it is to be remembered; absent: it is over. */
  readonly claim?: Sandbox;
  /** A sentence for each thing that the ledger does not know yet. */
  readonly news: readonly string[];
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  readonly needs: readonly Need[];
  readonly lookAgainAt?: number;
}
