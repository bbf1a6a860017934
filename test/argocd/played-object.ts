// One object of a played Application: what Git declares and what the cluster has. People's changes are written as a real
// API server would remember them, with the tool's name in the managed fields.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface PlayedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent: Git does not declare it any more, and the next prune takes it. */
  desired: JsonObject | undefined;
  /** Absent: somebody deleted it. */
  live: JsonObject | undefined;
  health: string | undefined;
  resourceVersion: number;
  /** JSON pointers of fields in which a difference is none: `ignoreDifferences`. */
  ignored: readonly string[];
}

/** A manifest as it stands in Git. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & JsonObject;
  readonly [field: string]: unknown;
}

export interface HandEdit {
  /** `Deployment/web`. */
  readonly object: string;
  /** A JSON pointer; items of lists by their index. */
  readonly pointer: string;
  /** Absent: the field is taken away. */
  readonly value?: Json;
  readonly manager?: string;
  readonly operation?: "Update" | "Apply";
  readonly subresource?: string;
}

export function playObject(manifest: Manifest, namespace: string): PlayedObject {
  const { apiVersion, kind } = manifest;
  const desired = structuredClone(manifest) as JsonObject;
  return {
    apiVersion,
    kind,
    namespace: manifest.metadata.namespace ?? namespace,
    name: manifest.metadata.name,
    desired,
    live: bringToLife(desired, manifest.metadata.namespace ?? namespace),
    health: undefined,
    resourceVersion: 1,
    ignored: [],
  };
}

/** What the cluster has after Argo CD applied it: its own fields are as in Git again, others stay. */
export function applyObject(object: PlayedObject): void {
  if (object.desired === undefined || isInSync(object)) return;
  object.live = bringToLife(predict(object) as JsonObject, object.namespace);
  object.resourceVersion++;
}

export function editByHand(object: PlayedObject, edit: HandEdit & { readonly time: string }): void {
  if (object.live === undefined) throw new Error(`${edit.object} is not there to be edited`);
  const keys = edit.pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  if (last === undefined) throw new Error("the pointer names no field");
  const { holder, owned } = walk(object.live, keys);
  const leaf = { [`f:${last}`]: {} };
  if (Array.isArray(holder)) {
    if (edit.value === undefined) holder.splice(Number(last), 1);
    else holder[Number(last)] = edit.value;
  } else if (edit.value === undefined) delete holder[last];
  else holder[last] = edit.value;
  const metadata = object.live.metadata as JsonObject;
  metadata.managedFields = [
    ...((metadata.managedFields ?? []) as Json[]),
    {
      manager: edit.manager ?? "kubectl-edit",
      operation: edit.operation ?? "Update",
      apiVersion: object.apiVersion,
      time: edit.time,
      fieldsType: "FieldsV1",
      fieldsV1: owned.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), leaf),
      ...(edit.subresource !== undefined && { subresource: edit.subresource }),
    },
  ];
  object.resourceVersion++;
}

export function isInSync({ desired, live, ignored }: PlayedObject): boolean {
  if (desired === undefined || live === undefined) return false;
  return holds(withoutFields(live, ignored), withoutFields(desired, ignored));
}

/** As it is compared: what is ignored is left out. */
export function withoutFields<T extends Json>(value: T, pointers: readonly string[]): T {
  const copy = structuredClone(value);
  for (const pointer of pointers) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop() ?? "";
    const holder = keys.reduce<Json | undefined>((at, key) => (at as JsonObject | undefined)?.[key], copy);
    if (holder !== null && typeof holder === "object" && !Array.isArray(holder)) delete holder[last];
  }
  return copy;
}

/** What the cluster would have after an apply: fields that Git does not declare stay. */
export function predict({ desired, live }: PlayedObject): Json {
  if (desired === undefined) return null;
  return live === undefined ? desired : merge(live, desired);
}

function bringToLife(desired: JsonObject, namespace: string): JsonObject {
  const live = structuredClone(desired);
  live.metadata = {
    ...(live.metadata as JsonObject),
    namespace,
    uid: `uid-of-${String((live.metadata as JsonObject).name)}`,
  };
  return live;
}

function walk(from: JsonObject, keys: readonly string[]): { holder: JsonObject | Json[]; owned: string[] } {
  let holder: JsonObject | Json[] = from;
  const owned: string[] = [];
  for (const key of keys) {
    const inner: Json | undefined = Array.isArray(holder) ? holder[Number(key)] : holder[key];
    if (inner === null || typeof inner !== "object") {
      if (Array.isArray(holder)) throw new Error(`there is no ${key}`);
      holder[key] = {};
      holder = holder[key] as JsonObject;
      owned.push(`f:${key}`);
      continue;
    }
    const name = Array.isArray(holder) && !Array.isArray(inner) ? inner.name : undefined;
    owned.push(name === undefined ? `f:${key}` : `k:${JSON.stringify({ name })}`);
    holder = inner;
  }
  return { holder, owned };
}

function holds(live: Json, desired: Json): boolean {
  return JSON.stringify(merge(live, desired)) === JSON.stringify(live);
}

function merge(live: Json, desired: Json): Json {
  if (Array.isArray(desired)) {
    const old = Array.isArray(live) ? live : [];
    const named = desired.every((item) => sameName(item, item));
    return desired.map((item, index) =>
      merge((named ? old.find((other) => sameName(other, item)) : old[index]) ?? null, item),
    );
  }
  if (desired === null || typeof desired !== "object") return desired;
  const old = live !== null && typeof live === "object" && !Array.isArray(live) ? live : {};
  const merged: JsonObject = { ...old };
  for (const [key, value] of Object.entries(desired)) merged[key] = merge(old[key] ?? null, value);
  return merged;
}

function sameName(one: Json, other: Json): boolean {
  const [name, wanted] = [one, other].map((item) => (item as JsonObject | null)?.name);
  return typeof wanted === "string" && name === wanted;
}
