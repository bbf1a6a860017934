// What the stand-in remembers: every object, and every change since it was started, so that a watch can go on where it
// was, and a list in pages shows one moment. Knows nothing of HTTP and of rights.

import { randomUUID } from "node:crypto";
import { isMap, type JsonMap, sameJson } from "./json.ts";
import { apiVersionOf, type Kind, listKinds, splitApiVersion } from "./kinds.ts";
import { alreadyExists, expired, notFound } from "./refusal.ts";
import type { GivenObject, ManagedEntry, StoredObject } from "./stored-object.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: Kind;
  /** Of a deletion: as it was last, with the version of the deletion. */
  readonly object: StoredObject;
  readonly version: number;
}

export interface Place {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name: string;
}

export interface Store {
  readonly kinds: () => readonly Kind[];
  readonly addKind: (kind: Kind) => void;
  readonly removeKind: (kind: Kind) => void;
  readonly version: () => number;
  readonly get: (place: Place) => StoredObject | undefined;
  /** Objects of a kind as they were at a version, in the server's order. */
  readonly list: (kind: Kind, options: { readonly namespace?: string; readonly at: number }) => readonly StoredObject[];
  /** Changes behind a version, oldest first. @throws Refusal 410 when they are forgotten */
  readonly changesSince: (version: number) => readonly Change[];
  readonly create: (kind: Kind, object: GivenObject, entries: readonly ManagedEntry[]) => StoredObject;
  readonly replace: (place: Place, object: JsonMap) => StoredObject;
  readonly remove: (place: Place) => StoredObject;
  /** As given, verbatim but for its version. */
  readonly restore: (kind: Kind, object: GivenObject) => StoredObject;
  readonly onChange: (listener: (change: Change) => void) => () => void;
  /** Forgets the past, as a real server does after minutes: older versions are gone (410). */
  readonly compact: () => void;
  readonly isForgotten: (version: number) => boolean;
}

export interface StoreOptions {
  readonly now: () => number;
  /** Plural names of kinds that this server does not have. */
  readonly without: readonly string[];
}

export function createStore({ now, without }: StoreOptions): Store {
  let kinds = listKinds().filter(({ plural }) => !without.includes(plural));
  let version = 100;
  let oldest = 0;
  const objects = new Map<string, StoredObject>();
  let changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();

  function record(type: Change["type"], kind: Kind, object: StoredObject): StoredObject {
    const key = keyOf(placeOf(kind, object));
    if (type === "DELETED") objects.delete(key);
    else objects.set(key, object);
    const change = { type, kind, object, version };
    changes.push(change);
    for (const listener of listeners) listener(change);
    return object;
  }

  function next(): string {
    version += 1;
    return String(version);
  }

  function get(place: Place): StoredObject | undefined {
    return objects.get(keyOf(place));
  }

  return {
    kinds: () => kinds,
    addKind: (kind) => {
      kinds = [...kinds.filter((known) => !sameKind(known, kind)), kind];
    },
    removeKind: (kind) => {
      kinds = kinds.filter((known) => !sameKind(known, kind));
    },
    version: () => version,
    get,
    list: (kind, { namespace, at }) => {
      const there = new Map([...objects].filter(([key]) => key.startsWith(prefixOf(kind))));
      for (const change of changes.toReversed()) {
        if (change.version <= at || !sameKind(change.kind, kind)) continue;
        const key = keyOf(placeOf(kind, change.object));
        const before = lastBefore(changes, { key, version: change.version });
        if (before === undefined) there.delete(key);
        else there.set(key, before);
      }
      return [...there]
        .filter(([, { metadata }]) => namespace === undefined || metadata.namespace === namespace)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([, object]) => object);
    },
    changesSince: (from) => {
      if (from < oldest) throw expired(`too old resource version: ${from} (${oldest})`);
      return changes.filter((change) => change.version > from);
    },
    create: (kind, object, entries) => {
      const place = placeOf(kind, object);
      if (get(place) !== undefined) throw alreadyExists(place);
      const { uid: _, resourceVersion: __, ...given } = object.metadata;
      const metadata = {
        ...given,
        uid: randomUUID(),
        resourceVersion: next(),
        ...(kind.generation && { generation: 1 }),
        creationTimestamp: timestamp(now()),
        managedFields: entries,
      };
      return record("ADDED", kind, { ...object, metadata } as StoredObject);
    },
    replace: (place, object) => {
      const before = get(place);
      if (before === undefined) throw notFound(place);
      const { metadata: given, ...rest } = object;
      const { metadata: old, ...oldRest } = before;
      const noted = isMap(given) ? given.annotations : undefined;
      const renoted = place.kind.countsAnnotations && !sameJson(noted ?? {}, old.annotations ?? {});
      const bumps = place.kind.generation && (renoted || !sameJson(withoutStatus(rest), withoutStatus(oldRest)));
      const metadata = {
        ...(isMap(given) ? given : {}),
        uid: old.uid,
        creationTimestamp: old.creationTimestamp,
        ...(old.generation !== undefined && { generation: old.generation + (bumps ? 1 : 0) }),
        resourceVersion: old.resourceVersion,
      };
      if (sameJson({ ...rest, metadata }, before)) return before;
      const after = { ...rest, metadata: { ...metadata, resourceVersion: next() } } as unknown as StoredObject;
      return record("MODIFIED", place.kind, after);
    },
    remove: (place) => {
      const before = get(place);
      if (before === undefined) throw notFound(place);
      const metadata = { ...before.metadata, resourceVersion: next() };
      return record("DELETED", place.kind, { ...before, metadata });
    },
    restore: (kind, object) => {
      const known = get(placeOf(kind, object));
      const metadata = {
        uid: randomUUID(),
        creationTimestamp: timestamp(now()),
        ...object.metadata,
        resourceVersion: next(),
      };
      return record(known === undefined ? "ADDED" : "MODIFIED", kind, { ...object, metadata } as StoredObject);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact: () => {
      oldest = version;
      changes = changes.filter((change) => change.version > version);
    },
    isForgotten: (at) => at < oldest,
  };
}

function lastBefore(
  changes: readonly Change[],
  { key, version }: { readonly key: string; readonly version: number },
): StoredObject | undefined {
  const found = changes.findLast(
    (change) => change.version < version && keyOf(placeOf(change.kind, change.object)) === key,
  );
  return found === undefined || found.type === "DELETED" ? undefined : found.object;
}

/** The kind of an object that somebody hands in. @throws Error when this server has no such kind */
export function requireKind(store: Store, { apiVersion, kind }: Pick<GivenObject, "apiVersion" | "kind">): Kind {
  const { group, version } = splitApiVersion(apiVersion);
  const found = store
    .kinds()
    .find((known) => known.group === group && known.version === version && known.kind === kind);
  if (found === undefined) throw new Error(`The cluster has no kind ${kind} of ${apiVersion}.`);
  return found;
}

export function placeOf(
  kind: Kind,
  { metadata }: { readonly metadata: { readonly name: string; readonly namespace?: string } },
): Place {
  const { name, namespace } = metadata;
  return { kind, name, ...(kind.namespaced && { namespace: namespace ?? "default" }) };
}

export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function keyOf({ kind, namespace = "", name }: Place): string {
  return `${prefixOf(kind)}${namespace}/${name}`;
}

function prefixOf(kind: Kind): string {
  return `${apiVersionOf(kind)}/${kind.plural}/`;
}

function sameKind(one: Kind, other: Kind): boolean {
  return prefixOf(one) === prefixOf(other);
}

function withoutStatus({ status: _, ...rest }: JsonMap): JsonMap {
  return rest;
}
