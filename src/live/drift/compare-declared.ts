// Compares what Git declares for an object with the object as it runs, field by field, and only the fields that are declared:
// what the server fills in is no difference. Items of lists are found by the names that Kubernetes knows them by. Where a
// server has said how it would write the declared fields (`normal`), its form is compared instead of Git's.

import { escapePointer } from "../kubernetes/field-paths.ts";
import { type Fields, isFields } from "../kubernetes/read-fields.ts";
import { sameScalar } from "./compare-scalars.ts";
import { pairItems } from "./pair-items.ts";

export interface Mismatch {
  /** JSON pointer into the live object; an item that is gone has a place behind the last one. */
  readonly path: string;
  readonly desired: unknown;
  /** `undefined`: it is not there. */
  readonly live: unknown;
}

export interface DeclaredComparison {
  readonly mismatches: readonly Mismatch[];
  /** Pointers of everything that is declared and there. */
  readonly declared: ReadonlySet<string>;
}

const MOST_MISMATCHES = 200;
const DEEPEST = 64;
/** Names the object, or belongs to the server. */
const NOT_COMPARED = new Set(["apiVersion", "kind", "metadata", "status"]);

export function compareDeclared(compared: {
  readonly declared: Fields;
  readonly live: Fields;
  readonly normal?: Fields | undefined;
}): DeclaredComparison {
  const walk: Walk = { mismatches: [], declared: new Set(), normalised: compared.normal !== undefined };
  for (const key of Object.keys(compared.declared)) {
    if (NOT_COMPARED.has(key)) continue;
    compareMember(key, { ...compared, path: "", depth: 0 }, walk);
  }
  for (const key of ["labels", "annotations"]) {
    const [declared, live, normal] = [compared.declared, compared.live, compared.normal].map(
      (object) => object && fieldsIn(object, "metadata"),
    );
    if (declared?.[key] !== undefined && live) {
      compareMember(key, { declared, live, normal, path: "/metadata", depth: 1 }, walk);
    }
  }
  return { mismatches: walk.mismatches.slice(0, MOST_MISMATCHES), declared: walk.declared };
}

interface Walk {
  readonly mismatches: Mismatch[];
  readonly declared: Set<string>;
  readonly normalised: boolean;
}

interface Compared<T> {
  readonly declared: T;
  readonly live: unknown;
  readonly normal: unknown;
  readonly path: string;
  readonly depth: number;
}

function fieldsIn(object: Fields, key: string): Fields {
  const value = object[key];
  return isFields(value) ? value : {};
}

function compareMember(
  key: string,
  { declared, live, normal, path, depth }: Omit<Compared<Fields>, "normal"> & { readonly normal?: unknown },
  walk: Walk,
): void {
  const at = (value: unknown): unknown => (isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined);
  compareValue(
    {
      declared: declared[key],
      live: at(live),
      normal: at(normal),
      path: `${path}/${escapePointer(key)}`,
      depth: depth + 1,
    },
    walk,
  );
}

function compareValue(compared: Compared<unknown>, walk: Walk): void {
  const { declared, live, normal, path, depth } = compared;
  if (declared === null || declared === undefined || depth > DEEPEST || walk.mismatches.length >= MOST_MISMATCHES)
    return;
  // The server would not keep it: a field that it does not know, or an empty one.
  if (walk.normalised && normal === undefined) return;
  if (live === undefined) {
    if (!isEmpty(declared)) walk.mismatches.push({ path, desired: normal ?? declared, live });
    return;
  }
  if (typeof declared !== "object" || !isEmpty(declared)) walk.declared.add(path);
  if (isFields(declared) && isFields(live)) {
    for (const key of Object.keys(declared)) compareMember(key, { ...compared, declared, live }, walk);
  } else if (Array.isArray(declared) && Array.isArray(live)) compareLists({ ...compared, declared, live }, walk);
  else if (!sameScalar(normal ?? declared, live, path)) {
    walk.mismatches.push({ path, desired: normal ?? declared, live });
  }
}

function compareLists(
  compared: Compared<readonly unknown[]> & { readonly live: readonly unknown[] },
  walk: Walk,
): void {
  const { declared, live, path, depth } = compared;
  const normal = Array.isArray(compared.normal) ? (compared.normal as readonly unknown[]) : undefined;
  const pairs = pairItems(declared, live);
  if (pairs === undefined) {
    // As a whole: its order and its length mean something.
    const desired = normal ?? declared;
    if (JSON.stringify(desired) !== JSON.stringify(live)) walk.mismatches.push({ path, desired, live });
    return;
  }
  const written = normal && pairItems(declared, normal);
  for (const [position, { item, index }] of pairs.entries()) {
    const place = index ?? live.length + position;
    const twin = written?.[position]?.index;
    compareValue(
      {
        declared: item,
        live: index === undefined ? undefined : live[index],
        normal: twin === undefined ? undefined : normal?.[twin],
        path: `${path}/${place}`,
        depth: depth + 1,
      },
      walk,
    );
  }
}

/** Servers leave such fields out. */
function isEmpty(value: unknown, depth = 0): boolean {
  if (value === "" || value === 0 || value === false || value === null) return true;
  if (typeof value !== "object" || depth > DEEPEST) return false;
  return Object.values(value).every((item) => isEmpty(item, depth + 1));
}
