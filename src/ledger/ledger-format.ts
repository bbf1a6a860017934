// The ledger's files: their names, their limits, and for each kind of entry which keys it has and what may stand there.
// One table serves reading and writing, so that neither can know a key that the other does not.
//
// The format has a version. A Stagecoach that meets a newer one, an unknown file or an unknown key stops instead of
// dropping what it does not understand.

import type {
  Block,
  Declined,
  ExecutedCommand,
  Hold,
  Override,
  Reached,
  Requested,
  Retag,
  RolledBack,
  Sandbox,
  Stopped,
} from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import {
  commandId,
  commit,
  digest,
  type Fields,
  image,
  NAME,
  number,
  optional,
  ourName,
  people,
  person,
  personId,
  reason,
  reference,
  references,
  release,
  required,
  seconds,
  tag,
  time,
  word,
  yes,
} from "./ledger-codecs.ts";

export const FORMAT_VERSION = 1;
export const VERSION_FILE = "version.yaml";
export const HOLDS_FILE = "holds.yaml";
export const BLOCKS_FILE = "blocks.yaml";
export const OVERRIDES_FILE = "overrides.yaml";
export const COMMANDS_FILE = "commands.yaml";
export const SANDBOXES_FILE = "sandboxes.yaml";
export const RETAGS_FILE = "retags.yaml";
export const README_FILE = "README.md";

/** Bytes of a file; GitHub's GraphQL gives no more than 512,000 of a blob's text. */
export const LARGEST_FILE = 500_000;
export const MOST_FILES = 20_000;

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

export const REACHED: Fields<Reached> = {
  at: required("at", time),
  again: optional("again", time),
  release: required("versions", release),
  pullRequest: optional("pull-request", number),
  shared: optional("shared", yes),
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

export const RETAG: Fields<Retag> = {
  id: required("id", commandId),
  pipeline: required("pipeline", ourName),
  environment: required("environment", ourName),
  from: required("from", image),
  digest: required("digest", digest),
  image: required("image", image),
  tag: required("tag", tag),
  by: required("by", person),
  byId: required("by-id", personId),
  at: required("at", time),
};
