// Reads who owns which fields: the tree that Kubernetes keeps in `managedFields` (fieldsV1 of structured-merge-diff) as
// JSON pointers into the live object. Items of lists are named there by their keys, and are looked up by them here; what
// is not in the object any more has no path.

import { type Fields, isFields } from "./read-fields.ts";

/** Of one manager; an object that was applied whole has many fields. */
const MOST_PATHS = 2_000;
const DEEPEST = 64;

export interface FieldPath {
  /** `/spec/template/spec/containers/0/image`. */
  readonly pointer: string;
  readonly value: unknown;
}

export function findFieldPaths(fieldsV1: unknown, object: unknown): readonly FieldPath[] {
  const found: FieldPath[] = [];
  collect(fieldsV1, { at: { pointer: "", value: object }, found, depth: 0 });
  return found;
}

interface Walk {
  readonly at: FieldPath;
  readonly found: FieldPath[];
  readonly depth: number;
}

function collect(tree: unknown, { at, found, depth }: Walk): void {
  if (!isFields(tree) || depth > DEEPEST || found.length >= MOST_PATHS) return;
  const keys = Object.keys(tree).filter((key) => key !== ".");
  if (keys.length === 0) {
    if (at.pointer !== "") found.push(at);
    return;
  }
  for (const key of keys) {
    const next = step(key, at);
    if (next !== undefined) collect(tree[key], { at: next, found, depth: depth + 1 });
  }
}

/** `f:` names a field, `k:` an item by its keys, `v:` an item by its value, `i:` one by its place. */
function step(key: string, { pointer, value }: FieldPath): FieldPath | undefined {
  const [kind, rest] = [key.slice(0, 2), key.slice(2)];
  if (kind === "f:") {
    if (!isFields(value) || !Object.hasOwn(value, rest)) return undefined;
    return { pointer: `${pointer}/${escapePointer(rest)}`, value: value[rest] };
  }
  if (!Array.isArray(value)) return undefined;
  const index = findIndex({ kind, rest }, value);
  return index === undefined ? undefined : { pointer: `${pointer}/${index}`, value: value[index] };
}

function findIndex(
  { kind, rest }: { readonly kind: string; readonly rest: string },
  items: readonly unknown[],
): number | undefined {
  const wanted = parse(rest);
  const index = items.findIndex((item, at) => {
    if (kind === "i:") return at === wanted;
    if (kind === "v:") return JSON.stringify(item) === JSON.stringify(wanted);
    return kind === "k:" && isFields(wanted) && isFields(item) && hasKeys(item, wanted);
  });
  return index === -1 ? undefined : index;
}

/** A key that has its default may be missing from the item. */
function hasKeys(item: Fields, keys: Fields): boolean {
  const names = Object.keys(keys);
  const present = names.filter((name) => Object.hasOwn(item, name));
  return present.length > 0 && present.every((name) => item[name] === keys[name]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A key that is no JSON names nothing.
    return undefined;
  }
}

export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
