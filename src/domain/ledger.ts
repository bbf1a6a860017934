// What Stagecoach remembers because it exists nowhere else. Stored as small YAML files on the ledger branch;
// `ledger/` turns them into this and back, the planner says what is added. Times are epoch milliseconds.

import type { EnvironmentKey } from "./pipeline.ts";
import type { Release } from "./release.ts";

export const LEDGER_BRANCH = "stagecoach-ledger";

/** How many releases an environment remembers having reached. */
export const REACHED_KEPT = 20;

export interface Ledger {
  readonly environments: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
  readonly holds: readonly Hold[];
  readonly blocks: readonly Block[];
  readonly overrides: readonly Override[];
  /** Commands that were carried out, the newest first: none is carried out twice. */
  readonly commands: readonly ExecutedCommand[];
  /** Environments that are lent to a pull request, or not yet put back after it. */
  readonly sandboxes: readonly Sandbox[];
  /** Names that somebody ordered and that are not there yet. */
  readonly retags: readonly Retag[];
}

export interface EnvironmentMemory {
  /** Every release that Git declared here, the present one first. */
  readonly reached: readonly Reached[];
  readonly declined: readonly Declined[];
  readonly rolledBack: readonly RolledBack[];
  /** Releases that were degraded for longer than allowed just after they came. */
  readonly stopped: readonly Stopped[];
  /** What a person wants here: the candidate until it is here, or until the next such word. */
  readonly requested?: Requested;
}

export interface Requested {
  readonly release: Release;
  readonly at: number;
  readonly by: string;
  /** GitHub's numeric id of that person, whose own approval does not count. */
  readonly byId: number;
  /** It goes back: gates before the proposal are not asked, and the environment's hold does not stop it. */
  readonly back?: true;
  readonly reason?: string;
}

export interface Reached {
  readonly release: Release;
  /** When it came here first. */
  readonly at: number;
  /** When it came last, where it had been here before. */
  readonly again?: number;
  /** The promotion that brought it last; absent when a person's commit did. */
  readonly pullRequest?: number;
  /** That pull request was the promotion of a group. */
  readonly shared?: true;
  readonly mergedBy?: string;
  /** Who brought it by a commit without any pull request; only told where the environment refuses that. */
  readonly pushedBy?: string;
  readonly approvedBy?: readonly string[];
  readonly head?: string;
  /** The commit of the environment's branch that brought it, as far as known: the merge, or where it was first seen. */
  readonly commit?: string;
  /** When it was first seen healthy here, in every place where the environment runs. */
  readonly healthyAt?: number;
  /** The longest unbroken health that some gate asks for and that it completed here; milliseconds. */
  readonly soaked?: number;
}

/** An automatic hold: this release goes nowhere from here, newer ones do. */
export interface Stopped {
  readonly release: Release;
  readonly at: number;
  /** A clause: what was wrong, and since when. */
  readonly why: string;
}

/** A person closed the pull request: the release is not offered here again. */
export interface Declined {
  readonly release: Release;
  readonly at: number;
  readonly pullRequest: number;
  readonly by: string;
}

/** Git went back behind this release: it stays away here and from every environment after. */
export interface RolledBack {
  readonly release: Release;
  readonly at: number;
  readonly to: string;
  /** The commit in which it was noticed. */
  readonly commit: string;
}

export interface Hold {
  /** A pipeline, or one environment of it. */
  readonly pipeline: string;
  readonly environment?: string;
  readonly by: string;
  readonly at: number;
  readonly until?: number;
  readonly reason: string;
}

export interface Block {
  readonly image: string;
  readonly digest: string;
  readonly tag: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

/** Somebody who may let something past one gate: a release into an environment, or one head past a guard. */
export interface Override {
  /** The gate's word: `soak`. */
  readonly gate: string;
  readonly pipeline?: string;
  readonly environment?: string;
  /** It counts for this release alone. */
  readonly release?: Release;
  /** It counts for this head of somebody's pull request alone. */
  readonly head?: string;
  readonly by: string;
  readonly byId: number;
  readonly at: number;
  readonly reason: string;
}

/** Kept until the comment is too old to be obeyed. */
export interface ExecutedCommand {
  /** Where it came from: `comment/4711.0`, the second command of a comment `comment/4711.1`. */
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly byId: number;
  /** As it was written, one line. */
  readonly line: string;
  /** What came of it, one sentence without a full stop: the answer, if it got lost. */
  readonly outcome: string;
}

export interface Sandbox {
  readonly pipeline: string;
  readonly environment: string;
  /** The pull request that it is lent to, and its branch. */
  readonly number: number;
  readonly branch: string;
  readonly by: string;
  readonly byId: number;
  readonly at: number;
  /** What the field said before, which is put back. */
  readonly before: string;
  /** What our pull requests wrote or proposed since, the newest last: anything else there is a person's word. */
  readonly wrote: readonly string[];
  /** When it ended, and why, a clause; what was lent is put back from then on. */
  readonly endedAt?: number;
  readonly ended?: string;
}

/** A digest that is to get a name; it leaves the ledger when it has it, or when that came to nothing. */
export interface Retag {
  /** The command that ordered it, as in `ExecutedCommand`. */
  readonly id: string;
  readonly pipeline: string;
  readonly environment: string;
  /** Where the digest is: the pipeline's name of the image. */
  readonly from: string;
  readonly digest: string;
  /** The environment's name of the image, and the tag. */
  readonly image: string;
  readonly tag: string;
  readonly by: string;
  readonly byId: number;
  readonly at: number;
}

export const EMPTY_LEDGER: Ledger = {
  environments: {},
  holds: [],
  blocks: [],
  overrides: [],
  commands: [],
  sandboxes: [],
  retags: [],
};

export const NOTHING_REMEMBERED: EnvironmentMemory = { reached: [], declined: [], rolledBack: [], stopped: [] };

/** Whether the ledger may be believed. `absent` is only the first day: promotions without a ledger are `untrusted`. */
export type LedgerState =
  | { readonly kind: "trusted"; readonly ledger: Ledger; readonly head: string; readonly tree: string }
  | { readonly kind: "absent" }
  | { readonly kind: "untrusted"; readonly why: string };
