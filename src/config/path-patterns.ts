// Paths and globs of a repository: which are allowed, and which files they select. A path stays inside the repository
// and out of `.git` and `.github`. Globs are held small, because a matcher's work grows with the power of their stars.

import picomatch from "picomatch";
import type { Complaint } from "./basic-shapes.ts";

const LONGEST_PATTERN = 300;
const MOST_STARS_IN_NAME = 2;
const MOST_GLOBSTARS = 2;
const MOST_BRACES = 3;

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
  const stars = Math.max(...pattern.split("/").map((name) => name.replace(/^\*\*$/, "").split("*").length - 1));
  const globstars = pattern.split("/").filter((name) => name === "**").length;
  const braces = pattern.split("{").length - 1;
  if (
    stars > MOST_STARS_IN_NAME ||
    globstars > MOST_GLOBSTARS ||
    braces > MOST_BRACES ||
    /\{[^}]*\{|\.\./.test(pattern)
  ) {
    const hint = `At most ${MOST_STARS_IN_NAME} \`*\` in a name, ${MOST_GLOBSTARS} \`**\` and ${MOST_BRACES} \`{a,b}\`, none inside another.`;
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
  const itself = matcherOf(pattern);
  const below = matcherOf(`${pattern}/**`);
  return (file) => itself?.(file) === true || below?.(file) === true;
}

function matcherOf(pattern: string): PathSelector | undefined {
  try {
    const matches = picomatch(pattern, GLOB_OPTIONS);
    return (file) => matches(file);
  } catch {
    // The library throws on patterns that it cannot compile.
    return undefined;
  }
}
