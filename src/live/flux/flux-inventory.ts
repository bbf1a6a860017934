// What a Kustomization or HelmRelease has applied here: the inventory of its status, and where a release has none, the
// workloads that carry its labels.

import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { findPlaces, type InventoryEntry, inventoryEntry } from "../kubernetes/judge-inventory.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { labelOf, listAt, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { WORKLOADS } from "../kubernetes/resource-kinds.ts";
import type { WantedTarget } from "../live.ts";

const MOST_ENTRIES = 5_000;

/** It is applied to another cluster than the one that holds the object. */
export function isRemote(object: KubernetesObject): boolean {
  const remote = valueAt(object, "spec.kubeConfig");
  return remote !== undefined && remote !== null;
}

/** Empty for what is applied elsewhere: objects of the same names here are others. */
export function findApplied(object: KubernetesObject, listed: Listed): readonly InventoryEntry[] {
  if (isRemote(object)) return [];
  const entries = readInventory(object);
  return entries.length > 0 || object.kind !== "HelmRelease" ? entries : findLabelled(object, listed);
}

/** Which kinds have to be listed for that, and where. */
export function placesOf(
  object: KubernetesObject,
  wanted: WantedTarget,
): readonly { readonly kind: ResourceKind; readonly namespace: string }[] {
  if (isRemote(object)) return [];
  const entries = readInventory(object);
  if (entries.length > 0 || object.kind !== "HelmRelease") return findPlaces(entries, wanted);
  return WORKLOADS.map((kind) => ({ kind, namespace: releaseNamespaceOf(object) }));
}

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
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const place = { apiVersion, kind, ...(namespace !== "" && { namespace }), name: name.replaceAll("__", ":") };
  return inventoryEntry(place, group);
}

function findLabelled(release: KubernetesObject, listed: Listed): readonly InventoryEntry[] {
  const namespace = releaseNamespaceOf(release);
  return WORKLOADS.flatMap((kind) => {
    const list = listed.in(kind, namespace);
    const labelled = list.kind === "known" ? list.value.filter((one) => isOfRelease(one, release)) : [];
    return labelled.map(({ metadata: { name } }) => ({
      kind,
      object: { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name },
    }));
  });
}

function releaseNamespaceOf(release: KubernetesObject): string {
  return textAt(release, "spec.targetNamespace") ?? release.metadata.namespace ?? "";
}

function isOfRelease(workload: KubernetesObject, release: KubernetesObject): boolean {
  return (
    labelOf(workload, "helm.toolkit.fluxcd.io/name") === release.metadata.name &&
    labelOf(workload, "helm.toolkit.fluxcd.io/namespace") === release.metadata.namespace
  );
}
