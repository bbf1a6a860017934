// Objects that a pull request takes out of an environment's files, so that the reconciler may delete them.

import type { EnvironmentKey } from "./pipeline.ts";

export interface Removal {
  readonly key: EnvironmentKey;
  readonly objects: readonly RemovedObject[];
  /** Nothing is declared there any more: the whole environment would be emptied. */
  readonly emptied: boolean;
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
