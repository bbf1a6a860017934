// Hints: stored rows that say "something may have changed here". They name what to read, never what is true.

import type { Actor } from "./conversation.ts";

export interface Hint {
  /** GitHub's numeric id, which survives renaming and transfer. */
  readonly repository: number;
  readonly subject: HintSubject;
}

export type HintSubject =
  | { readonly kind: "push"; readonly ref: string }
  | { readonly kind: "pull-request"; readonly number: number }
  | { readonly kind: "check"; readonly head: string }
  | { readonly kind: "merge-group"; readonly head: string }
  | { readonly kind: "image"; readonly image: string; readonly tag?: string; readonly told?: ToldImage }
  | { readonly kind: "comment"; readonly number: number; readonly comment: number }
  /** Somebody pressed a button of our check `run`; `button` is its identifier, hostile. The open pull request of its branch is told along. */
  | {
      readonly kind: "button";
      readonly head: string;
      readonly run: number;
      readonly button: string;
      readonly by: Actor;
      readonly pullRequest?: number;
    }
  | { readonly kind: "live"; readonly source: string }
  | { readonly kind: "repository" };

/** What GitHub's signed event said of an image in its own registry, which may be more than anybody can read there. */
export interface ToldImage {
  /** Of the manifest that the hint's tag names. */
  readonly digest: string;
  /** `org.opencontainers.image.revision`, a commit. */
  readonly revision?: string;
  /** `org.opencontainers.image.source`, as the image has it: hostile. */
  readonly source?: string;
}

export interface StoredHint extends Hint {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly storedAt: number;
}
