// Who owns which field after a write, as the API server's field management has it: an update takes what it changes, an
// apply holds what it says, and an apply against another owner's different value is a conflict unless it is forced.

import {
  type FieldSet,
  type FieldValues,
  fieldValues,
  readFields,
  type Sight,
  splitPath,
  writeFields,
} from "./field-sets.ts";
import { isMap, type Json, type JsonMap } from "./json.ts";
import { mergeByKeys, removeField } from "./merge-objects.ts";
import type { ManagedEntry } from "./stored-object.ts";

export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  /** `2026-11-20T23:28:54Z` */
  readonly time: string;
}

export interface Conflict {
  readonly entry: ManagedEntry;
  /** As `field-sets` writes paths. */
  readonly path: string;
}

interface Owner {
  readonly entry: ManagedEntry;
  readonly fields: FieldSet;
}

/** The owners after `writer` has changed `before` into `after`. */
export function ownUpdate(
  { before, after }: { readonly before: JsonMap | undefined; readonly after: JsonMap },
  { writer, sight }: { readonly writer: Writer; readonly sight: Sight },
): readonly ManagedEntry[] {
  const all = { ...sight, holders: true };
  const old = before === undefined ? new Map<string, string>() : fieldValues(before, all);
  const fresh = fieldValues(after, all);
  const everything = fieldValues(after, { ...sight, part: "all" });
  const taken = new Set([...fresh].filter(([path, value]) => old.get(path) !== value).map(([path]) => path));
  if (taken.size === 0) return dropGone(ownersOf(before), everything).map(writeOwner);
  const owners = ownersOf(before).map((owner) =>
    isWriter(owner.entry, writer)
      ? { entry: { ...owner.entry, ...timeOf(writer) }, fields: owner.fields.union(taken) }
      : { ...owner, fields: owner.fields.difference(taken) },
  );
  const known = owners.some(({ entry }) => isWriter(entry, writer));
  const together = known ? owners : [...owners, { entry: entryOf(writer), fields: taken }];
  return sortEntries(dropGone(together, everything).map(writeOwner));
}

export type Applied =
  | { readonly kind: "applied"; readonly object: JsonMap; readonly entries: readonly ManagedEntry[] }
  | { readonly kind: "conflicts"; readonly conflicts: readonly Conflict[] };

export interface Application {
  readonly live: JsonMap | undefined;
  readonly given: JsonMap;
  readonly writer: Writer;
  readonly force: boolean;
  readonly sight: Sight;
}

export function applyObject({ live, given, writer, force, sight }: Application): Applied {
  const wanted = new Set(fieldValues(given, sight).keys());
  const owners = ownersOf(live);
  const mine = owners.find(({ entry }) => isWriter(entry, writer));
  const others = owners.filter((owner) => owner !== mine);
  const place = { path: [], custom: sight.custom };
  const { apiVersion, kind, metadata, ...rest } = given;
  const named = { apiVersion, kind, metadata, ...rest };
  let merged = mergeByKeys(live, named, place) as JsonMap;
  for (const path of [...(mine?.fields ?? [])].filter((field) => !wanted.has(field)).sort()) {
    if (!others.some(({ fields }) => ownsWithin(fields, path))) merged = removeField(merged, path, sight.custom);
  }
  const changed = changedPaths(live, merged, sight);
  const conflicts = others.flatMap(({ entry, fields }) =>
    [...wanted]
      .filter((path) => changed.has(path) && fields.has(path))
      .sort()
      .map((path) => ({ entry, path })),
  );
  if (conflicts.length > 0 && !force) return { kind: "conflicts", conflicts };
  const lost = new Set(conflicts.map(({ path }) => path));
  const left = others.map(({ entry, fields }) => ({ entry, fields: fields.difference(lost) }));
  const same = mine !== undefined && mine.fields.symmetricDifference(wanted).size === 0 && changed.size === 0;
  const entry = same ? mine.entry : entryOf(writer);
  const all = wanted.size === 0 ? left : [...left, { entry, fields: wanted }];
  const everything = fieldValues(merged, { ...sight, part: "all" });
  return { kind: "applied", object: merged, entries: sortEntries(dropGone(all, everything).map(writeOwner)) };
}

function changedPaths(before: JsonMap | undefined, after: JsonMap, sight: Sight): FieldSet {
  const old: FieldValues = before === undefined ? new Map() : fieldValues(before, sight);
  const fresh = fieldValues(after, sight);
  const changed = [...fresh].filter(([path, value]) => old.get(path) !== value).map(([path]) => path);
  return new Set([...changed, ...[...old.keys()].filter((path) => !fresh.has(path))]);
}

/** Whether something there, or below it, is owned. */
function ownsWithin(fields: FieldSet, path: string): boolean {
  return [...fields].some((field) => field === path || field.startsWith(`${path}\u0000`));
}

function ownersOf(object: JsonMap | undefined): readonly Owner[] {
  const metadata = object?.metadata;
  const entries = (isMap(metadata) ? (metadata.managedFields ?? []) : []) as readonly ManagedEntry[];
  return entries.map((entry) => ({ entry, fields: readFields(entry.fieldsV1) }));
}

/** Fields that are no more have no owner, and owners of nothing are no more; maps that hold something count as there. */
function dropGone(owners: readonly Owner[], there: FieldValues): readonly Owner[] {
  const paths = new Set<string>();
  for (const path of there.keys()) {
    const elements = splitPath(path);
    for (let length = 1; length <= elements.length; length++) paths.add(elements.slice(0, length).join("\u0000"));
  }
  return owners
    .map(({ entry, fields }) => ({ entry, fields: fields.intersection(paths) }))
    .filter(({ fields }) => fields.size > 0);
}

function isWriter(entry: ManagedEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.apiVersion === writer.apiVersion &&
    entry.subresource === writer.subresource
  );
}

function entryOf(writer: Writer): ManagedEntry {
  const { manager, operation, apiVersion, subresource } = writer;
  return {
    apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: {},
    manager,
    operation,
    ...(subresource !== undefined && { subresource }),
    ...timeOf(writer),
  };
}

/** The subresource `scale` leaves no time. */
function timeOf({ subresource, time }: Writer): { readonly time?: string } {
  return subresource === "scale" ? {} : { time };
}

function writeOwner({ entry, fields }: Owner): ManagedEntry {
  return { ...entry, fieldsV1: writeFields(fields) as Readonly<Record<string, Json>> };
}

function sortEntries(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const key = ({ operation, time = "", manager, subresource = "" }: ManagedEntry) =>
    [operation, time, manager, subresource].join("\u0000");
  return entries.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
