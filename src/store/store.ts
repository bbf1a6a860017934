// The port to the store: hints, the work queue and caches. It may be deleted at any moment and nothing is lost; what
// must not be lost stands in Git, on GitHub and in the ledger.

import type { Hint, StoredHint } from "../domain/hint.ts";
import type { RepositoryReference } from "../forge/forge.ts";

export interface Store {
  readonly hints: HintStore;
  readonly cache: Cache;
  readonly repositories: RepositoryDirectory;
  readonly work: WorkQueue;
  readonly budgets: BudgetStore;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface HintStore {
  /**
   * Stores the hints and wakes the repositories that they name, in one transaction.
   * `delivery` identifies the message that they came with; a second one with the same id stores nothing.
   */
  add(message: { readonly delivery: string; readonly hints: readonly Hint[] }): Promise<"stored" | "duplicate">;
  of(repository: number): Promise<readonly StoredHint[]>;
  remove(ids: readonly string[]): Promise<void>;
}

/** Values by kind and key; immutable ones are kept until space is needed, all may vanish. */
export interface Cache {
  read(kind: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  write(kind: string, entries: ReadonlyMap<string, string>): Promise<void>;
  /** Removes what has not been read or written for so long. */
  sweep(olderThan: { readonly milliseconds: number }): Promise<void>;
}

/** Which repositories there are, and what each of them follows. Rebuilt by the periodic pass. */
export interface RepositoryDirectory {
  save(repository: RepositoryReference): Promise<void>;
  find(repository: number): Promise<RepositoryReference | undefined>;
  list(): Promise<readonly RepositoryReference[]>;
  remove(repository: number): Promise<void>;
  saveImages(repository: number, images: readonly string[]): Promise<void>;
  trackers(image: string): Promise<readonly RepositoryReference[]>;
  /** Ids of live sources that its environments name. */
  saveSources(repository: number, sources: readonly string[]): Promise<void>;
  followers(source: string): Promise<readonly RepositoryReference[]>;
  /** Every source that some repository follows. */
  followedSources(): Promise<readonly string[]>;
}

export interface WorkQueue {
  /** Asks for a pass, now or at `at`; of two times the earlier one holds. Asked twice before it starts is one pass; asked while it runs is one more afterwards. */
  wake(repository: number, options?: { readonly at?: Date }): Promise<void>;
  /**
   * Runs passes until `stop`. One pass per repository at a time and one writer per installation, across processes.
   * A handler that throws is tried again with backoff, one that throws `Deferred` when its time has come; a repository
   * whose process died is taken up again. `signal` is aborted when the pass must stop writing: another process took its
   * place, or the time to drain is over.
   */
  start(handler: (repository: number, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Takes nothing new, waits for what runs, at most so long. */
  stop(options: { readonly milliseconds: number }): Promise<void>;
  /** Passes that are due (or will be in two seconds), running, or to be tried again; a wake for later does not count. */
  pending(): Promise<number>;
}

/** GitHub's patience with an installation, shared by all processes. */
export interface BudgetStore {
  defer(installation: number, until: Date): Promise<void>;
  deferredUntil(installation: number): Promise<Date | undefined>;
}
