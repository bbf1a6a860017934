// Paths and globs of a repository: which are allowed, and which files they select. A path stays inside the repository
// and out of `.git` and `.github`. A glob is matched name by name, never as one regular expression, whose time can grow
// with the power of its stars: one of 300 characters never ended on a path that was made for it.

import picomatch from "picomatch";
import type { Complaint } from "./basic-shapes.ts";

const LONGEST_PATTERN = 300;
const MOST_STARS_IN_NAME = 2;
const MOST_GLOBSTARS = 2;
const MOST_BRACES_IN_NAME = 1;
/** Two stars try every pair of positions, once for each alternative. */
const MOST_WORDS_BESIDE_STARS = 9;

/** Hidden files count, `(a|b)` and `!(a)` are no patterns. */
const GLOB_OPTIONS = { dot: true, noextglob: true, nonegate: true, maxLength: LONGEST_PATTERN } as const;

/** A file, a folder or a glob, perhaps with `!` before it. */
export function checkPathPattern(written: string): Complaint | undefined {
  const pattern = withoutExclusion(written);
  return checkConfined(pattern) ?? (isGlob(pattern) ? checkGlob(pattern) : undefined);
}

/** One file: no glob. */
export function checkFilePath(written: string): Complaint | undefined {
  if (written.endsWith("/")) return { message: `Expected a file, found the folder \`${written}\`.` };
  if (written.startsWith("!") || isGlob(written)) {
    return { message: `Expected the path of one file, found the pattern \`${written}\`.` };
  }
  return checkConfined(written);
}

function checkConfined(path: string): Complaint | undefined {
  if (path.length > LONGEST_PATTERN) return { message: `A path has at most ${LONGEST_PATTERN} characters.` };
  if (path.includes("\\")) return { message: "A path has no backslashes.", hint: "Part folders with `/`." };
  if (/\p{Cc}/u.test(path)) return { message: "A path has no control characters." };
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
    return {
      message: "A path begins at the root of the repository, without a slash.",
      hint: `Write \`${path.replace(/^\/+/, "")}\`.`,
    };
  }
  const segments = path.replace(/\/$/, "").split("/");
  if (segments.some((segment) => segment === ".." || segment === "." || segment === "")) {
    return { message: "A path has no `..`, no `.` and no empty names; it stays inside the repository." };
  }
  if (segments.some((segment) => segment.toLowerCase() === ".git") || segments[0]?.toLowerCase() === ".github") {
    return { message: "Nothing is ever promoted in `.git` or `.github`." };
  }
  return undefined;
}

function checkGlob(pattern: string): Complaint | undefined {
  const names = pattern.split("/");
  const most = (sign: string): number =>
    Math.max(...names.map((name) => name.replace(/^\*\*$/, "").split(sign).length - 1));
  const globstars = names.filter((name) => name === "**").length;
  if (
    most("*") > MOST_STARS_IN_NAME ||
    globstars > MOST_GLOBSTARS ||
    most("{") > MOST_BRACES_IN_NAME ||
    names.some((name) => name.split("*").length > 2 && name.split(",").length > MOST_WORDS_BESIDE_STARS) ||
    /\{[^}]*[{/]|\.\./.test(pattern)
  ) {
    const hint = `At most ${MOST_STARS_IN_NAME} \`*\` and ${MOST_BRACES_IN_NAME} \`{a,b}\` in a name, ${MOST_GLOBSTARS} \`**\`, and no \`/\` in braces.`;
    return { message: "This glob is too complicated.", hint };
  }
  if (matcherOf(pattern) === undefined) return { message: `The glob \`${pattern}\` cannot be read.` };
  return undefined;
}

export function isGlob(pattern: string): boolean {
  return /[*?[\]{}()]/.test(pattern);
}

export function withoutExclusion(pattern: string): string {
  return pattern.startsWith("!") ? pattern.slice(1) : pattern;
}

export type PathSelector = (file: string) => boolean;

/** Which files the patterns select: those that the last pattern about them does not exclude. */
export function selectPaths(patterns: readonly string[]): PathSelector {
  const steps = patterns.map((pattern) => ({
    excludes: pattern.startsWith("!"),
    matches: matchesPattern(withoutExclusion(pattern).replace(/\/$/, "")),
  }));
  return (file) => steps.findLast((step) => step.matches(file))?.excludes === false;
}

function matchesPattern(pattern: string): PathSelector {
  if (!isGlob(pattern)) return (file) => file === pattern || file.startsWith(`${pattern}/`);
  return matcherOf(pattern) ?? (() => false);
}

type Part = "**" | ((name: string) => boolean);

function matcherOf(pattern: string): PathSelector | undefined {
  try {
    const parts = pattern.split("/").map((name): Part => (name === "**" ? name : picomatch(name, GLOB_OPTIONS)));
    return (file) => covers(parts, file.split("/"));
  } catch {
    // The library throws on patterns that it cannot compile.
    return undefined;
  }
}

/** What matches a folder matches everything in it. `reached`: how many parts can stand for the names so far. */
function covers(parts: readonly Part[], names: readonly string[]): boolean {
  let reached = skipDeep(parts, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const part = parts[at];
      if (part === undefined) return true;
      if (part === "**") next.add(at);
      else if (part(name)) next.add(at + 1);
    }
    reached = skipDeep(parts, next);
  }
  return reached.has(parts.length);
}

/** `**` may stand for nothing. A set that grows while it is read is read to its new end. */
function skipDeep(parts: readonly Part[], reached: Set<number>): ReadonlySet<number> {
  for (const at of reached) if (parts[at] === "**") reached.add(at + 1);
  return reached;
}
