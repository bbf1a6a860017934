// How single values stand in the ledger's files: what may be written there, and how it is read back. Whatever is not of
// its form is refused by its reader; half a memory is worse than none.

import { isGitSource } from "../domain/git-source.ts";
import { isIdentity, isVersionName } from "../domain/identity.ts";
import { normaliseImageName } from "../domain/image-name.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { isPlainReference } from "../domain/sandbox.ts";

export const NAME = "[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?";
export const MOST_ENTRIES = 2_000;
/** Ten years: no soak is longer. */
const LONGEST_SECONDS = 315_360_000;

/** How one value stands in a file. `read` gives `undefined` for what it is not. */
export interface Codec<T> {
  readonly expected: string;
  readonly read: (value: unknown) => T | undefined;
  readonly write: (value: T) => unknown;
}

export interface Field<T> {
  readonly key: string;
  readonly codec: Codec<T>;
  readonly optional: boolean;
}

/** By the property of the domain's type: a property without a field does not compile. */
export type Fields<T> = { readonly [Property in keyof Required<T>]: Field<Required<T>[Property]> };

/** The table as rows, for those who know nothing of the entry's type. */
export function rowsOf<T>(fields: Fields<T>): readonly (readonly [property: string, field: Field<unknown>])[] {
  return Object.entries(fields as Readonly<Record<string, Field<unknown>>>);
}

export const time: Codec<number> = {
  expected: "a time such as 2026-03-02T10:02:00Z",
  read: readTime,
  write: writeTime,
};
export const number: Codec<number> = {
  expected: "the number of a pull request",
  read: (value) => (typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined),
  write: (value) => value,
};
export const personId: Codec<number> = { ...number, expected: "the numeric id of a person" };
export const yes: Codec<true> = {
  expected: "true",
  read: (value) => (value === true ? true : undefined),
  write: (value) => value,
};
export const seconds: Codec<number> = {
  expected: "a number of seconds",
  read: (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= LONGEST_SECONDS
      ? value * 1_000
      : undefined,
  write: (value) => Math.floor(value / 1_000),
};
export const person = text({ expected: "the name of a person or an app", longest: 200 });
export const reason = text({ expected: "a text of at most 4,000 characters", longest: 4_000 });
export const commit = text({ expected: "the id of a commit", longest: 64, pattern: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/ });
export const word = text({ expected: "the word for a gate", longest: 100, pattern: /^[a-z][a-z0-9-]*$/ });
export const commandId = text({
  expected: "where a command came from",
  longest: 200,
  pattern: /^[a-z]+\/[A-Za-z0-9._-]+$/,
});
export const ourName = text({ expected: "a name in small letters", longest: 60, pattern: new RegExp(`^${NAME}$`) });
export const tag: Codec<string> = {
  ...text({ expected: "a tag", longest: 200 }),
  read: (value) => only(value, isVersionName),
};
export const digest: Codec<string> = {
  ...text({ expected: "sha256: and 64 digits, or commit: and 40", longest: 71 }),
  read: (value) => only(value, isIdentity),
};
export const image: Codec<string> = {
  ...text({ expected: "the full name of an image", longest: 400 }),
  read: (value) => only(value, (name) => normaliseImageName(name) === name || isGitSource(name)),
};
export const people: Codec<readonly string[]> = {
  expected: "a list of names",
  read: (value) => readAll(value, person.read),
  write: (value) => value,
};
export const reference: Codec<string> = {
  ...text({ expected: "the name of a branch or a revision", longest: 200 }),
  read: (value) => only(value, isPlainReference),
};
export const references: Codec<readonly string[]> = {
  expected: "a list of names of branches or revisions",
  read: (value) => readAll(value, reference.read),
  write: (value) => value,
};
export const release: Codec<Release> = {
  expected: "a list of images, each with its tag and digest and nothing else",
  read: (value) => {
    const versions = readAll(value, readVersion);
    return versions === undefined || versions.length === 0 ? undefined : releaseOf(versions);
  },
  write: (value) =>
    value.versions.map((version) => ({ image: version.image, tag: version.tag, digest: version.digest })),
};

export function required<T>(key: string, codec: Codec<T>): Field<T> {
  return { key, codec, optional: false };
}

export function optional<T>(key: string, codec: Codec<T>): Field<T> {
  return { key, codec, optional: true };
}

function text(kind: { readonly expected: string; readonly longest: number; readonly pattern?: RegExp }): Codec<string> {
  const { expected, longest, pattern } = kind;
  const matches = (value: string) => value.length <= longest && (pattern?.test(value) ?? true);
  // Half a surrogate pair has no bytes: the file could not say it.
  return { expected, read: (value) => only(value, matches), write: (value) => value.toWellFormed() };
}

function only(value: unknown, condition: (text: string) => boolean): string | undefined {
  return typeof value === "string" && condition(value) ? value : undefined;
}

function readTime(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(value)) return undefined;
  const at = Date.parse(value);
  // `Date` takes 30 February for 2 March.
  return Number.isNaN(at) || writeTime(at) !== value.replace(".000Z", "Z") ? undefined : at;
}

function writeTime(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

function readVersion(value: unknown): ImageVersion | undefined {
  if (value === null || typeof value !== "object" || Object.keys(value).length !== 3) return undefined;
  const fields = value as Partial<Record<string, unknown>>;
  const version = { image: image.read(fields.image), tag: tag.read(fields.tag), digest: digest.read(fields.digest) };
  if (version.image === undefined || version.tag === undefined || version.digest === undefined) return undefined;
  return { image: version.image, tag: version.tag, digest: version.digest };
}

function readAll<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) return undefined;
  const items = value.map(read).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}
