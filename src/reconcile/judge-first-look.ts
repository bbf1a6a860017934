// When a version counts as first seen: what is found so shortly after the first look was there before it, so that it is
// seen now says nothing about its age.

import type { ImageState } from "../domain/image-state.ts";

const FIRST_LOOK = 60_000;

/** Epoch milliseconds; 0 for what was there when Stagecoach began to look. */
export function firstSeenAt({ since }: Pick<ImageState, "since">, now: number): number {
  return now - (since ?? now) < FIRST_LOOK ? 0 : now;
}
