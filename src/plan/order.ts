// What a person ordered and what comes of it. Types only.

import type { Command } from "../domain/command.ts";
import type { Actor, Conversation } from "../domain/conversation.ts";
import type { CommandAnswer } from "../domain/conversation-actions.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, Environment, EnvironmentKey, Pipeline } from "../domain/pipeline.ts";
import type { Action, Need } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";

/** One command, by whom, when and where. */
export interface Order {
  /** `comment/4711.0`: by it the ledger knows that it was carried out. */
  readonly id: string;
  /** As it was written, one line. */
  readonly line: string;
  readonly command: Command;
  readonly by: Actor;
  readonly at: number;
  readonly conversation: Conversation;
  /** The commit on which it was given; absent: what was the head at that time. */
  readonly head?: string;
}

export interface ObeyContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  /** As it will be after the orders before this one. */
  readonly ledger: Ledger;
  /** What was asked for earlier in the same comment. */
  readonly requested?: { readonly key: EnvironmentKey; readonly release: Release };
  /** A line earlier in the same comment that asked for something and came to nothing, as it was written. */
  readonly unmet?: string;
}

/** An environment, or a pipeline as a whole. */
export interface Target {
  readonly pipeline: Pipeline;
  readonly environment?: Environment;
}

export type Obeyed =
  /** Something is to be remembered. */
  | {
      readonly kind: "done";
      readonly ledger: Ledger;
      /** One sentence without a full stop: the answer, and the ledger's word for it. */
      readonly what: string;
      readonly notes?: readonly string[];
      readonly requested?: ObeyContext["requested"];
    }
  /** Something is to be done that leaves no trace in the ledger. */
  | { readonly kind: "acts"; readonly actions: readonly Action[]; readonly what: string }
  /** There is nothing to do. */
  | { readonly kind: "noted"; readonly what: string; readonly notes?: readonly string[] }
  | {
      readonly kind: "refused";
      readonly what: string;
      readonly notes?: readonly string[];
      /** What was begun is given up. */
      readonly ledger?: Ledger;
    }
  | { readonly kind: "confused"; readonly what: string; readonly notes?: readonly string[] }
  /** Asked for instead of something to do; answered when everything is planned. */
  | { readonly kind: "asks"; readonly about: readonly EnvironmentKey[] }
  /** Something has to be known first, or to be done: then `begun` is the ledger that says what, with a sentence about it. */
  | {
      readonly kind: "waits";
      readonly why: string;
      readonly needs: readonly Need[];
      readonly begun?: { readonly ledger: Ledger; readonly news: string };
    };

export type Settled = Exclude<Obeyed, { readonly kind: "waits" | "asks" }>;

/** An answer that is complete, or one that the plan completes. */
export type DraftAnswer =
  | { readonly kind: "complete"; readonly answer: CommandAnswer }
  | { readonly kind: "open"; readonly order: Order; readonly about: readonly EnvironmentKey[] };
