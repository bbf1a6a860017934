// Picks the version of one image that its policy wants now, from what is known of its registry, and says why each better
// one was passed over. Asks for what it lacks, as little as will do. The same for a first environment and for
// `stagecoach versions`, so that what people try is what happens.

import { listOf } from "../domain/count-words.ts";
import { isGitSource } from "../domain/git-source.ts";
import { digestOfTag, hasTags, type ImageState, UNREAD_IMAGE } from "../domain/image-state.ts";
import { followedName, type TrackedImage } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { missingPlatforms } from "../domain/platform.ts";
import type { ImageVersion } from "../domain/release.ts";
import type { Seen } from "../domain/seen.ts";
import { type Answer, allAnswers, answer, noAnswer } from "./answer.ts";
import { type PassedOver, rankTags } from "./rank-versions.ts";
import { code } from "./wording.ts";

export interface PickContext {
  /** Absent: nothing was read yet. */
  readonly state: Seen<ImageState> | undefined;
  /** Whether people keep this digest from going anywhere. */
  readonly isBlocked: (digest: string) => boolean;
  /**
   * What the environment declares. Where it is what the tag named at the last look, and no event has spoken of it since,
   * that nothing is to be done is seen without asking again; whatever is proposed is asked for.
   */
  readonly unchanged?: ImageVersion | undefined;
}

export type Picked = {
  /** Tags that the policy allows, best first, the passed over included. */
  readonly ranked: readonly string[];
  /** Those that stand before the picked one, best first. */
  readonly passedOver: readonly PassedOver[];
} & (
  | { readonly kind: "version"; readonly version: ImageVersion }
  /** A clause without a full stop. */
  | { readonly kind: "none"; readonly why: string }
);

/** Of so many versions in a row that lack a platform, the next will, too. */
const LACKING_AT_MOST = 20;
/** While the first lacks it, so many more are asked about at once: a pass has few rounds of questions. */
const AHEAD = 4;

export function pickVersion(tracked: TrackedImage, { state, isBlocked, unchanged }: PickContext): Answer<Picked> {
  const { image, policy } = tracked;
  // A policy that follows one tag or branch needs no list of them.
  const name = followedName(policy);
  const followed = name === undefined ? undefined : [name];
  if (followed === undefined && (state === undefined || !hasTags(state)))
    return noAnswer(`the tags of ${code(image)} have not been read yet`, [{ kind: "tags", image }]);
  if (state?.kind === "unknown") return noAnswer(`the tags of ${code(image)} are not known: ${state.why}`);
  const read = state?.value ?? UNREAD_IMAGE;
  const facts = { ...read, tags: followed ?? read.tags };
  const order = orderTags(tracked, facts);
  if (order.kind === "unknown") return order;
  const ranked = order.value;
  const passedOver: PassedOver[] = [];
  let lacking = 0;
  for (const [index, tag] of ranked.entries()) {
    if (unchanged && isAsBefore(tag, { facts, unchanged }) && !isBlocked(unchanged.digest))
      return answer({ kind: "version", ranked, passedOver, version: unchanged });
    const judged = judgeTag(tag, { tracked, facts, isBlocked });
    if (judged.kind === "unknown") {
      const ahead = ranked.slice(index, index + 1 + Math.min(lacking * AHEAD, LACKING_AT_MOST - lacking - 1));
      const needs = ahead.map((each) => judgeTag(each, { tracked, facts, isBlocked })).flatMap(needsOf);
      return noAnswer(judged.why, needs);
    }
    const { value } = judged;
    if (value.kind === "version") return answer({ ranked, passedOver, ...value });
    passedOver.push({ tag, why: value.why });
    if (value.kind === "lacking") lacking += 1;
    if (lacking === LACKING_AT_MOST) break;
  }
  return answer({ kind: "none", ranked, passedOver, why: whyNone(tracked, { passedOver, lacking }) });
}

function isAsBefore(
  tag: string,
  { facts, unchanged }: { readonly facts: ImageState; readonly unchanged: ImageVersion },
): boolean {
  const { earlier = {} } = facts;
  const isAsked = digestOfTag(facts, tag) !== undefined;
  return !isAsked && unchanged.tag === tag && Object.hasOwn(earlier, tag) && earlier[tag] === unchanged.digest;
}

function needsOf(judged: Answer<unknown>): readonly Need[] {
  return judged.kind === "unknown" ? judged.needs : [];
}

function whyNone(
  { image, policy }: TrackedImage,
  { passedOver, lacking }: { readonly passedOver: readonly PassedOver[]; readonly lacking: number },
): string {
  const [only] = passedOver;
  if (policy.kind === "branch" && only)
    return `the branch ${code(policy.branch)} of ${code(image)} is passed over: ${only.why.replace(/^It/, "it")}`;
  const none = `no tag of ${code(image)} is allowed by its policy`;
  if (lacking === 0) return none;
  const best = describePassedOver(passedOver);
  return lacking < LACKING_AT_MOST ? `${none}: ${best}` : `${none}: ${best}; no more than ${lacking} are looked into`;
}

