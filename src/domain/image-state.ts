// What is known of one image in its registry, as far as somebody asked.

import type { ToldImage } from "./hint.ts";
import type { Seen } from "./seen.ts";

export interface ImageState {
  /** All tags of the repository that are tags; empty where only single tags were asked for. */
  readonly tags: readonly string[];
  /** When the tags were read; 0: never. */
  readonly readAt: number;
  /** When a single tag was asked for last. */
  readonly askedAt?: number;
  /** By tag, as far as asked: the digest, or `undefined` inside when the registry has no such tag. */
  readonly digests: Readonly<Record<string, Seen<string | undefined>>>;
  /**
   * By tag: the digest that it named when the tags were read the time before. Good enough to see that nothing has
   * changed, and never enough to promote it.
   */
  readonly earlier?: Readonly<Record<string, string>>;
  /** What the registry calls this state of its tags. */
  readonly etag?: string;
  /** By digest, as far as asked: when the image says that it was built; `undefined` inside when it does not say. */
  readonly created: Readonly<Record<string, Seen<number | undefined>>>;
  /** By digest, as far as asked: for which platforms there is an image. */
  readonly platforms?: Readonly<Record<string, Seen<readonly string[]>>>;
  /** By digest: when Stagecoach first saw it; 0 for what was there when it began to look, whose age nobody knows. */
  readonly firstSeen: Readonly<Record<string, number>>;
  /** When Stagecoach began to look at this image. */
  readonly since?: number;
  /** Of a Git repository with many tags: when every one of them was read last. */
  readonly wholeAt?: number;
  /** By tag: what signed events said of it. It counts only where the registry itself answers nobody. */
  readonly told?: Readonly<Record<string, ToldVersion>>;
  /** Why the registry could not be asked, so that `told` is all that is known. */
  readonly toldAlone?: string;
}

export interface ToldVersion extends ToldImage {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Of an image that nobody has looked at. */
export const UNREAD_IMAGE: ImageState = { tags: [], readAt: 0, digests: {}, created: {}, firstSeen: {} };

/**
 * What is known of the digest that a tag names; `undefined`: nobody has asked. A tag may be called `constructor`, which
 * every object has.
 */
export function digestOfTag(
  { digests }: Pick<ImageState, "digests">,
  tag: string,
): Seen<string | undefined> | undefined {
  return Object.hasOwn(digests, tag) ? digests[tag] : undefined;
}

/** Whether the list of tags was read; of an image that was only asked for single tags it was not. */
export function hasTags(state: Seen<ImageState>): boolean {
  return state.kind === "unknown" || state.value.readAt > 0;
}
