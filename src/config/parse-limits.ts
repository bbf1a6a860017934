// How large, deep and tangled a written file may be. Beyond any of these it is refused with a finding.

/** Bytes. */
export const LARGEST_FILE = 400 * 1024;
export const DEEPEST_NESTING = 32;
/** Aliases, those inside what an alias stands for counted each time. */
export const MOST_ALIASES = 100;
/** Of the YAML grammar. A full 400 KiB of ordinary configuration has about 120,000. */
export const MOST_TOKENS = 200_000;
/** Maps, lists and values read while the pipelines are made, those of a `for-each` once for every folder. */
export const MOST_READINGS = 300_000;
/** After `for-each`. */
export const MOST_PIPELINES = 2_000;
/** Of any list but that of the pipelines. */
export const MOST_ITEMS = 200;
/** Bytes of all files together. */
export const LARGEST_TOGETHER = 1024 * 1024;
export const MOST_FOR_EACH = 100;

export function nestedTooDeep(): string {
  return `This is nested deeper than ${DEEPEST_NESTING} levels.`;
}