/** The best that was passed over, and how many more; a clause. */
export function describePassedOver(passedOver: readonly PassedOver[]): string {
  const [best, ...more] = passedOver;
  if (best === undefined) return "nothing was passed over";
  const rest = more.length === 0 ? "" : `, and ${more.length} more with it`;
  return `${code(best.tag)} was passed over${rest}: ${best.why.replace(/^It/, "it")}`;
}

type Judged =
  | { readonly kind: "version"; readonly version: ImageVersion }
  /** A sentence without a full stop. */
  | { readonly kind: "gone" | "blocked" | "lacking"; readonly why: string };

interface Judging {
  readonly tracked: TrackedImage;
  readonly facts: ImageState;
  readonly isBlocked: PickContext["isBlocked"];
}

const GONE = "It was listed, and the registry has it no more";

function judgeTag(tag: string, { tracked: { image, policy }, facts, isBlocked }: Judging): Answer<Judged> {
  const read = digestOf(tag, { image, facts });
  if (read.kind === "unknown") return read;
  const digest = read.value;
  // The tag was listed and is gone, or nobody may have this digest: the next best is as good as any.
  if (digest === undefined) return answer({ kind: "gone", why: isGitSource(image) ? "It is not there" : GONE });
  if (isBlocked(digest)) return answer({ kind: "blocked", why: "It is blocked" });
  const version = answer({ kind: "version" as const, version: { image, tag, digest } });
  if (policy.platforms === undefined) return version;
  const platforms = facts.platforms?.[digest];
  if (platforms === undefined) {
    const needs = [{ kind: "platforms" as const, image, digest }];
    return noAnswer(`the platforms of ${code(`${image}:${tag}`)} have not been read yet`, needs);
  }
  if (platforms.kind === "unknown")
    return noAnswer(`the platforms of ${code(`${image}:${tag}`)} are not known: ${platforms.why}`);
  const missing = missingPlatforms(policy.platforms, platforms.value);
  if (missing.length === 0) return version;
  const others = platforms.value.length === 0 ? "it names no platform" : `only for ${listOf(platforms.value)}`;
  return answer({ kind: "lacking", why: `It has no image for ${listOf(missing)} (${others})` });
}

interface Reading {
  readonly image: string;
  readonly facts: ImageState;
}

function digestOf(tag: string, { image, facts }: Reading): Answer<string | undefined> {
  const digest = digestOfTag(facts, tag);
  if (digest === undefined)
    return noAnswer(`the digest of ${code(`${image}:${tag}`)} has not been read yet`, [{ kind: "digest", image, tag }]);
  if (digest.kind === "unknown")
    return noAnswer(`the digest of ${code(`${image}:${tag}`)} is not known: ${digest.why}`);
  return answer(digest.value);
}

/** `newest` is an order of build times, which have to be read tag by tag first. */
const NEWEST_AT_MOST = 100;

function orderTags({ image, policy }: TrackedImage, facts: ImageState): Answer<readonly string[]> {
  const { tags } = rankTags({ policy, tags: facts.tags });
  if (policy.kind !== "newest") return answer(tags);
  // A Git repository says of all its tags at once when their commits were made.
  if (tags.length > NEWEST_AT_MOST && !isGitSource(image)) {
    return noAnswer(
      `${code(image)} has ${tags.length} tags that could be the newest, and at most ${NEWEST_AT_MOST} are looked into; narrow them with ${code("tags")} in the policy`,
    );
  }
  const times = allAnswers(tags.map((tag) => builtAt(tag, { image, facts })));
  if (times.kind === "unknown") return times;
  return answer([...times.value].sort((a, b) => b.at - a.at || (a.tag < b.tag ? 1 : -1)).map(({ tag }) => tag));
}

function builtAt(tag: string, reading: Reading): Answer<{ readonly tag: string; readonly at: number }> {
  const { image, facts } = reading;
  const digest = digestOf(tag, reading);
  if (digest.kind === "unknown") return digest;
  if (digest.value === undefined) return answer({ tag, at: Number.NEGATIVE_INFINITY });
  const created = facts.created[digest.value];
  if (created === undefined)
    return noAnswer(`when ${code(`${image}:${tag}`)} was built has not been read yet`, [
      { kind: "created", image, digest: digest.value },
    ]);
  if (created.kind === "unknown")
    return noAnswer(`when ${code(`${image}:${tag}`)} was built is not known: ${created.why}`);
  return answer({ tag, at: created.value ?? facts.firstSeen[digest.value] ?? 0 });
}
