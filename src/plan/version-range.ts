// Version ranges as people of Flux and Kargo write them (the Masterminds/semver language: commas, `!=`, `2.x-0`),
// and versions as tags carry them. Decides membership and precedence; which tag wins belongs to `rank-versions.ts`.
// npm's own range reader refuses or reads differently a third of that language, so only its version arithmetic is used.
// Where Masterminds contradicts its own documentation (`^*`, `~0.0.0`, comparisons with a bare `*`, `!=1.2-0`), this follows the documentation.

import semver, { type SemVer } from "semver";

export type VersionRange =
  | { readonly kind: "range"; matches(version: string | SemVer, options?: RangeOptions): boolean }
  | { readonly kind: "invalid"; readonly why: string };

export interface RangeOptions {
  /** Pre-releases count although the range does not mention any; `<2.0` still keeps those of 2.0.0 out. */
  readonly preReleases?: boolean;
}

interface Comparator {
  readonly operator: Operator;
  /** The written version, its open parts filled with zeros. */
  readonly lowest: SemVer;
  /** How much of it was written: `1` leaves all of major 1 open, `1.2` all of minor 1.2. */
  readonly written: "nothing" | "major" | "minor" | "all";
}

type Operator = "=" | "!=" | ">" | "<" | ">=" | "<=" | "~" | "^";

const LONGEST_RANGE = 256;
const OPERATORS: Readonly<Record<string, Operator>> = {
  "": "=",
  "=": "=",
  "!=": "!=",
  ">": ">",
  "<": "<",
  ">=": ">=",
  "=>": ">=",
  "<=": "<=",
  "=<": "<=",
  "~": "~",
  "~>": "~",
  "^": "^",
};
const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const PARTIAL = `v?(?:[0-9]+|[xX*])(?:\\.(?:[0-9]+|[xX*])){0,2}(?:-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`;
const COMPARATOR = new RegExp(`^(=|!=|>=|=>|>|<=|=<|<|~>|~|\\^)?\\s*(${PARTIAL})(?=[\\s,]|$)[\\s]*,?\\s*`);
const HYPHEN = new RegExp(`(${PARTIAL})\\s+-\\s+(${PARTIAL})`, "g");
const PARTS = new RegExp(`^v?([^.+-]+)(?:\\.([^.+-]+))?(?:\\.([^.+-]+))?(?:-(${IDENTIFIERS}))?`);
const LENIENT = new RegExp(`^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?$`);

/** Reads a range. `matches` reads versions as leniently as Masterminds does (`1.4` is `1.4.0`). */
export function readVersionRange(text: string): VersionRange {
  if (text.length > LONGEST_RANGE) return invalid(`it is longer than ${LONGEST_RANGE} characters`);
  const alternatives: (readonly Comparator[])[] = [];
  for (const alternative of text.replace(HYPHEN, ">=$1 <=$2").split("||")) {
    const comparators = readComparators(alternative.trim());
    if (typeof comparators === "string") return invalid(comparators);
    alternatives.push(comparators);
  }
  return {
    kind: "range",
    matches(version, options = {}) {
      const read = typeof version === "string" ? readLenientVersion(version) : version;
      if (read === undefined) return false;
      return alternatives.some((comparators) => comparators.every((comparator) => admits(comparator, read, options)));
    },
  };
}

/** A tag's version: strictly `X.Y.Z`, an optional `v` before it; `_` stands for `+`, as Helm writes it into tags. */
export function readVersion(text: string): SemVer | undefined {
  return semver.parse(text.replace(/^v(?=[0-9])/, "").replace("_", "+")) ?? undefined;
}

/**
 * SemVer precedence, then build metadata (which has none) as the last word, so that `1.2.0+6` follows `1.2.0+5`.
 * Own arithmetic for pre-releases: npm's rounds stamps of more than 15 digits.
 */
export function compareVersions(a: SemVer, b: SemVer): number {
  return precedence(a, b) || compareIdentifiers(a.build, b.build);
}

function precedence(a: SemVer, b: SemVer): number {
  const main = a.compareMain(b);
  if (main !== 0) return main;
  const before = a.prerelease.length > 0;
  if (before !== b.prerelease.length > 0) return before ? -1 : 1;
  return compareIdentifiers(a.prerelease.map(String), b.prerelease.map(String));
}

function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifier(left, right);
    if (order !== 0) return order;
  }
  return a.length === b.length ? 0 : -1;
}

