// What is known of one image in its registry, as far as somebody asked.

import type { Seen } from "./seen.ts";

export interface ImageState {
  /** All tags of the repository that are tags; empty where only single tags were asked for. */
  readonly tags: readonly string[];
  /** When the tags were read; 0: never. */
  readonly readAt: number;
  /** By tag, as far as asked: the digest, or `undefined` inside when the registry has no such tag. */
  readonly digests: Readonly<Record<string, Seen<string | undefined>>>;
  /** By digest, as far as asked: when the image says that it was built; `undefined` inside when it does not say. */
  readonly created: Readonly<Record<string, Seen<number | undefined>>>;
  /** By digest: when Stagecoach first saw it; 0 for what was there when it began to look, whose age nobody knows. */
  readonly firstSeen: Readonly<Record<string, number>>;
  /** When Stagecoach began to look at this image. */
  readonly since?: number;
}

/** Whether the list of tags was read; of an image that was only asked for single tags it was not. */
export function hasTags(state: Seen<ImageState>): boolean {
  return state.kind === "unknown" || state.value.readAt > 0;
}
