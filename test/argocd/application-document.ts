// Parts of an Application's document, and how they are put in and changed.

import { isInSync, type Json, type JsonObject, type PlayedObject } from "./played-object.ts";

export function showResource(object: PlayedObject): JsonObject {
  const [group, version] = object.apiVersion.includes("/")
    ? object.apiVersion.split("/")
    : [undefined, object.apiVersion];
  return {
    ...(group !== undefined && { group }),
    version: version ?? "v1",
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    status: isInSync(object) ? "Synced" : "OutOfSync",
    ...(object.desired === undefined && { requiresPruning: true }),
    ...(object.health !== undefined && { health: { status: object.health } }),
  };
}

export function showResult(object: PlayedObject): JsonObject {
  const pruned = object.desired === undefined;
  const { status: _status, requiresPruning: _pruning, health: _health, ...names } = showResource(object);
  return {
    ...names,
    status: pruned ? "PruneSkipped" : "Synced",
    message: pruned ? "ignored (requires pruning)" : "configured",
  };
}

/** One value or several, as Argo CD's fields in the singular and in the plural. */
export function several(count: number, both: Readonly<Record<string, unknown>>): JsonObject {
  const chosen = Object.entries(both).filter(([key]) => key.endsWith("s") === count > 1);
  return structuredClone(Object.fromEntries(chosen)) as JsonObject;
}

export function revisionsOf(entry: JsonObject | undefined): Json {
  if (entry === undefined) return null;
  return entry.revisions ?? [entry.revision ?? ""];
}

export function section(document: JsonObject, ...path: string[]): JsonObject {
  let at: JsonObject = document;
  for (const key of path) {
    at[key] ??= {};
    at = at[key] as JsonObject;
  }
  return at;
}

export function put(document: JsonObject, key: string, values: JsonObject): void {
  Object.assign(section(document, key), values);
}

export function patched(value: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return structuredClone(patch);
  const result: JsonObject = value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete result[key];
    else result[key] = patched(result[key], inner);
  }
  return result;
}
