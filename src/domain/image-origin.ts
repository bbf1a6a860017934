// Where an image says that it was built from: what its build wrote into annotations or labels. Hostile; whether it may be
// believed is decided elsewhere.

export interface ImageOrigin {
  /** A commit, in whatever way the build names it. */
  readonly revision?: string;
  /** Address of the repository that the commit is of, from where the commit stands or from below. */
  readonly source?: string;
}
