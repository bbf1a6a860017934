// Repositories beside the config repository whose versions are promoted, and what is read of them. Types only.

/** A repository beside the config repository, by its present name. */
export interface SourceRepository {
  readonly owner: string;
  readonly name: string;
}

export interface Revision {
  readonly name: string;
  /** 40 hexadecimal digits; of an annotated tag the commit that it leads to. */
  readonly commit: string;
  /** When that commit was made, epoch milliseconds; absent where GitHub does not say. */
  readonly committedAt?: number;
}

export interface RevisionList {
  readonly tags: readonly Revision[];
  /** How many tags there are. */
  readonly total: number;
  /** None was left out because of the number of pages. */
  readonly isWhole: boolean;
}
