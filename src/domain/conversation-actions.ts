// What a pass decided to say to people who gave commands. Every command has one answer, also where it was refused.

import type { Reaction } from "./conversation.ts";
import type { CloseDashboard, TellDashboard } from "./dashboard.ts";
import type { Decided } from "./decided.ts";
import type { GateResult } from "./gate.ts";
import type { EnvironmentKey } from "./pipeline.ts";

export type ConversationAction =
  | Acknowledge
  | AnswerComment
  | TellRefused
  | Reconsider
  | TellDashboard
  | CloseDashboard;

/** At once, so that people know that they were heard. */
export interface Acknowledge extends Decided {
  readonly kind: "acknowledge";
  /** GraphQL node ids of comments. */
  readonly nodes: readonly string[];
}

/** One answer to all commands of one comment. */
export interface AnswerComment extends Decided {
  readonly kind: "answer-comment";
  readonly number: number;
  /** GraphQL node id of the conversation. */
  readonly conversation: string;
  readonly comment: { readonly id: number; readonly node: string };
  readonly reaction: Exclude<Reaction, "seen">;
  readonly view: AnswerView;
}

/** What a button or a box asked for and nobody does: the one comment that says why. */
export interface TellRefused extends Decided {
  readonly kind: "tell-refused";
  readonly number: number;
  readonly view: RefusalView;
}

/** What GitHub refused lately is tried again. */
export interface Reconsider extends Decided {
  readonly kind: "reconsider";
  readonly keys: readonly EnvironmentKey[];
}

export interface AnswerView {
  /** Id of the comment that is answered. */
  readonly comment: number;
  readonly answers: readonly CommandAnswer[];
}

export interface RefusalView {
  /** The end of the comment's mark; the same is told once. */
  readonly situation: string;
  readonly refusals: readonly Refusal[];
}

export interface Refusal {
  /** Logins. */
  readonly by: readonly string[];
  /** The command, one line; hostile. */
  readonly line: string;
  /** Why not, one sentence without a full stop. */
  readonly what: string;
  /** What would help, one sentence without a full stop each. */
  readonly notes: readonly string[];
}

/** How one command ended. */
export interface CommandAnswer {
  /** As it was written, one line; hostile. */
  readonly line: string;
  readonly reaction: Exclude<Reaction, "seen">;
  /** What was done or why not, one sentence without a full stop. */
  readonly what: string;
  /** What would help, or comes next, one sentence without a full stop each. */
  readonly notes: readonly string[];
  readonly report?: AnswerReport;
}

/** What was asked for instead of something to do. */
export type AnswerReport =
  | { readonly kind: "status"; readonly environments: readonly EnvironmentStatus[]; readonly more: number }
  | {
      readonly kind: "gates";
      readonly environments: readonly {
        readonly key: EnvironmentKey;
        readonly release: string;
        readonly gates: readonly GateResult[];
      }[];
    }
  | {
      readonly kind: "changes";
      readonly changes: readonly {
        readonly path: string;
        readonly line: number;
        readonly from: string;
        readonly to: string;
      }[];
    }
  | {
      readonly kind: "help";
      readonly commands: readonly { readonly usage: string; readonly says: string; readonly who: string }[];
    };

export interface EnvironmentStatus {
  readonly key: EnvironmentKey;
  /** What Git declares there, as tags; absent while it is not fully known. */
  readonly declared?: string;
  readonly proposed?: { readonly release: string; readonly number: number };
  /** One sentence without a full stop: what happens there, or why nothing does. */
  readonly what: string;
}
