// Writing as the API server does it, whoever asks: what the server sets itself, the status apart from the rest, and who
// owns which field afterwards.

import { isMap, type Json, type JsonMap } from "./json.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { mergeByKeys, mergePatch } from "./merge-objects.ts";
import { applyObject, ownUpdate, type Writer } from "./own-fields.ts";
import { alreadyExists, badRequest, conflicting, invalid, notFound, outdated, Refusal } from "./refusal.ts";
import { settle, type Writing } from "./settle-objects.ts";
import { type Place, placeOf, type Store, timestamp } from "./store.ts";
import type { GivenObject, ManagedEntry, StoredObject } from "./stored-object.ts";

export interface WriteOptions {
  readonly manager: string;
  readonly subresource?: "status" | "scale";
  readonly dryRun?: boolean;
}

export function createObject(
  { store, now }: Writing,
  kind: Kind,
  options: WriteOptions & { readonly object: GivenObject },
) {
  const { object } = options;
  const place = placeOf(kind, object);
  if ("resourceVersion" in object.metadata) {
    throw new Refusal(500, { message: "resourceVersion should not be set on objects to be created" });
  }
  requireNamespace(store, place);
  if (store.get(place) !== undefined) throw alreadyExists(place);
  const fresh = prepare(kind, object);
  const writer = writerOf(kind, { ...options, now, operation: "Update" });
  const entries = ownUpdate({ before: undefined, after: fresh }, { writer, sight: sightOf(kind, undefined) });
  return options.dryRun === true
    ? pretend(store, place, fresh, entries, now)
    : settle(store, store.create(kind, fresh, entries));
}

export type Update =
  | { readonly kind: "put"; readonly object: JsonMap }
  | { readonly kind: "merge"; readonly patch: Json }
  | { readonly kind: "strategic"; readonly patch: Json };

export function updateObject(
  { store, now }: Writing,
  place: Place,
  options: WriteOptions & { readonly update: Update },
) {
  const before = store.get(place);
  if (before === undefined) throw notFound(place);
  const wanted = wantedBy(options.update, before, place.kind);
  checkIdentity(wanted, { before, place, put: options.update.kind === "put" });
  const parted = keepOtherPart(wanted, { before, kind: place.kind, subresource: options.subresource });
  const after = withMetadata(parted, before);
  const writer = writerOf(place.kind, { ...options, now, operation: "Update" });
  const entries = ownUpdate({ before, after }, { writer, sight: sightOf(place.kind, options.subresource) });
  const owned = { ...after, metadata: { ...(after.metadata as JsonMap), managedFields: entries } };
  if (options.dryRun === true) return pretend(store, place, owned, entries, now);
  return settle(store, store.replace(place, owned));
}

export interface ApplyOptions extends WriteOptions {
  readonly object: GivenObject;
  readonly force: boolean;
}

export function applyTo({ store, now }: Writing, kind: Kind, options: ApplyOptions): StoredObject {
  const { object, subresource } = options;
  const place = placeOf(kind, object);
  if ("managedFields" in object.metadata) throw badRequest("metadata.managedFields must be nil");
  const live = store.get(place);
  if (live === undefined && subresource !== undefined) throw notFound(place);
  if (live === undefined) requireNamespace(store, place);
  const given = subresource === undefined ? prepare(kind, object) : (object as unknown as JsonMap);
  const writer = writerOf(kind, { ...options, now, operation: "Apply" });
  const sight = sightOf(kind, subresource);
  const applied = applyObject({ live, given, writer, force: options.force, sight });
  if (applied.kind === "conflicts") throw conflicting(applied.conflicts);
  const kept = live === undefined ? applied.object : keepOtherPart(applied.object, { before: live, kind, subresource });
  if (live === undefined) {
    const fresh = kept as unknown as GivenObject;
    if (options.dryRun === true) return pretend(store, place, kept, applied.entries, now);
    return settle(store, store.create(kind, fresh, applied.entries));
  }
  const after = withMetadata(kept, live);
  const owned = { ...after, metadata: { ...(after.metadata as JsonMap), managedFields: applied.entries } };
  return options.dryRun === true
    ? pretend(store, place, owned, applied.entries, now)
    : settle(store, store.replace(place, owned));
}

function wantedBy(update: Update, before: StoredObject, kind: Kind): JsonMap {
  if (update.kind === "put") return update.object;
  if (!isMap(update.patch)) throw badRequest("the patch is not an object");
  const patched =
    update.kind === "merge"
      ? mergePatch(before, update.patch)
      : mergeByKeys(before, update.patch, { path: [], custom: kind.custom });
  return patched as JsonMap;
}

