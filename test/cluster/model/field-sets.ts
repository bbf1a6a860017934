// Sets of fields, as `metadata.managedFields` has them: `f:name` for a field, `k:{…}` for an item with keys, `v:…` for a
// member of a set, `.` for the item itself. A path is kept as its elements, joined.

import { isMap, type Json, type JsonMap } from "./json.ts";
import { mergingOf } from "./list-keys.ts";

/** Joins elements; none of them holds it. */
const JOINT = "\u0000";

export type FieldSet = ReadonlySet<string>;

/** Every path that an owner can own, with the value there as text; items and members count by themselves. */
export type FieldValues = ReadonlyMap<string, string>;

/** What the server writes itself, and what names an object, belongs to nobody. */
const OWNERLESS = new Set(
  ["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"]
    .concat("deletionTimestamp", "deletionGracePeriodSeconds")
    .map((field) => joinPath(["f:metadata", `f:${field}`])),
);

export function joinPath(elements: readonly string[]): string {
  return elements.join(JOINT);
}

export function splitPath(path: string): readonly string[] {
  return path.split(JOINT);
}

/** Parts of Kubernetes' own kinds that are there even when nobody gives them, and so are never added. */
const ALWAYS_THERE = new Set(
  ["spec", "status", "template", "metadata", "strategy", "resources", "containers", "jobTemplate"].map(
    (field) => `f:${field}`,
  ),
);

export interface Sight {
  /** Of a custom resource. */
  readonly custom: boolean;
  /** The status alone, or everything but it. */
  readonly part: "status" | "rest" | "all";
  /** Maps and lists count by themselves, too, as whoever adds one by an update owns it. */
  readonly holders?: boolean;
}

export function fieldValues(object: JsonMap, { custom, part, holders = false }: Sight): FieldValues {
  const found = new Map<string, string>();
  for (const [field, value] of Object.entries(object)) {
    if (field === "apiVersion" || field === "kind" || value === undefined) continue;
    if (part !== "all" && (field === "status") !== (part === "status")) continue;
    gather(value, { path: [`f:${field}`], custom, holders, found });
  }
  for (const path of found.keys()) {
    if (OWNERLESS.has(path) || path === "f:metadata") found.delete(path);
  }
  return found;
}

interface Gathering {
  readonly path: readonly string[];
  readonly custom: boolean;
  readonly holders: boolean;
  readonly found: Map<string, string>;
}

function gather(value: Json, gathering: Gathering): void {
  const { path, custom, found } = gathering;
  const merging = mergingOf(value, { path, custom });
  if (isMap(value) && merging.kind === "map") {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    if (entries.length === 0) found.set(joinPath(path), "{}");
    else if (counts(gathering)) found.set(joinPath(path), "");
    for (const [field, child] of entries) {
      if (child !== undefined) gather(child, { ...gathering, path: [...path, `f:${field}`] });
    }
    return;
  }
  if (Array.isArray(value) && merging.kind !== "whole" && counts(gathering)) found.set(joinPath(path), "");
  if (Array.isArray(value) && merging.kind === "keyed") {
    for (const item of value) {
      const own = [...path, keyElement(item, merging.keys)];
      found.set(joinPath(own), "");
      if (isMap(item)) gather(item, { ...gathering, path: own });
    }
    return;
  }
  if (Array.isArray(value) && merging.kind === "set") {
    for (const member of value) found.set(joinPath([...path, `v:${JSON.stringify(member)}`]), "");
    return;
  }
  found.set(joinPath(path), JSON.stringify(value));
}

function counts({ path, custom, holders }: Gathering): boolean {
  const own = path.at(-1) ?? "";
  return holders && own.startsWith("f:") && !(ALWAYS_THERE.has(own) && (!custom || own === "f:metadata"));
}

/** `k:{"name":"web"}` */
export function keyElement(item: unknown, keys: Readonly<Record<string, string | undefined>>): string {
  const fields = isMap(item) ? item : {};
  return `k:${JSON.stringify(Object.fromEntries(Object.entries(keys).map(([key, usual]) => [key, fields[key] ?? usual])))}`;
}

interface Tree {
  [element: string]: Tree;
}

export function writeFields(set: FieldSet): { readonly [element: string]: Json } {
  const root: Tree = {};
  for (const path of [...set].sort()) {
    let at = root;
    for (const element of splitPath(path)) {
      const next = at[element] ?? {};
      at[element] = next;
      at = next;
    }
  }
  for (const path of set) {
    let at = root;
    for (const element of splitPath(path)) at = at[element] ?? {};
    if (Object.keys(at).length > 0) at["."] = {};
  }
  return root as { readonly [element: string]: Json };
}

export function readFields(fields: Json): FieldSet {
  const set = new Set<string>();
  visit(fields, []);
  return set;

  function visit(value: Json | undefined, path: readonly string[]): void {
    const children = isMap(value) ? Object.keys(value) : [];
    if (path.length > 0 && (children.length === 0 || children.includes("."))) set.add(joinPath(path));
    for (const child of children) if (child !== ".") visit(isMap(value) ? value[child] : {}, [...path, child]);
  }
}

/** `.spec.template.spec.containers[name="web"].image`, as the server's messages have it. */
export function printPath(path: string): string {
  return splitPath(path)
    .map((element) => {
      const rest = element.slice(2);
      if (element.startsWith("f:")) return `.${rest}`;
      if (element.startsWith("v:")) return `[=${rest}]`;
      const keys = JSON.parse(rest) as Readonly<Record<string, unknown>>;
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(",")}]`;
    })
    .join("");
}
