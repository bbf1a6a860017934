// Reads what an environment's files say: which version of each image of the pipeline Git declares there.
// Places may pin a tag, a digest or both; what is missing is filled in from releases that are already known, else it is
// asked for. Judges nothing about whether that version is good.

import { listOf } from "../domain/count-words.ts";
import { isGitSource, nameBranchHead } from "../domain/git-source.ts";
import { digestOfTag } from "../domain/image-state.ts";
import type { DeclaredState, Observed } from "../domain/observed.ts";
import { type Environment, nameInEnvironment, type Pipeline } from "../domain/pipeline.ts";
import type { Place } from "../domain/place.ts";
import type { Need } from "../domain/plan.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import { rankTags } from "./rank-versions.ts";
import { code } from "./wording.ts";

export interface Declared {
  readonly images: readonly DeclaredImage[];
  /** Set when all places agree and every tag and digest is known. */
  readonly release?: Release;
  /** Why there is no release, where there is none, and what would complete it. */
  readonly gap?: { readonly why: string; readonly needs: readonly Need[] };
}

export interface DeclaredImage {
  /** The pipeline's name. */
  readonly image: string;
  /** What the places say, without repetition; more than one where they disagree. */
  readonly pins: readonly Pin[];
}

export interface Pin {
  readonly tag?: string;
  readonly digest?: string;
}

export interface DeclaredContext {
  readonly observed: Observed;
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  /** Releases in which a tag's digest or a digest's tag may be found, the likeliest first. */
  readonly knownReleases: readonly Release[];
}

export function readDeclared(state: DeclaredState, context: DeclaredContext): Answer<Declared> {
  const { pipeline, environment } = context;
  const images: DeclaredImage[] = [];
  const missing: string[] = [];
  for (const { image } of pipeline.images) {
    const name = nameInEnvironment(environment, image);
    const places = state.places.filter((place) => place.image === name);
    if (places.length === 0) missing.push(name);
    const [refused] = places;
    if (refused && places.every(saysNothing)) return noAnswer(whyUnclear(refused));
    images.push({ image, pins: joinPins(image, { pins: distinctPins(places), context }) });
  }
  if (missing.length > 0) return noAnswer(whyMissing(missing, state, environment));
  const [moving] = images.flatMap(({ image, pins }) => pins.flatMap((pin) => whyMoving(image, { pin, context }) ?? []));
  if (moving !== undefined) return noAnswer(moving);
  return answer({ images, ...completeRelease(images, context) });
}

function saysNothing({ tag, digest }: Place): boolean {
  return tag === undefined && digest === undefined;
}

/** As a range or a template: it has a meaning for whoever applies it, and none here. */
function whyUnclear({ path, line, image, refusal = "nothing stands there" }: Place): string {
  return `which version of ${code(image)} runs is not known (${code(`${path}:${line}`)}: ${refusal})`;
}

function whyMissing(missing: readonly string[], state: DeclaredState, environment: Environment): string {
  const where = listOf([...environment.paths, ...environment.fields.map(({ file }) => file)].map(code));
  const problem = state.problems[0];
  const doubt = problem ? ` (${code(`${problem.path}:${problem.line}`)}: ${problem.why})` : "";
  return `no file under ${where} says which version of ${listOf(missing.map(code))} runs${doubt}`;
}

/** A pin that only repeats part of another says nothing new: `1.7.0` beside `1.7.0@sha256:…`. */
function distinctPins(places: readonly Place[]): readonly Pin[] {
  const pins = new Map<string, Pin>();
  for (const { tag, digest } of places) {
    pins.set(`${tag ?? ""}@${digest ?? ""}`, {
      ...(tag !== undefined && { tag }),
      ...(digest !== undefined && { digest }),
    });
  }
  const all = [...pins.values()];
  return all.filter((pin) => !all.some((other) => other !== pin && saysAllOf(other, pin)));
}

function saysAllOf(fuller: Pin, pin: Pin): boolean {
  const tagSaid = pin.tag === undefined || pin.tag === fuller.tag;
  const digestSaid = pin.digest === undefined || pin.digest === fuller.digest;
  return tagSaid && digestSaid;
}

/** Of a Git repository one place may pin the tag and another the commit: where that is the tag's, they say the same. */
function joinPins(
  image: string,
  { pins, context }: { readonly pins: readonly Pin[]; readonly context: DeclaredContext },
): readonly Pin[] {
  const [named, exact] = [pins.find(({ digest }) => digest === undefined), pins.find(({ tag }) => tag === undefined)];
  if (!isGitSource(image) || pins.length !== 2 || named?.tag === undefined || exact?.digest === undefined) return pins;
  const state = context.observed.images[image];
  const found = state?.kind === "known" ? digestOfTag(state.value, named.tag) : undefined;
  const digest = recall(image, { pin: named, context })?.digest ?? (found?.kind === "known" ? found.value : undefined);
  return digest === exact.digest ? [{ tag: named.tag, digest }] : pins;
}

