// Patterns over tags, written by people in the pipeline file. Compiled by RE2, whose time is linear in the tag, so that
// no pattern can stall a pass. Says whether a tag matches and what of it is ranked; judges no versions.

import { RE2JS, RE2JSException } from "re2js";

export type TagPattern = CompiledPattern | { readonly kind: "invalid"; readonly why: string };

export interface CompiledPattern {
  readonly kind: "pattern";
  /** It has a group `version`. */
  readonly capturesVersion: boolean;
  /**
   * The text that is ranked: what the group `version` captured, else the whole tag. `undefined`: the tag does not match;
   * empty: it matches, but the group captured nothing.
   */
  extract(tag: string): string | undefined;
}

const LONGEST_PATTERN = 300;
/** Instructions of RE2's program. Ten thousand tags against a program of this size cost seconds at the very worst. */
const LARGEST_PROGRAM = 300;
const GROUP = "version";
const KEPT = 500;

const patterns = new Map<string, TagPattern>();

/** Whether tags that match say by their own words which version they are. */
export function capturesVersion(pattern: string): boolean {
  const compiled = readTagPattern(pattern);
  return compiled.kind === "pattern" && compiled.capturesVersion;
}

/** Compiles a pattern once; both `(?P<version>…)` and `(?<version>…)` are read. */
export function readTagPattern(text: string): TagPattern {
  const before = patterns.get(text);
  if (before !== undefined) return before;
  const pattern = compile(text);
  if (patterns.size >= KEPT) patterns.clear();
  patterns.set(text, pattern);
  return pattern;
}

/**
 * What the tag says under a pattern that `config` has already read: `version` as `extract` gives it, `undefined` when the
 * tag does not match or the pattern is none.
 */
export function matchTag(pattern: string, tag: string): { readonly version: string } | undefined {
  const compiled = readTagPattern(pattern);
  const version = compiled.kind === "pattern" ? compiled.extract(tag) : undefined;
  return version === undefined ? undefined : { version };
}

function compile(text: string): TagPattern {
  if (text.length > LONGEST_PATTERN) return invalid(`it is longer than ${LONGEST_PATTERN} characters`);
  try {
    const expression = RE2JS.compile(text);
    if (expression.programSize() > LARGEST_PROGRAM) {
      return invalid("it is too large; use fewer or smaller repetitions");
    }
    const captures = Object.hasOwn(expression.namedGroups(), GROUP);
    return { kind: "pattern", capturesVersion: captures, extract: extractor(expression, captures) };
  } catch (error) {
    // RE2 names the part that it could not read; anything else is a fault of ours and must be seen.
    if (error instanceof RE2JSException) return invalid(error.message);
    throw error;
  }
}

function extractor(expression: RE2JS, captures: boolean): (tag: string) => string | undefined {
  if (!captures) return (tag) => (expression.test(tag) ? tag : undefined);
  return (tag) => {
    const matcher = expression.matcher(tag);
    return matcher.find() ? (matcher.group(GROUP) ?? "") : undefined;
  };
}

function invalid(why: string): TagPattern {
  return { kind: "invalid", why };
}
