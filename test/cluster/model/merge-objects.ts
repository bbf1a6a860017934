// Merging of objects: field by field with lists by their keys (server-side apply, strategic merge patch), and the plain
// merge patch of RFC 7396, where a list is replaced and null removes.

import { keyElement, splitPath } from "./field-sets.ts";
import { isMap, type Json, type JsonMap } from "./json.ts";
import { mergingOf } from "./list-keys.ts";

export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isMap(patch)) return patch;
  const merged: Record<string, Json> = {};
  if (isMap(target)) for (const [key, value] of Object.entries(target)) if (value !== undefined) merged[key] = value;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

interface Place {
  readonly path: readonly string[];
  readonly custom: boolean;
}

/** What stands in `given` wins; what does not stays. */
export function mergeByKeys(target: Json | undefined, given: Json, place: Place): Json {
  if (target === undefined || target === null) return given;
  const merging = mergingOf(given, place);
  if (isMap(given) && isMap(target) && merging.kind === "map") return mergeMaps(target, given, place);
  if (!Array.isArray(given) || !Array.isArray(target)) return given;
  if (merging.kind === "set") return [...new Set([...target, ...given])];
  if (merging.kind !== "keyed") return given;
  const items = new Map<string, Json>(target.map((item: Json) => [keyElement(item, merging.keys), item]));
  for (const item of given as readonly Json[]) {
    const key = keyElement(item, merging.keys);
    items.set(key, mergeByKeys(items.get(key), item, { ...place, path: [...place.path, key] }));
  }
  return [...items.values()];
}

function mergeMaps(target: JsonMap, given: JsonMap, place: Place): JsonMap {
  const merged: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergeByKeys(merged[key], value, { ...place, path: [...place.path, `f:${key}`] });
  }
  return merged;
}

/** Takes one field, item or member away, and the maps that it leaves empty. */
export function removeField(object: JsonMap, path: string, custom: boolean): JsonMap {
  const removed = removeAt(object, splitPath(path), { path: [], custom });
  return isMap(removed) ? removed : {};
}

function removeAt(value: Json | undefined, [element, ...rest]: readonly string[], place: Place): Json | undefined {
  if (element === undefined) return undefined;
  const path = [...place.path, element];
  if (isMap(value)) {
    const key = element.slice(2);
    if (!(key in value)) return value;
    const child = removeAt(value[key], rest, { ...place, path });
    const { [key]: _, ...others } = value;
    if (child !== undefined && !(isMap(child) && Object.keys(child).length === 0)) return { ...others, [key]: child };
    return others;
  }
  if (!Array.isArray(value)) return value;
  const merging = mergingOf(value, place);
  return (value as readonly Json[]).flatMap((item) => {
    const own = merging.kind === "keyed" ? keyElement(item, merging.keys) : `v:${JSON.stringify(item)}`;
    const left = own === element ? removeAt(item, rest, { ...place, path }) : item;
    return left === undefined ? [] : [left];
  });
}
