// Objects that a pull request takes out of an environment's files, so that the reconciler may delete them.

import type { EnvironmentKey } from "./pipeline.ts";

export interface Removal {
  readonly key: EnvironmentKey;
  readonly objects: readonly RemovedObject[];
  /** Nothing is declared there any more: the whole environment would be emptied. */
  readonly emptied: boolean;
  /** What could not be looked at there: whole sentences without a full stop. With no object, they are all there is to tell. */
  readonly notes: readonly string[];
}

export interface RemovedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The file that declared it. */
  readonly path: string;
  /** Annotations that keep a reconciler from deleting it, in their own words. */
  readonly protection: readonly string[];
  /** What goes with it cannot be made again from Git. */
  readonly holdsData: boolean;
}

/** What a pull request touches. */
export interface ChangedFiles {
  /** The head that was looked at. */
  readonly head: string;
  /** Tree of the commit where the pull request left its base, and of its head: what it takes out shows between them. */
  readonly mergeBaseTree: string;
  readonly headTree: string;
  /** Every path that it touches, old and new names. */
  readonly paths: readonly string[];
}
