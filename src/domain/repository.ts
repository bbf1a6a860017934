// The config repository itself, as GitHub shows it. Types only.

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  /** Absent where it was not told. */
  readonly visibility?: Visibility;
  /** In the order in which we would use them. */
  readonly mergeMethods: readonly ("squash" | "merge" | "rebase")[];
}

/** Who may read it: those who were named, everybody of an enterprise, everybody. */
export type Visibility = "private" | "internal" | "public";
