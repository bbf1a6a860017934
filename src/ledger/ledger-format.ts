// The ledger's files: their names, their limits, and for each kind of entry which keys it has and what may stand there.
// One table serves reading and writing, so that neither can know a key that the other does not.
//
// The format has a version. A Stagecoach that meets a newer one, an unknown file or an unknown key stops instead of
// dropping what it does not understand.

import { isDigest, isTag, normaliseImageName } from "../domain/image-name.ts";
import type {
  Block,
  Declined,
  ExecutedCommand,
  Hold,
  Override,
  Reached,
  Requested,
  RolledBack,
  Sandbox,
  Stopped,
} from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { type ImageVersion, type Release, releaseOf } from "../domain/release.ts";
import { isPlainReference } from "../domain/sandbox.ts";

export const FORMAT_VERSION = 1;
export const VERSION_FILE = "version.yaml";
export const HOLDS_FILE = "holds.yaml";
export const BLOCKS_FILE = "blocks.yaml";
export const OVERRIDES_FILE = "overrides.yaml";
export const COMMANDS_FILE = "commands.yaml";
export const SANDBOXES_FILE = "sandboxes.yaml";
export const README_FILE = "README.md";

/** Bytes of a file; GitHub's GraphQL gives no more than 512,000 of a blob's text. */
export const LARGEST_FILE = 500_000;
export const MOST_FILES = 20_000;
export const MOST_ENTRIES = 2_000;
/** Ten years: no soak is longer. */
const LONGEST_SECONDS = 315_360_000;

const NAME = "[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?";
const ENVIRONMENT_FILE = new RegExp(`^environments/(${NAME})/(${NAME})\\.yaml$`);

export function environmentFile(key: EnvironmentKey): string {
  const path = `environments/${key}.yaml`;
  if (environmentOfFile(path) !== key) throw new Error(`${JSON.stringify(key)} cannot name a file of the ledger.`);
  return path;
}

export function environmentOfFile(path: string): EnvironmentKey | undefined {
  const [, pipeline, environment] = ENVIRONMENT_FILE.exec(path) ?? [];
  if (pipeline === undefined || environment === undefined || path.includes("..")) return undefined;
  return `${pipeline}/${environment}`;
}

