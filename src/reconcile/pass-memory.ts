// What one process keeps between passes so that an unchanged repository costs next to nothing: what was found in a
// file, by the file's Git id and by what was looked for. Everything here can be found again; the oldest goes first.

import type { Configuration } from "../domain/pipeline.ts";
import type { ProposedChange } from "../domain/proposed-change.ts";
import type { Removal } from "../domain/removal.ts";
import type { Seen } from "../domain/seen.ts";
import type { ToldPackage } from "../forge/forge.ts";
import type { createLedgerReader, LedgerReading } from "../ledger/read-ledger.ts";
import type { PlacesInFile } from "../manifests/find-places.ts";
import type { TreeIndex } from "../manifests/tree-index.ts";

export interface PassMemory {
  readonly places: Kept<PlacesInFile>;
  readonly trees: Kept<TreeIndex>;
  readonly configurations: Kept<Configuration>;
  readonly ledgers: Kept<LedgerReading>;
  /** Actions that GitHub refused lately. */
  readonly refused: Kept<{ readonly until: number; readonly why: string }>;
  /** By repository: how often somebody asked for what was refused to be tried again. */
  readonly retried: Kept<number>;
  /** By installation: what the forge told lately of images in its own registry, and when it was asked. */
  readonly packages: Kept<{ readonly at: number; readonly told: readonly ToldPackage[] }>;
  /** When the tags of an image were to be read again, whether or not somebody asked for them then. */
  readonly lookedAt: Kept<number>;
  /** By question: why nothing was found out lately about where a version comes from. */
  readonly unreadSources: Kept<{ readonly until: number; readonly why: string }>;
  /** By head, base and pipeline file: what a pull request takes out of environments. */
  readonly removals: Kept<Seen<readonly Removal[]>>;
  /** By head, base and pipeline file: what a pull request would make of the environments. */
  readonly changes: Kept<Seen<ProposedChange>>;
  /** By tree: why it is not read. */
  readonly tooLarge: Kept<string>;
  /** By repository: a reader that looks only into files which changed. */
  readonly ledgerReaders: Kept<ReturnType<typeof createLedgerReader>>;
}

export interface Kept<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

export function createPassMemory(): PassMemory {
  return {
    places: keepAtMost(60_000),
    trees: keepAtMost(20),
    configurations: keepAtMost(50),
    ledgers: keepAtMost(50),
    refused: keepAtMost(2_000),
    retried: keepAtMost(2_000),
    packages: keepAtMost(500),
    lookedAt: keepAtMost(20_000),
    unreadSources: keepAtMost(2_000),
    removals: keepAtMost(500),
    changes: keepAtMost(500),
    tooLarge: keepAtMost(500),
    ledgerReaders: keepAtMost(50),
  };
}

/** Forgets what was used longest ago. */
function keepAtMost<T>(count: number): Kept<T> {
  const entries = new Map<string, T>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      for (const oldest of entries.keys()) {
        if (entries.size <= count) break;
        entries.delete(oldest);
      }
    },
  };
}
