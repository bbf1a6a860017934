// The dashboard: one issue that shows how a repository stands, with boxes that people tick. As it stands on GitHub, and as
// it should be. Facts and finished sentences; nothing in it changes while the world stands still.

import type { Actor } from "./conversation.ts";
import type { Decided } from "./decided.ts";
import type { EnvironmentKey } from "./pipeline.ts";

export interface DashboardIssue {
  readonly number: number;
  /** GraphQL node id. */
  readonly node: string;
  /** As it stands there; people may have written into it. */
  readonly body: string;
  /** Of our last text; absent when a person removed the mark. */
  readonly fingerprint?: string;
  /** Who changed the body since we did last, the newest first. */
  readonly editors: readonly Actor[];
  /** When it was changed last, by whomever; epoch milliseconds. Absent: never. */
  readonly editedAt?: number;
}

export type DashboardState =
  | { readonly kind: "open"; readonly issue: DashboardIssue }
  /** A person closed it: ours lose their label when we close them. */
  | { readonly kind: "closed"; readonly number: number }
  /** We have just opened it, and GitHub does not list it yet. */
  | { readonly kind: "opened"; readonly number: number };

/** A command of the table without its slash, as a box has it: `resume checkout/live`. */
export type Box = string;

export interface DashboardView {
  /** What stops everything, sentences without a full stop. */
  readonly alarms: readonly string[];
  readonly held: readonly HeldRow[];
  readonly blocked: readonly BlockedRow[];
  readonly failing: readonly PromotedRow[];
  readonly waiting: readonly WaitingRow[];
  readonly drifting: readonly { readonly key: EnvironmentKey; readonly issue: number }[];
  readonly lent: readonly LentRow[];
  readonly open: readonly OpenRow[];
  readonly running: readonly RunningTable[];
  /** Environments that have what they should have. */
  readonly idle: readonly EnvironmentKey[];
  /** Ticks are taken. */
  readonly mayTick: boolean;
  readonly fingerprint: string;
}

export interface HeldRow {
  /** An environment, `checkout/live`, or a pipeline as a whole. */
  readonly place: string;
  readonly by: string;
  readonly at: number;
  readonly until?: number;
  readonly reason: string;
  readonly boxes: readonly Box[];
}

export interface BlockedRow {
  readonly tag: string;
  readonly images: readonly string[];
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  readonly boxes: readonly Box[];
}

export interface PromotedRow {
  readonly key: EnvironmentKey;
  readonly release: string;
  readonly number: number;
  /** One sentence without a full stop. */
  readonly why: string;
}

export interface WaitingRow {
  readonly key: EnvironmentKey;
  /** One sentence without a full stop. */
  readonly why: string;
  /** When that is expected to be over; epoch milliseconds. */
  readonly until?: number;
}

/** An environment that a pull request has borrowed. */
export interface LentRow {
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly by: string;
  readonly at: number;
  /** It has ended, and is being put back: a clause that says why. */
  readonly ended?: string;
}

export interface OpenRow {
  readonly key: EnvironmentKey;
  readonly release: string;
  readonly number: number;
  readonly boxes: readonly Box[];
}

/** Pipelines with the same environments. */
export interface RunningTable {
  readonly environments: readonly string[];
  readonly rows: readonly { readonly pipeline: string; readonly cells: readonly RunningCell[] }[];
}

export interface RunningCell {
  /** What Git declares, as tags; absent while it is not fully known. */
  readonly declared?: string;
  /** It says where it runs, and nobody has seen it healthy there with this. */
  readonly unproven: boolean;
}

/** The issue is opened, or written anew. */
export interface TellDashboard extends Decided {
  readonly kind: "tell-dashboard";
  /** Absent: a new one. */
  readonly issue?: number;
  /** What stands there now: a person may have undone their own edit. */
  readonly present?: string;
  readonly view: DashboardView;
}

/** The issue is closed where it is open, and is the dashboard no longer. */
export interface CloseDashboard extends Decided {
  readonly kind: "close-dashboard";
  readonly issue: number;
  /** It is open still. */
  readonly open: boolean;
}
