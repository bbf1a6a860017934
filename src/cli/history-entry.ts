// One stretch of an environment's history: what its files declared between two commits of its branch, and what is known
// of how that came to be.

export interface HistoryEntry {
  /** Epoch milliseconds. */
  readonly since: number;
  /** The clone begins here: it may have been so for longer. */
  readonly orEarlier: boolean;
  /** Absent: still so. */
  readonly until?: number;
  readonly commit: string;
  readonly title: string;
  readonly author: string;
  /** Empty: nothing is declared. An image stands there twice where its places disagree. */
  readonly versions: readonly HistoricalVersion[];
  /** Files of which it is not known what they declare. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
  readonly how: "promotion" | "commit";
  readonly pullRequest?: number;
  readonly requestedBy: readonly string[];
  readonly overriddenBy: readonly string[];
  /** From here on, from the ledger. */
  readonly mergedBy?: string;
  readonly approvedBy?: readonly string[];
  /** Epoch milliseconds. */
  readonly healthyAt?: number;
  /** Milliseconds. */
  readonly soaked?: number;
}

export interface HistoricalVersion {
  /** The pipeline's name. */
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Where the digest stands, when not in the files. */
  readonly digestFrom?: "promotion" | "ledger";
}
