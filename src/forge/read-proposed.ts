// Reads what a commit of ours proposes: one release for the environment that its branch is named after, or one for each
// environment of a group. Whether there is such a group is the pipeline file's to say. Pure.

import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { PromotionHead } from "../domain/promotion.ts";
import { readParts, readRelease } from "./read-trailers.ts";

export function readProposed(message: string, key: EnvironmentKey): Pick<PromotionHead, "release" | "parts"> {
  const release = readRelease(message, key);
  if (release) return { release };
  const parts = readParts(message).map((part) => ({ key: part.key, release: part.release }));
  return parts.length > 0 ? { parts } : {};
}