function completeRelease(
  images: readonly DeclaredImage[],
  context: DeclaredContext,
): Pick<Declared, "release" | "gap"> {
  const versions: ImageVersion[] = [];
  const whys: string[] = [];
  const needs: Need[] = [];
  for (const { image, pins } of images) {
    const [pin, ...others] = pins;
    if (pin === undefined || others.length > 0) {
      whys.push(`the places of ${code(image)} disagree`);
      continue;
    }
    const version = completeVersion(image, { pin, context });
    if (version.kind === "known") versions.push(version.value);
    else {
      whys.push(version.why);
      needs.push(...version.needs);
    }
  }
  return whys.length === 0 ? { release: releaseOf(versions) } : { gap: { why: whys.join("; "), needs } };
}

function completeVersion(
  image: string,
  { pin, context }: { pin: Pin; context: DeclaredContext },
): Answer<ImageVersion> {
  const { tag, digest } = pin;
  const namedHere = context.environment.images.some(({ as }) => as === image);
  if (tag !== undefined && digest !== undefined && !namedHere) return answer({ image, tag, digest });
  const remembered = recall(image, { pin, context });
  if (remembered) return answer(remembered);
  if (tag !== undefined && digest !== undefined) return answer({ image, tag, digest });
  if (tag === undefined) return tagForDigest(image, { digest: digest ?? "", context });
  return digestForTag(image, { tag, context });
}

function recall(image: string, { pin, context }: { pin: Pin; context: DeclaredContext }): ImageVersion | undefined {
  const { tag, digest } = pin;
  return context.knownReleases
    .flatMap(({ versions }) => versions)
    .find(
      (version) => version.image === image && (digest === undefined ? version.tag === tag : version.digest === digest),
    );
}

/** A branch of a Git repository in a file says nothing about what runs, and a tag in its place would stop what runs. */
function whyMoving(image: string, { pin, context }: { pin: Pin; context: DeclaredContext }): string | undefined {
  const { tag, digest } = pin;
  if (!isGitSource(image) || tag === undefined || digest !== undefined) return undefined;
  const policy = context.pipeline.images.find((tracked) => tracked.image === image)?.policy;
  const cure = "write what runs now once, in its place";
  if (policy?.kind === "branch")
    return `${code(tag)} moves by itself, so nobody can say which commit of ${code(image)} runs; ${cure}: the 40 digits of a commit`;
  const state = context.observed.images[image];
  const found = state?.kind === "known" ? digestOfTag(state.value, tag) : undefined;
  if (found?.kind !== "known" || found.value !== undefined || recall(image, { pin, context })) return undefined;
  return `${code(image)} has no tag ${code(tag)}; where that is a branch, ${cure}: a tag or the 40 digits of a commit`;
}

function digestForTag(
  image: string,
  { tag, context }: { tag: string; context: DeclaredContext },
): Answer<ImageVersion> {
  const name = nameInEnvironment(context.environment, image);
  const state = context.observed.images[name];
  if (state?.kind === "unknown") return noAnswer(`the digest of ${code(`${name}:${tag}`)} is not known: ${state.why}`);
  const found = state && digestOfTag(state.value, tag);
  if (found === undefined)
    return noAnswer(`the digest of ${code(`${name}:${tag}`)} has not been read yet`, [
      { kind: "digest", image: name, tag },
    ]);
  if (found.kind === "unknown") return noAnswer(`the digest of ${code(`${name}:${tag}`)} is not known: ${found.why}`);
  if (found.value === undefined) return noAnswer(`the registry has no ${code(`${name}:${tag}`)}`);
  return answer({ image, tag, digest: found.value });
}

/** How many tags are asked, the newest first, whether they are the name of a digest that stands alone. */
const ASKED_FOR_A_NAME = 30;

/**
 * A digest without a name of its own is named by the tag that points to it: a policy that orders tags has no order for
 * it otherwise. Where none of the newest does, its first digits have to do. What was found once, the ledger remembers.
 */
function tagForDigest(
  image: string,
  { digest, context }: { digest: string; context: DeclaredContext },
): Answer<ImageVersion> {
  const named = (tag: string) => answer({ image, tag, digest });
  const { observed, pipeline, environment } = context;
  const policy = pipeline.images.find((tracked) => tracked.image === image)?.policy;
  if (policy?.kind === "branch") return named(nameBranchHead(policy.branch));
  const states = [image, nameInEnvironment(environment, image)].flatMap((name) => observed.images[name] ?? []);
  const digests = states.flatMap((state) => (state.kind === "known" ? Object.entries(state.value.digests) : []));
  const found = digests.find(([, seen]) => seen.kind === "known" && seen.value === digest);
  if (found) return named(found[0]);
  const digits = digest.slice(digest.indexOf(":") + 1).slice(0, 12);
  if (policy === undefined || policy.kind === "newest" || policy.kind === "digest") return named(digits);
  const why = `the name of ${code(`${image}@${digits}`)} is not known`;
  const state = observed.images[image];
  if (state === undefined) return noAnswer(why, [{ kind: "tags", image }]);
  if (state.kind === "unknown") return noAnswer(`${why}: ${state.why}`);
  const { tags } = rankTags({ policy, tags: state.value.tags });
  const unread = tags.slice(0, ASKED_FOR_A_NAME).filter((tag) => digestOfTag(state.value, tag) === undefined);
  if (unread.length === 0) return named(digits);
  return noAnswer(
    why,
    unread.map((tag) => ({ kind: "digest", image, tag })),
  );
}