function compareIdentifier(a: string, b: string): number {
  const digits = /^[0-9]+$/;
  if (digits.test(a) !== digits.test(b)) return digits.test(a) ? -1 : 1;
  if (digits.test(a)) {
    const [left, right] = [a.replace(/^0+(?=.)/, ""), b.replace(/^0+(?=.)/, "")];
    if (left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function invalid(why: string): VersionRange {
  return { kind: "invalid", why };
}

/** The comparators of one alternative, all of which must admit a version; a text is the reason why it cannot be read. */
function readComparators(text: string): readonly Comparator[] | string {
  if (text === "") return "it is empty; write `*` for every version";
  const comparators: Comparator[] = [];
  let rest = text;
  while (rest !== "") {
    const match = COMPARATOR.exec(rest);
    if (match === null) return `it cannot be read from “${rest.slice(0, 40)}” on`;
    const comparator = readComparator(match[1] ?? "", match[2] ?? "");
    if (comparator === undefined) return `“${match[2] ?? ""}” is no version`;
    comparators.push(comparator);
    rest = rest.slice(match[0].length);
    if (rest === "" && match[0].trimEnd().endsWith(",")) return "nothing stands after its last comma";
  }
  return comparators;
}

function readComparator(sign: string, text: string): Comparator | undefined {
  const operator = OPERATORS[sign];
  const [, major, minor, patch, preRelease] = PARTS.exec(text) ?? [];
  const open = (part: string | undefined): boolean => part === undefined || /^[xX*]$/.test(part);
  const written = open(major) ? "nothing" : open(minor) ? "major" : open(patch) ? "minor" : "all";
  const main = {
    nothing: "0.0.0",
    major: `${major}.0.0`,
    minor: `${major}.${minor}.0`,
    all: `${major}.${minor}.${patch}`,
  }[written];
  const lowest = semver.parse(preRelease === undefined ? main : `${main}-${preRelease}`);
  return operator === undefined || lowest === null ? undefined : { operator, lowest, written };
}

function readLenientVersion(text: string): SemVer | undefined {
  const match = LENIENT.exec(text.replace("_", "+"));
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", preRelease = "", build = ""] = match;
  const main = [major, minor, patch].map((part) => part.replace(/^0+(?=.)/, "")).join(".");
  return semver.parse(main + preRelease + build) ?? undefined;
}

function admits({ operator, lowest, written }: Comparator, version: SemVer, options: RangeOptions): boolean {
  const asked = lowest.prerelease.length > 0;
  const excludesOne = operator === "!=" && written === "all";
  // Masterminds: a comparator that names no pre-release admits none, whatever the others say; only `!=1.2.3` is neutral.
  if (version.prerelease.length > 0 && !asked && !excludesOne && options.preReleases !== true) return false;
  const atLeast = written === "nothing" && !asked ? true : precedence(version, lowest) >= 0;
  switch (operator) {
    case "=":
      return written === "all" ? precedence(version, lowest) === 0 : atLeast && within(version, lowest, written);
    case "!=":
      return written === "all" ? precedence(version, lowest) !== 0 : !within(version, lowest, written);
    case ">=":
      return atLeast;
    case ">":
      if (written === "all") return precedence(version, lowest) > 0;
      return version.compareMain(lowest) > 0 && !within(version, lowest, written);
    case "<":
      // Without a pre-release in the range its end is the whole of that version: 2.0.0-rc.1 is not in `<2.0`.
      return asked ? precedence(version, lowest) < 0 : version.compareMain(lowest) < 0;
    case "<=":
      return precedence(version, lowest) <= 0 || (written !== "all" && within(version, lowest, written));
    case "~":
      return atLeast && within(version, lowest, written === "all" ? "minor" : written);
    case "^":
      return atLeast && within(version, lowest, caretKeeps(lowest, written));
  }
}

/** Whether the version has the same parts, as far as they are `kept`. */
function within(version: SemVer, lowest: SemVer, kept: Comparator["written"]): boolean {
  if (kept === "nothing") return true;
  if (version.major !== lowest.major) return false;
  if (kept === "major") return true;
  return version.minor === lowest.minor && (kept === "minor" || version.patch === lowest.patch);
}

/** `^` keeps the leftmost part that is not zero, or the last that was written. */
function caretKeeps(lowest: SemVer, written: Comparator["written"]): Comparator["written"] {
  if (written === "nothing" || written === "major" || lowest.major > 0)
    return written === "nothing" ? written : "major";
  return lowest.minor > 0 || written === "minor" ? "minor" : "all";
}
