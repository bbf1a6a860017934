// What a Kustomization or HelmRelease has applied: the inventory of its status, and which of that can be looked at here.

import type { ObjectReference } from "../../domain/live-state.ts";
import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { listAt, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { findResourceKind } from "../kubernetes/resource-kinds.ts";

export interface InventoryEntry {
  readonly object: ObjectReference;
  /** Absent for kinds that are not looked at. */
  readonly kind?: ResourceKind;
}

const MOST_ENTRIES = 5_000;

export function readInventory(object: KubernetesObject): readonly InventoryEntry[] {
  return listAt(object, "status.inventory.entries")
    .slice(0, MOST_ENTRIES)
    .flatMap((entry) => parseEntry(entry) ?? []);
}

/** `<namespace>_<name>_<group>_<kind>`; only the name may hold `_`, and there `__` stands for a colon. */
function parseEntry(entry: unknown): InventoryEntry | undefined {
  const [, namespace, name, group, kind] = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(textAt(entry, "id") ?? "") ?? [];
  if (namespace === undefined || name === undefined || group === undefined || kind === undefined) return undefined;
  const version = textAt(entry, "v") ?? "v1";
  const resource = findResourceKind({ kind, group });
  return {
    object: {
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      ...(namespace !== "" && { namespace }),
      name: name.replaceAll("__", ":"),
    },
    ...(resource && { kind: resource }),
  };
}

/** It is applied to another cluster than the one that holds the object. */
export function isRemote(object: KubernetesObject): boolean {
  const remote = valueAt(object, "spec.kubeConfig");
  return remote !== undefined && remote !== null;
}
