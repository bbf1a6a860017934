// Takes single values out of a body that anybody may have written: own properties only, checked and bounded, and
// `undefined` for everything else. Pure, and never throws.

import type { RepositoryReference } from "./forge.ts";

export type Payload = Readonly<Record<string, unknown>>;

const LONGEST = 1024;
const MOST_RECORDS = 10_000;
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const OWNER = /^[A-Za-z0-9_-]{1,100}$/;
const NAME = /^[A-Za-z0-9._-]{1,100}$/;

export function readText(payload: Payload, ...path: readonly string[]): string | undefined {
  const value = readValue(payload, path);
  return typeof value === "string" && value.length <= LONGEST ? value : undefined;
}

/** A number of GitHub: an id, or what people see behind the #. Large ones may have been parsed as bigint. */
export function readId(payload: Payload, ...path: readonly string[]): number | undefined {
  const value = readValue(payload, path);
  const id = typeof value === "bigint" ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export function readOid(payload: Payload, ...path: readonly string[]): string | undefined {
  const text = readText(payload, ...path);
  return text !== undefined && isCommitId(text) ? text : undefined;
}

/** Whole, as Git writes it: a short one may come to mean something else. */
export function isCommitId(text: string): boolean {
  return OID.test(text);
}

export function readRecords(payload: Payload, ...path: readonly string[]): readonly Payload[] {
  const value = readValue(payload, path);
  return Array.isArray(value) ? value.slice(0, MOST_RECORDS).filter(isRecord) : [];
}

/** From `full_name`, which every event has, also those that leave out the owner. */
export function readRepository(repository: Payload, installation: number): RepositoryReference | undefined {
  const id = readId(repository, "id");
  const [owner = "", name = "", ...more] = readText(repository, "full_name")?.split("/") ?? [];
  const sound = OWNER.test(owner) && NAME.test(name) && name !== "." && name !== ".." && more.length === 0;
  return id === undefined || !sound ? undefined : { installation, repository: id, owner, name };
}

function readValue(payload: Payload, path: readonly string[]): unknown {
  let value: unknown = payload;
  for (const step of path) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function isRecord(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
