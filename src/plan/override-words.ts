// The words by which people name what can be overridden: gates of an environment, and guards of a pull request.

import type { Environment } from "../domain/pipeline.ts";

/** Gates that no environment writes, because they are always there. */
const ALWAYS = ["freeze", "drift", "refused"];

export function gateWordsOf({
  proposeWhen,
  mergeWhen,
}: Pick<Environment, "proposeWhen" | "mergeWhen">): readonly string[] {
  return [...new Set([...proposeWhen, ...mergeWhen].map(({ kind }): string => kind)), ...ALWAYS];
}

export const GUARD_WORDS: readonly string[] = [
  "secrets",
  "mutable-tags",
  "downgrades",
  "unproven",
  "several-environments",
  "removals",
];