interface Checked {
  readonly before: StoredObject;
  readonly place: Place;
  readonly put: boolean;
}

function checkIdentity(wanted: JsonMap, { before, place, put }: Checked): void {
  const metadata = isMap(wanted.metadata) ? wanted.metadata : {};
  const { uid, resourceVersion, name } = metadata;
  if (name !== undefined && name !== place.name) {
    throw badRequest("the name of the object does not match the name on the URL");
  }
  if (uid !== undefined && uid !== "" && uid !== before.metadata.uid) throw outdated(place);
  if (resourceVersion !== undefined && resourceVersion !== "" && resourceVersion !== before.metadata.resourceVersion) {
    throw outdated(place);
  }
  if (put && place.kind.custom && (resourceVersion === undefined || resourceVersion === "")) {
    const cause = {
      field: "metadata.resourceVersion",
      message: "Invalid value: 0: must be specified for an update",
      reason: "FieldValueInvalid",
    };
    throw invalid(place, cause);
  }
}

/** Through `/status` only the status changes, and through the object itself everything but it. */
function keepOtherPart(
  wanted: JsonMap,
  {
    before,
    kind,
    subresource,
  }: { readonly before: StoredObject; readonly kind: Kind; readonly subresource: WriteOptions["subresource"] },
): JsonMap {
  if (subresource === "status") return { ...before, ...("status" in wanted && { status: wanted.status }) };
  if (!kind.status) return wanted;
  const { status: _, ...rest } = wanted;
  return "status" in before ? { ...rest, status: before.status } : rest;
}

function withMetadata(wanted: JsonMap, before: StoredObject): JsonMap {
  const given = isMap(wanted.metadata) ? wanted.metadata : {};
  const { uid, creationTimestamp, generation, name, namespace, managedFields, resourceVersion, deletionTimestamp } =
    before.metadata;
  const fixed = {
    uid,
    creationTimestamp,
    generation,
    name,
    namespace,
    managedFields,
    resourceVersion,
    deletionTimestamp,
  };
  const metadata = Object.fromEntries(
    Object.entries({ ...given, ...fixed }).filter(([, value]) => value !== undefined),
  );
  return { ...wanted, apiVersion: before.apiVersion, kind: before.kind, metadata };
}

/** What a new object keeps of what was handed in. */
function prepare(kind: Kind, object: GivenObject): GivenObject & JsonMap {
  const { status, ...rest } = object;
  const { namespace = "default", ...metadata } = object.metadata;
  const clean = { ...metadata, ...(kind.namespaced && { namespace }) };
  const keep = kind.status || status === undefined ? {} : { status };
  return JSON.parse(JSON.stringify({ ...rest, ...keep, metadata: clean })) as GivenObject & JsonMap;
}

function requireNamespace(store: Store, { kind, namespace }: Place): void {
  if (!kind.namespaced || namespace === undefined) return;
  const namespaces = store.kinds().find(({ plural, group }) => plural === "namespaces" && group === "");
  if (namespaces === undefined) return;
  const place = { kind: namespaces, name: namespace };
  if (store.get(place) === undefined) throw notFound(place);
}

function sightOf(kind: Kind, subresource: WriteOptions["subresource"]) {
  const part = subresource === "status" ? "status" : kind.status ? "rest" : "all";
  return { custom: kind.custom, part } as const;
}

function writerOf(
  kind: Kind,
  {
    manager,
    subresource,
    now,
    operation,
  }: WriteOptions & { readonly now: () => number; readonly operation: "Apply" | "Update" },
): Writer {
  return {
    manager,
    operation,
    apiVersion: apiVersionOf(kind),
    time: timestamp(now()),
    ...(subresource !== undefined && { subresource }),
  };
}

/** What the write would give, and nothing is kept. */
function pretend(
  store: Store,
  place: Place,
  object: JsonMap,
  entries: readonly ManagedEntry[],
  now: () => number,
): StoredObject {
  const before = store.get(place);
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const made = before ?? { metadata: { uid: "", creationTimestamp: timestamp(now()), resourceVersion: "" } };
  const { uid, creationTimestamp, resourceVersion } = made.metadata;
  return {
    ...object,
    metadata: { ...metadata, uid, creationTimestamp, resourceVersion, managedFields: entries },
  } as unknown as StoredObject;
}
