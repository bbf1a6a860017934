// Everything that a pass knows when it decides: facts with their gaps, nothing judged. Plain data that survives
// JSON, so that a pass can be recorded and planned again.

import type { LedgerState } from "./ledger.ts";
import type { Configuration, EnvironmentKey } from "./pipeline.ts";
import type { Edit, Place, PlaceProblem } from "./place.ts";
import type { CheckState, GuardedHead, PastPromotion, Promotion, StrayBranch } from "./promotion.ts";
import type { Release } from "./release.ts";
import type { Seen } from "./seen.ts";

export interface Observed {
  /** Epoch milliseconds; the only clock that the planner knows. */
  readonly now: number;
  readonly repository: Repository;
  /** `undefined` inside: the repository has no pipeline file. */
  readonly configuration: Seen<Configuration | undefined>;
  readonly ledger: Seen<LedgerState>;
  /** By branch name; the default branch and every `branch:` of an environment. */
  readonly branches: Readonly<Record<string, Seen<BranchState>>>;
  /** What the files of each environment say. */
  readonly environments: Readonly<Record<EnvironmentKey, Seen<DeclaredState>>>;
  /** By normalised image name. An image that is absent has not been read yet. */
  readonly images: Readonly<Record<string, Seen<ImageState>>>;
  readonly promotions: readonly Promotion[];
  readonly strays: readonly StrayBranch[];
  readonly past: readonly PastPromotion[];
  readonly guarded: readonly GuardedHead[];
  /** By `editKey`: what the planner asked to have computed. */
  readonly edits: Readonly<Record<string, Seen<EditResult>>>;
  /** By commit: the blobs that a promotion's head has where its base has others. */
  readonly heads: Readonly<Record<string, Seen<readonly HeadFile[]>>>;
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  /** In the order in which we would use them. */
  readonly mergeMethods: readonly ("squash" | "merge" | "rebase")[];
}

export interface BranchState {
  readonly head: string;
  readonly tree: string;
  /** Epoch milliseconds of the head commit. */
  readonly committedAt: number;
  /** Login or name of the head commit's author. */
  readonly author: string;
  readonly usesMergeQueue: boolean;
  /** Our check on the head commit itself. */
  readonly check?: CheckState;
}

export interface DeclaredState {
  readonly places: readonly Place[];
  readonly problems: readonly PlaceProblem[];
}

export interface ImageState {
  /** All tags of the repository that are tags; empty where only single tags were asked for. */
  readonly tags: readonly string[];
  /** When the tags were read; 0: never. */
  readonly readAt: number;
  /** By tag, as far as asked: the digest, or `undefined` inside when the registry has no such tag. */
  readonly digests: Readonly<Record<string, Seen<string | undefined>>>;
  /** By digest, as far as asked: when the image says that it was built; `undefined` inside when it does not say. */
  readonly created: Readonly<Record<string, Seen<number | undefined>>>;
  /** By digest: when Stagecoach first saw it. */
  readonly firstSeen: Readonly<Record<string, number>>;
}

/** Whether the list of tags was read; of an image that was only asked for single tags it was not. */
export function hasTags(state: Seen<ImageState>): boolean {
  return state.kind === "unknown" || state.value.readAt > 0;
}

export type EditResult =
  | { readonly kind: "edit"; readonly edit: Edit }
  | {
      readonly kind: "refused";
      readonly path: string;
      readonly line: number;
      readonly column: number;
      readonly why: string;
    };

export interface HeadFile {
  readonly path: string;
  /** Git blob id after the change; absent when the file was removed. */
  readonly blob?: string;
}

/** The name under which an edit is asked for and answered. Tags count too: an environment may have its own. */
export function editKey(key: EnvironmentKey, release: Release): string {
  return [key, ...release.versions.map(({ image, tag, digest }) => `${image}:${tag}@${digest}`)].join(" ");
}
