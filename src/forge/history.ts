// The port to the history of a clone on this machine: which commits of a branch changed which files, who made them, and
// what their messages say about promotions. Facts from Git alone, as people wrote them; nothing is judged here.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { Release } from "../domain/release.ts";

export interface History {
  /** Whether the clone ends before the history does. */
  isShallow(): Promise<boolean>;
  /** The commits along the first parents of `head` that changed something, newest first. */
  readChanges(wanted: ChangesWanted): Promise<readonly HistoryChange[]>;
  /** Bytes by blob id, as they are. What the clone does not have is not in the answer. */
  readBytes(oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface ChangesWanted {
  readonly head: string;
  /** Files and folders from the top of the repository; one that is empty stands for all of it. */
  readonly below: readonly string[];
  /** Whose promotions are looked for in the messages. */
  readonly key: EnvironmentKey;
}

export interface HistoryChange {
  readonly commit: string;
  readonly tree: string;
  /** Epoch milliseconds, by the committer's clock. */
  readonly committedAt: number;
  /** Name of the author. */
  readonly author: string;
  readonly title: string;
  /** Of the pull request that the title names, as GitHub writes it. */
  readonly pullRequest?: number;
  /** What the message says about a promotion to the environment: of the commit itself, or of the one that it merged. */
  readonly promotion?: StatedPromotion;
  readonly files: readonly FileState[];
  /** The clone begins here: `files` are all that there were, and what was before is not known. */
  readonly cutOff: boolean;
}

export interface StatedPromotion {
  readonly release: Release;
  readonly requestedBy: readonly string[];
  readonly overriddenBy: readonly string[];
}

export interface FileState {
  readonly path: string;
  /** Absent: it was removed. */
  readonly now?: { readonly mode: string; readonly oid: string };
}
