// The trailers of our commits, which make `git log` the audit trail: what may stand in each, and in which order. The
// forge reads them back to see which release a promotion's head writes.

import { parseVersionReference } from "../domain/identity.ts";

/** In the order in which they stand. */
const GRAMMAR = {
  Pipeline: isName,
  Environment: isName,
  Image: isVersion,
  From: isFrom,
  "Source-Revision": (value: string) => /^(?:[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+@)?[0-9a-f]{7,64}$/.test(value),
  "Requested-By": isLogin,
  "Overridden-By": isLogin,
} as const;

type TrailerName = keyof typeof GRAMMAR;

export interface Trailer {
  readonly name: TrailerName;
  readonly value: string;
}

/** Throws when a value is not of its grammar: it would have to be quoted, and a trailer cannot be. */
export function writeTrailers(trailers: readonly Trailer[]): string {
  const lines: string[] = [];
  for (const name of Object.keys(GRAMMAR)) {
    for (const trailer of trailers) if (trailer.name === name) lines.push(writeTrailer(trailer));
  }
  return lines.join("\n");
}

function writeTrailer({ name, value }: Trailer): string {
  if (value.length > 600 || !GRAMMAR[name](value)) {
    throw new Error(
      `The commit cannot say ${name}: ${JSON.stringify(value.slice(0, 200))} is not of the form that this trailer has.`,
    );
  }
  return `${name}: ${value}`;
}

function isVersion(value: string): boolean {
  const { image, tag, digest } = parseVersionReference(value) ?? {};
  return image !== undefined && tag !== undefined && digest !== undefined && value === `${image}:${tag}@${digest}`;
}

function isFrom(value: string): boolean {
  const { image, tag, digest } = parseVersionReference(value) ?? {};
  if (image === undefined || (tag === undefined && digest === undefined)) return false;
  return value.startsWith(image);
}

function isName(value: string): boolean {
  return /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(value);
}

/** A login of GitHub: people, apps (`renovate[bot]`), and the underscore of managed users. */
function isLogin(value: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9_-]*)(?:\[bot\])?$/.test(value);
}
