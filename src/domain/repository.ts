// The config repository itself, as GitHub shows it. Types only.

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  /** In the order in which we would use them. */
  readonly mergeMethods: readonly ("squash" | "merge" | "rebase")[];
}
