// Globs of `paths`: `*`, `?`, `[a-z]` and `{a,b}` within one part of a path, `**` for any number of parts. One part is
// matched by picomatch; the parts by a table, because one regular expression for the whole pattern can take minutes on a
// path that was made for it (measured: 295 s for five wildcard parts).

import picomatch from "picomatch";

export type Glob =
  | { readonly kind: "glob"; readonly matches: (path: string) => boolean }
  | { readonly kind: "unsafe"; readonly why: string };

type Part = "**" | ((name: string) => boolean);

export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/** The folder under which everything that a pattern matches stands. */
export function baseOf(pattern: string): string {
  const parts = pattern.split("/");
  const first = parts.findIndex(isGlob);
  return parts.slice(0, first === -1 ? -1 : first).join("/");
}

/** A pattern that matches a folder covers everything in it. */
export function readGlob(pattern: string): Glob {
  const parts = pattern.split("/");
  if (pattern.length > 255 || parts.some(isUnsafe)) {
    const why =
      "The pattern is too hard to match safely: use at most two `*` and one `{}` (of few words) between two slashes, no `/` in braces and no backslash.";
    return { kind: "unsafe", why };
  }
  const compiled = parts.map(compilePart);
  return { kind: "glob", matches: (path) => covers(compiled, path.split("/")) };
}

function isUnsafe(part: string): boolean {
  if (part === "**") return false;
  const count = (sign: string): number => part.split(sign).length - 1;
  // Two stars try every pair of positions, once for each alternative.
  const tries = count("*") > 1 ? count(",") : 0;
  return tries > 8 || count("*") > 2 || count("{") > 1 || count("{") !== count("}") || part.includes("\\");
}

function compilePart(part: string): Part {
  if (part === "**") return part;
  // Regular expression signs that picomatch would let through are letters here.
  const literal = part.replace(/[()|+]/g, "\\$&");
  return picomatch(literal, { dot: true, nonegate: true, noextglob: true, noglobstar: true, windows: false });
}

/** `reached` holds how many parts of the pattern can stand for the names so far. */
function covers(pattern: readonly Part[], names: readonly string[]): boolean {
  let reached = skipDeep(pattern, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const part = pattern[at];
      if (part === undefined) return true;
      if (part === "**") next.add(at);
      else if (part(name)) next.add(at + 1);
    }
    reached = skipDeep(pattern, next);
  }
  return reached.has(pattern.length);
}

/** `**` may stand for nothing. */
function skipDeep(pattern: readonly Part[], reached: Set<number>): Set<number> {
  // A set that grows while it is read is read to its new end.
  for (const at of reached) if (pattern[at] === "**") reached.add(at + 1);
  return reached;
}
