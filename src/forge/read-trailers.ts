// Reads the trailers of a commit message: the machine-readable lines at its end. Strict, because anybody can write
// commit messages: what does not follow the grammar to the letter is no release. Pure.

import { parseVersionReference } from "../domain/identity.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import type { ReleasePart } from "../domain/promotion.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { isEnvironmentKey } from "./read-marks.ts";

export interface Trailer {
  readonly key: string;
  readonly value: string;
}

const LONGEST_MESSAGE = 65_536;
const MOST_TRAILERS = 400;
const TRAILER = /^([A-Za-z][A-Za-z0-9-]{0,63}): (\S.{0,1023})$/;

/** The trailers of the final paragraphs that consist of nothing else (a squash may add one with co-authors). */
export function readTrailers(message: string): readonly Trailer[] {
  if (message.length > LONGEST_MESSAGE) return [];
  const paragraphs = message
    .replaceAll("\r\n", "\n")
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
  const trailers: Trailer[] = [];
  // The first paragraph is the title, whatever it looks like.
  for (const paragraph of paragraphs.slice(1).reverse()) {
    const read = paragraph.split("\n").map(readTrailer);
    if (read.includes(undefined)) break;
    trailers.unshift(...read.filter((trailer) => trailer !== undefined));
  }
  return trailers.length > MOST_TRAILERS ? [] : trailers;
}

/** The release that the `Image` trailers name; `undefined` unless every one of them is whole and stands once. */
export function readRelease(message: string, key?: EnvironmentKey): Release | undefined {
  return releaseIn(readTrailers(message), key);
}

/** What a commit says for each environment of a group; nothing unless every part is whole and names another one. */
export function readParts(message: string): readonly (ReleasePart & { readonly trailers: readonly Trailer[] })[] {
  const parts = splitParts(readTrailers(message)).map((trailers) => {
    const [pipeline, environment] = ["Pipeline", "Environment"].map((name) => saidIn(trailers, name));
    const key: EnvironmentKey = `${pipeline ?? ""}/${environment ?? ""}`;
    const release = isEnvironmentKey(key) ? releaseIn(trailers, key) : undefined;
    return release && { key, release, trailers };
  });
  const whole = parts.filter((part) => part !== undefined);
  const isSound = whole.length === parts.length && new Set(whole.map(({ key }) => key)).size === whole.length;
  return isSound ? whole : [];
}

/** Every `Pipeline` begins a part. */
function splitParts(trailers: readonly Trailer[]): readonly (readonly Trailer[])[] {
  const parts: Trailer[][] = [];
  for (const trailer of trailers) {
    if (trailer.key === "Pipeline") parts.push([trailer]);
    else parts.at(-1)?.push(trailer);
  }
  return parts;
}

function saidIn(trailers: readonly Trailer[], name: string): string | undefined {
  return trailers.find(({ key }) => key === name)?.value;
}

function releaseIn(trailers: readonly Trailer[], key: EnvironmentKey | undefined): Release | undefined {
  const [pipeline, environment] = key?.split("/") ?? [];
  if (contradicts(trailers, { key: "Pipeline", value: pipeline })) return undefined;
  if (contradicts(trailers, { key: "Environment", value: environment })) return undefined;
  const versions = trailers.filter((trailer) => trailer.key === "Image").map(({ value }) => readVersion(value));
  const whole = versions.filter((version) => version !== undefined);
  const names = new Set(whole.map(({ image }) => image));
  return whole.length === 0 || names.size !== versions.length ? undefined : releaseOf(whole);
}

function readTrailer(line: string): Trailer | undefined {
  const [, key, value] = TRAILER.exec(line.trimEnd()) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}

function readVersion(value: string): ImageVersion | undefined {
  const reference = parseVersionReference(value);
  if (reference?.tag === undefined || reference.digest === undefined) return undefined;
  return { image: reference.image, tag: reference.tag, digest: reference.digest };
}

function contradicts(
  trailers: readonly Trailer[],
  expected: { readonly key: string; readonly value: string | undefined },
): boolean {
  if (expected.value === undefined) return false;
  return trailers.some(({ key, value }) => key === expected.key && value !== expected.value);
}
