// Joins the reader of pipeline files to the planner's knowledge of ranges and patterns; neither imports the other.

import type { Rules } from "../config/shape.ts";
import { matchTag, readTagPattern } from "../plan/tag-pattern.ts";
import { readVersionRange } from "../plan/version-range.ts";

export const READING_RULES: Rules = {
  range(text) {
    const range = readVersionRange(text);
    return range.kind === "invalid" ? range.why : undefined;
  },
  pattern(text) {
    const pattern = readTagPattern(text);
    return pattern.kind === "invalid" ? pattern.why : undefined;
  },
};

/** A rule about what may be written is no search: it has to match from end to end. */
export function matchesWholeTag(pattern: string, tag: string): boolean {
  return matchTag(`^(?:${pattern})$`, tag) !== undefined;
}
