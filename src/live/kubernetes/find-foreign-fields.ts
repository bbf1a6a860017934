// Fields of a live object that neither its reconciler nor a controller wrote, by the object's managed fields: what somebody
// may have changed by hand, with the tool and the time. Whether Git declares such a field is for others to say.

import type { DriftField, DriftSuspect } from "../../domain/drift.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { authorOf } from "./author-of.ts";
import { findFieldPaths } from "./field-paths.ts";
import { DEPLOYERS, isController, whyAllowed } from "./judge-manager.ts";
import { listAt, textAt, valueAt } from "./read-fields.ts";
import { referenceOf } from "./reference-of.ts";
import { showValue } from "./show-value.ts";

/** Of one object. */
const MOST_FIELDS = 200;

export interface ForeignFieldsRequest {
  readonly object: KubernetesObject;
  /** Names under which the object's own reconciler writes, beside the controllers that everybody may have. */
  readonly own: readonly string[];
}

export function findForeignFields({ object, own }: ForeignFieldsRequest): readonly DriftField[] {
  const found: DriftField[] = [];
  const kept = new Set<string>();
  const foreign: unknown[] = [];
  for (const entry of listAt(object, "metadata.managedFields")) {
    const manager = textAt(entry, "manager") ?? "unknown";
    // A field that the reconciler owns, too, has the value that the reconciler gave it.
    if (own.includes(manager)) {
      for (const { pointer } of findFieldPaths(valueAt(entry, "fieldsV1"), object)) kept.add(pointer);
    } else if (!isController(manager) && textAt(entry, "subresource") !== "status") foreign.push(entry);
  }
  for (const entry of foreign) {
    for (const { pointer, value } of findFieldPaths(valueAt(entry, "fieldsV1"), object)) {
      if (kept.has(pointer) || whyAllowed({ kind: object.kind, path: pointer }) !== undefined) continue;
      kept.add(pointer);
      found.push({ path: pointer, live: showValue({ kind: object.kind, path: pointer, value }), ...authorOf(entry) });
      if (found.length >= MOST_FIELDS) return found;
    }
  }
  return found;
}

/** One suspect for each object that has such fields. */
export function findForeignSuspects(
  objects: readonly KubernetesObject[],
  own: readonly string[] | ((object: KubernetesObject) => readonly string[]),
): readonly DriftSuspect[] {
  return objects.flatMap((object) => {
    const fields = findForeignFields({ object, own: typeof own === "function" ? own(object) : own });
    if (fields.length === 0) return [];
    return [{ object: referenceOf(object), change: "modified", fields, evidence: "managed fields" }];
  });
}

/**
 * Who deploys an object that no reconciler looks after: whoever wrote most of its spec, and kubectl's ways of applying. What
 * another tool has changed since stands out against that.
 */
export function findDeployers(object: KubernetesObject): readonly string[] {
  let most = { manager: "", fields: 0 };
  for (const entry of listAt(object, "metadata.managedFields")) {
    const manager = textAt(entry, "manager") ?? "unknown";
    const paths = findFieldPaths(valueAt(entry, "fieldsV1"), object);
    const fields = paths.filter(({ pointer }) => pointer.startsWith("/spec/")).length;
    if (fields > most.fields) most = { manager, fields };
  }
  return most.fields === 0 ? DEPLOYERS : [...DEPLOYERS, most.manager];
}
