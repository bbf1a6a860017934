// The words by which people name what can be overridden: gates of an environment, and guards of a pull request.

import { GUARDS } from "../domain/guard.ts";
import type { Environment } from "../domain/pipeline.ts";

/** Gates that no environment writes, because they are always there. */
const ALWAYS = ["freeze", "drift", "refused"];

export function gateWordsOf({
  proposeWhen,
  mergeWhen,
}: Pick<Environment, "proposeWhen" | "mergeWhen">): readonly string[] {
  return [...new Set([...proposeWhen, ...mergeWhen].map(({ kind }): string => kind)), ...ALWAYS];
}

/** What came without a pull request has none on which somebody could say so. */
export const GUARD_WORDS: readonly string[] = [
  ...GUARDS.filter((guard) => guard !== "direct-pushes"),
  "environments",
  "removals",
];
