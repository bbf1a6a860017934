// Which of a registry's tags a policy allows, in which order, and why each of the others was passed over.
// One comparator serves the ranking and the question "is this older than what stands there", so they never disagree.
// Knows neither digests nor environments; which version is proposed belongs to the planner.

import type { SemVer } from "semver";
import { nameBranchHead } from "../domain/git-source.ts";
import { isVersionName } from "../domain/identity.ts";
import { isReferrerTag } from "../domain/image-name.ts";
import type { Policy } from "../domain/pipeline.ts";
import { type CompiledPattern, readTagPattern } from "./tag-pattern.ts";
import { compareVersions, readVersion, readVersionRange } from "./version-range.ts";

/** Epoch milliseconds by tag; only `newest` asks. */
export interface TagTimes {
  /** When the image says that it was built. */
  readonly created?: Readonly<Record<string, number>>;
  /** When Stagecoach first saw it; used where the image does not say. */
  readonly firstSeen?: Readonly<Record<string, number>>;
}

export interface RankRequest extends TagTimes {
  readonly policy: Policy;
  readonly tags: readonly string[];
}

export interface Ranking {
  /** Best first. Under `newest` tags of unknown age stand last, in no order that means anything. */
  readonly tags: readonly string[];
  /** In the order of the tags, each with a sentence without a full stop. */
  readonly passedOver: readonly PassedOver[];
  /** Tags that only `newest` could not place, because nobody knows yet when they were built or first seen. */
  readonly undated: readonly string[];
}

export interface PassedOver {
  readonly tag: string;
  readonly why: string;
}

/** A tag with what its place in the order depends on. */
interface Placed {
  readonly tag: string;
  readonly value: string;
  readonly version?: SemVer;
  readonly decimal?: Decimal;
  readonly time?: number;
}

interface Decimal {
  readonly whole: string;
  readonly fraction: string;
}

interface Rule {
  /** Why the whole policy cannot be used. */
  readonly broken?: string;
  readonly pattern?: CompiledPattern;
  readonly ignore: readonly CompiledPattern[];
  /** Membership beyond having a place; a text is the reason against. */
  readonly refuses: (placed: Placed) => string | undefined;
}

const rules = new WeakMap<Policy, Rule>();

/** Orders the tags. A policy that cannot be read ranks nothing and says so for every tag. */
export function rankTags({ policy, tags, ...times }: RankRequest): Ranking {
  const ranked: Placed[] = [];
  const passedOver: PassedOver[] = [];
  for (const tag of new Set(tags)) {
    const placed = judge(policy, tag, times);
    if (typeof placed === "string") passedOver.push({ tag, why: placed });
    else ranked.push(placed);
  }
  ranked.sort((a, b) => compare(policy, b, a));
  const undated = policy.kind === "newest" ? ranked.filter(({ time }) => time === undefined) : [];
  return { tags: ranked.map(({ tag }) => tag), passedOver, undated: undated.map(({ tag }) => tag) };
}

/**
 * Positive when `a` is the newer, zero only for the same tag; `undefined` when the policy gives them no order. A range or
 * `ignore` plays no part: a tag that is no longer allowed still has its place.
 */
export function compareTags(policy: Policy, a: string, b: string, times: TagTimes = {}): number | undefined {
  if (a === b) return 0;
  const left = place(policy, a, times);
  const right = place(policy, b, times);
  if (typeof left === "string" || typeof right === "string") return undefined;
  if (policy.kind === "newest" && (left.time === undefined || right.time === undefined)) return undefined;
  return compare(policy, left, right);
}

function judge(policy: Policy, tag: string, times: TagTimes): Placed | string {
  const rule = ruleOf(policy);
  if (!isVersionName(tag)) return "It is not a tag";
  if (isReferrerTag(tag)) return "It is a signature, an attestation or another note to an image, not a version";
  if (rule.ignore.some((pattern) => pattern.extract(tag) !== undefined)) return "It matches a pattern of `ignore`";
  const placed = place(policy, tag, times);
  return typeof placed === "string" ? placed : (rule.refuses(placed) ?? placed);
}

