// What follows from a write or a deletion by itself: finalizers, namespaces with all that is in them, and kinds that come
// and go with their definitions.

import { isMap, type JsonMap } from "./json.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { notFound } from "./refusal.ts";
import { type Place, placeOf, type Store, timestamp } from "./store.ts";
import type { StoredObject } from "./stored-object.ts";

export interface Writing {
  readonly store: Store;
  readonly now: () => number;
}

export function deleteObject({ store, now }: Writing, place: Place): StoredObject {
  const before = store.get(place);
  if (before === undefined) throw notFound(place);
  if ((before.metadata.finalizers?.length ?? 0) > 0) {
    if (before.metadata.deletionTimestamp !== undefined) return before;
    const deletion = { deletionTimestamp: timestamp(now()), deletionGracePeriodSeconds: 0 };
    return store.replace(place, { ...before, metadata: { ...before.metadata, ...deletion } });
  }
  return takeAway(store, place);
}

function takeAway(store: Store, place: Place): StoredObject {
  const gone = store.remove(place);
  if (place.kind.plural === "namespaces") {
    for (const kind of store.kinds().filter(({ namespaced }) => namespaced)) {
      const within = store.list(kind, { namespace: place.name, at: store.version() });
      for (const object of within) store.remove(placeOf(kind, object));
    }
  }
  if (place.kind.plural === "customresourcedefinitions") {
    for (const kind of kindsOf(gone)) {
      for (const object of store.list(kind, { at: store.version() })) store.remove(placeOf(kind, object));
      store.removeKind(kind);
    }
  }
  return gone;
}

/** What follows from a write by itself. */
export function settle(store: Store, object: StoredObject): StoredObject {
  const place = placeOf(kindOf(store, object), object);
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp !== undefined && (finalizers?.length ?? 0) === 0) return takeAway(store, place);
  if (place.kind.plural === "customresourcedefinitions" && !("status" in object)) {
    for (const kind of kindsOf(object)) store.addKind(kind);
    const conditions = ["NamesAccepted", "Established"].map((type) => ({ type, status: "True" }));
    return store.replace(place, { ...object, status: { conditions } });
  }
  if (place.kind.plural === "namespaces" && !("status" in object)) {
    return store.replace(place, { ...object, status: { phase: "Active" } });
  }
  return object;
}

function kindOf(store: Store, object: StoredObject): Kind {
  const found = store.kinds().find((kind) => kind.kind === object.kind && apiVersionOf(kind) === object.apiVersion);
  if (found === undefined) throw new Error(`${object.kind} of ${object.apiVersion} is unknown here.`);
  return found;
}

function kindsOf(definition: JsonMap): readonly Kind[] {
  const spec = definition.spec as JsonMap;
  const names = spec.names as JsonMap;
  const versions = spec.versions as readonly JsonMap[];
  return versions.map((version) => ({
    group: String(spec.group),
    version: String(version.name),
    kind: String(names.kind),
    plural: String(names.plural),
    namespaced: spec.scope === "Namespaced",
    status: isMap(version.subresources) && "status" in version.subresources,
    generation: true,
    countsAnnotations: false,
    scale: false,
    custom: true,
  }));
}
