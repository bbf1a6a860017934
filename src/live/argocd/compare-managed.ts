// What differs in single objects, by Argo CD's own comparison of them: the live object against the one that an apply
// would leave, both after its rules. What the rules hide and a report claims is found in the objects as they are.

import type { DriftField, DriftSuspect } from "../../domain/drift.ts";
import { objectKey } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { fieldsAt, isFields, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { showValue } from "../kubernetes/show-value.ts";
import { diffValues, type ValueDifference } from "./diff-values.ts";
import { readObject } from "./read-resources.ts";

export const EVIDENCE = "Argo CD's comparison, made anew";

export type ManagedObjects = ReadonlyMap<string, unknown>;

export interface ManagedDifference {
  readonly difference: DriftSuspect;
  /** Paths that are different as they stand, and no difference to Argo CD. */
  readonly quiet: ReadonlySet<string>;
}

/** By `objectKey`. */
export function indexManaged(items: readonly unknown[]): ManagedObjects {
  return new Map(
    items.flatMap((item) => {
      const object = readObject(item);
      return object === undefined ? [] : [[objectKey(object), item] as const];
    }),
  );
}

/** `undefined`: what Argo CD said of it cannot be read. `claimed`: paths that somebody says differ. */
export function compareManaged(
  item: unknown,
  { object, claimed }: { readonly object: ObjectReference; readonly claimed: readonly string[] },
): ManagedDifference | undefined {
  const [live, target] = [parseState(item, "liveState"), parseState(item, "targetState")];
  if (live === "unreadable" || target === "unreadable") return undefined;
  const suspect = { object: withUid(object, live), fields: [], evidence: EVIDENCE };
  const none = new Set<string>();
  if (target === undefined && live === undefined) return undefined;
  if (live === undefined) return { difference: { ...suspect, change: "missing" }, quiet: none };
  if (target === undefined) return { difference: { ...suspect, change: "extra" }, quiet: none };
  const [normalized, predicted] = [parseState(item, "normalizedLiveState"), parseState(item, "predictedLiveState")];
  if (!isFields(normalized) || !isFields(predicted)) return undefined;
  const counted = diffValues({ live: normalized, desired: predicted }, { declaredOnly: false }).filter(isTold);
  const hidden = diffValues({ live, desired: target }, { declaredOnly: true }).filter(
    ({ path }) => claimed.some((claim) => touches(claim, path)) && !counted.some((other) => touches(other.path, path)),
  );
  const fields = [...counted, ...hidden].map((difference) => showField(difference, object));
  return { difference: { ...suspect, change: "modified", fields }, quiet: new Set(hidden.map(({ path }) => path)) };
}

/** One is the other, or is inside it. */
export function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** The server's own notes differ with every write and mean nothing. */
function isTold({ path }: ValueDifference): boolean {
  return !/^\/(?:status|metadata\/(?:managedFields|resourceVersion|generation|uid|creationTimestamp))(?:\/|$)/.test(
    path,
  );
}

function showField({ path, live, desired }: ValueDifference, { kind }: ObjectReference): DriftField {
  return {
    path,
    ...(desired !== undefined && { desired: showValue({ kind, path, value: desired }) }),
    ...(live !== undefined && { live: showValue({ kind, path, value: live }) }),
  };
}

function withUid(object: ObjectReference, live: unknown): ObjectReference {
  const uid = textAt(live, "metadata.uid");
  const apiVersion = textAt(live, "apiVersion") ?? object.apiVersion;
  return { ...object, apiVersion, ...(uid !== undefined && { uid }) };
}

/** States are JSON in strings; an empty one, or `null`, is none. */
function parseState(item: unknown, field: string): unknown | "unreadable" {
  const text = valueAt(item, field);
  if (text === undefined || text === "" || text === "null") return undefined;
  if (typeof text !== "string") return "unreadable";
  try {
    const value: unknown = JSON.parse(text);
    return Object.keys(fieldsAt({ value }, "value")).length === 0 ? "unreadable" : value;
  } catch {
    return "unreadable";
  }
}