function place(policy: Policy, tag: string, times: TagTimes): Placed | string {
  const rule = ruleOf(policy);
  if (rule.broken !== undefined) return rule.broken;
  const value = rule.pattern === undefined ? tag : rule.pattern.extract(tag);
  if (value === undefined) return "It does not match the pattern of `tags`";
  if (value === "") return "The group `version` of `tags` captures nothing in it";
  switch (policy.kind) {
    case "semver": {
      const version = readVersion(value);
      return version === undefined ? "It is not a version of the form 1.2.3" : { tag, value, version };
    }
    case "numerical": {
      const decimal = readDecimal(value);
      return decimal === undefined ? "It is not a number" : { tag, value, decimal };
    }
    case "alphabetical":
      return { tag, value };
    case "newest": {
      const time = timeOf(tag, times.created) ?? timeOf(tag, times.firstSeen);
      return time === undefined ? { tag, value } : { tag, value, time };
    }
    case "digest":
      return tag === policy.tag ? { tag, value } : `The policy follows the tag “${policy.tag}” alone`;
    case "branch":
      return tag === nameBranchHead(policy.branch)
        ? { tag, value }
        : `The policy follows the branch “${policy.branch}” alone`;
  }
}

/** `Object.hasOwn`, because `__proto__` and `constructor` are tags that anybody may push. */
function timeOf(tag: string, times: Readonly<Record<string, number>> | undefined): number | undefined {
  return times !== undefined && Object.hasOwn(times, tag) ? times[tag] : undefined;
}

/** By value; of tags that mean the same, the shorter is the better, then the alphabetically first. */
function compare(policy: Policy, a: Placed, b: Placed): number {
  return compareValues(policy, a, b) || b.tag.length - a.tag.length || -compareText(a.tag, b.tag);
}

function compareValues(policy: Policy, a: Placed, b: Placed): number {
  switch (policy.kind) {
    case "semver":
      return a.version === undefined || b.version === undefined ? 0 : compareVersions(a.version, b.version);
    case "numerical": {
      const order = a.decimal === undefined || b.decimal === undefined ? 0 : compareDecimals(a.decimal, b.decimal);
      return policy.order === "ascending" ? order : -order;
    }
    case "alphabetical":
      return policy.order === "ascending" ? compareText(a.value, b.value) : -compareText(a.value, b.value);
    case "newest":
      return (a.time ?? -1) - (b.time ?? -1);
    case "branch":
    case "digest":
      return 0;
  }
}

/** By code unit, which is by byte: tags are ASCII. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Kept as text: build stamps have more digits than a float can tell apart. */
function readDecimal(text: string): Decimal | undefined {
  const match = /^0*([0-9]+?)(?:\.([0-9]+?)0*)?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  return { whole, fraction: fraction === "0" ? "" : fraction };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  return a.whole.length - b.whole.length || compareText(a.whole, b.whole) || compareText(a.fraction, b.fraction);
}

function ruleOf(policy: Policy): Rule {
  const before = rules.get(policy);
  if (before !== undefined) return before;
  const rule = readRule(policy);
  rules.set(policy, rule);
  return rule;
}

function readRule(policy: Policy): Rule {
  const pattern = policy.tags === undefined ? undefined : readTagPattern(policy.tags);
  if (pattern?.kind === "invalid") return broken(`The pattern of \`tags\` cannot be used: ${pattern.why}`);
  const ignore: CompiledPattern[] = [];
  for (const text of policy.ignore) {
    const ignored = readTagPattern(text);
    if (ignored.kind === "invalid") return broken(`A pattern of \`ignore\` cannot be used: ${ignored.why}`);
    ignore.push(ignored);
  }
  const filter = { ignore, ...(pattern !== undefined && { pattern }) };
  if (policy.kind !== "semver") return { ...filter, refuses: () => undefined };
  const range = readVersionRange(policy.range);
  if (range.kind === "invalid") return broken(`The range cannot be read: ${range.why}`);
  // A pattern that somebody wrote says by itself which tags count, so it may let pre-releases in.
  const options = { preReleases: pattern !== undefined };
  return {
    ...filter,
    refuses: ({ version }) => {
      if (version === undefined || range.matches(version, options)) return undefined;
      const isPreRelease = version.prerelease.length > 0 && range.matches(version, { preReleases: true });
      return isPreRelease
        ? "It is a pre-release, and the range admits none; write it with -0 (as in >=1.0.0-0) to admit them"
        : "It is outside the range";
    },
  };
}

function broken(why: string): Rule {
  return { broken: why, ignore: [], refuses: () => why };
}