/** How one value stands in a file. `read` gives `undefined` for what it is not. */
interface Codec<T> {
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

const time: Codec<number> = { expected: "a time such as 2026-03-02T10:02:00Z", read: readTime, write: writeTime };
const number: Codec<number> = {
  expected: "the number of a pull request",
  read: (value) => (typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined),
  write: (value) => value,
};
const personId: Codec<number> = { ...number, expected: "the numeric id of a person" };
const yes: Codec<true> = {
  expected: "true",
  read: (value) => (value === true ? true : undefined),
  write: (value) => value,
};
const seconds: Codec<number> = {
  expected: "a number of seconds",
  read: (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= LONGEST_SECONDS
      ? value * 1_000
      : undefined,
  write: (value) => Math.floor(value / 1_000),
};
const person = text({ expected: "the name of a person or an app", longest: 200 });
const reason = text({ expected: "a text of at most 4,000 characters", longest: 4_000 });
const commit = text({ expected: "the id of a commit", longest: 64, pattern: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/ });
const word = text({ expected: "the word for a gate", longest: 100, pattern: /^[a-z][a-z0-9-]*$/ });
const commandId = text({ expected: "where a command came from", longest: 200, pattern: /^[a-z]+\/[A-Za-z0-9._-]+$/ });
const ourName = text({ expected: "a name in small letters", longest: 60, pattern: new RegExp(`^${NAME}$`) });
const tag: Codec<string> = { ...text({ expected: "a tag", longest: 128 }), read: (value) => only(value, isTag) };
const digest: Codec<string> = {
  ...text({ expected: "sha256: and 64 digits", longest: 71 }),
  read: (value) => only(value, isDigest),
};
const image: Codec<string> = {
  ...text({ expected: "the full name of an image", longest: 400 }),
  read: (value) => only(value, (name) => normaliseImageName(name) === name),
};
const people: Codec<readonly string[]> = {
  expected: "a list of names",
  read: (value) => readAll(value, person.read),
  write: (value) => value,
};
const reference: Codec<string> = {
  ...text({ expected: "the name of a branch or a revision", longest: 200 }),
  read: (value) => only(value, isPlainReference),
};
const references: Codec<readonly string[]> = {
  expected: "a list of names of branches or revisions",
  read: (value) => readAll(value, reference.read),
  write: (value) => value,
};
const release: Codec<Release> = {
  expected: "a list of images, each with its tag and digest and nothing else",
  read: (value) => {
    const versions = readAll(value, readVersion);
    return versions === undefined || versions.length === 0 ? undefined : releaseOf(versions);
  },
  write: (value) =>
    value.versions.map((version) => ({ image: version.image, tag: version.tag, digest: version.digest })),
};

export const REACHED: Fields<Reached> = {
  at: required("at", time),
  again: optional("again", time),
  release: required("versions", release),
  pullRequest: optional("pull-request", number),
  mergedBy: optional("merged-by", person),
  approvedBy: optional("approved-by", people),
  pushedBy: optional("pushed-by", person),
  head: optional("head", commit),
  commit: optional("commit", commit),
  healthyAt: optional("healthy", time),
  soaked: optional("soaked-seconds", seconds),
};

export const STOPPED: Fields<Stopped> = {
  at: required("at", time),
  release: required("versions", release),
  why: required("why", reason),
};

export const DECLINED: Fields<Declined> = {
  at: required("at", time),
  release: required("versions", release),
  pullRequest: required("pull-request", number),
  by: required("by", person),
};

export const ROLLED_BACK: Fields<RolledBack> = {
  at: required("at", time),
  release: required("versions", release),
  to: required("to", reason),
  commit: required("commit", commit),
};

export const HOLD: Fields<Hold> = {
  pipeline: required("pipeline", ourName),
  environment: optional("environment", ourName),
  by: required("by", person),
  at: required("at", time),
  until: optional("until", time),
  reason: required("reason", reason),
};

export const BLOCK: Fields<Block> = {
  image: required("image", image),
  tag: required("tag", tag),
  digest: required("digest", digest),
  by: required("by", person),
  at: required("at", time),
  reason: required("reason", reason),
};

export const REQUESTED: Fields<Requested> = {
  at: required("at", time),
  release: required("versions", release),
  by: required("by", person),
  byId: required("by-id", personId),
  back: optional("back", yes),
  reason: optional("reason", reason),
};

export const OVERRIDE: Fields<Override> = {
  gate: required("gate", word),
  pipeline: optional("pipeline", ourName),
  environment: optional("environment", ourName),
  release: optional("versions", release),
  head: optional("head", commit),
  by: required("by", person),
  byId: required("by-id", personId),
  at: required("at", time),
  reason: required("reason", reason),
};

export const COMMAND: Fields<ExecutedCommand> = {
  id: required("id", commandId),
  at: required("at", time),
  by: required("by", person),
  byId: required("by-id", personId),
  line: required("line", reason),
  outcome: required("outcome", reason),
};

export const SANDBOX: Fields<Sandbox> = {
  pipeline: required("pipeline", ourName),
  environment: required("environment", ourName),
  number: required("pull-request", number),
  branch: required("branch", reference),
  by: required("by", person),
  byId: required("by-id", personId),
  at: required("at", time),
  before: required("before", reference),
  wrote: required("wrote", references),
  endedAt: optional("ended-at", time),
  ended: optional("ended", reason),
};

function required<T>(key: string, codec: Codec<T>): Field<T> {
  return { key, codec, optional: false };
}

function optional<T>(key: string, codec: Codec<T>): Field<T> {
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
