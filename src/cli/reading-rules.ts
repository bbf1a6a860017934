// Joins the reader of pipeline files to the planner's knowledge of ranges and patterns; neither imports the other.

import type { Rules } from "../config/shape.ts";
import { readTagPattern } from "../plan/tag-pattern.ts";
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
