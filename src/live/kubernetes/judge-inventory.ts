// What the workloads say that a reconciler applied in this cluster, by its inventory: those that count for the environment,
// and all of them for what somebody changed by hand.

import type { ObjectReference } from "../../domain/object-reference.ts";
import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import type { WantedTarget } from "../live.ts";
import { judgeObject } from "./judge-object.ts";
import type { Listed } from "./list-needed.ts";
import { carriesImage, normaliseNames } from "./pod-template.ts";
import { findResourceKind, HELM_RELEASE, isWorkload, KUSTOMIZATION } from "./resource-kinds.ts";
import { type AbsentObject, type Summary, summariseObjects } from "./summarise-objects.ts";

export interface InventoryEntry {
  readonly object: ObjectReference;
  /** Absent for kinds that are not looked at. */
  readonly kind?: ResourceKind;
}

export interface InventoryReading {
  readonly entries: readonly InventoryEntry[];
  readonly wanted: WantedTarget;
  readonly listed: Listed;
  readonly now: number;
}

export interface AppliedWorkloads {
  /** Absent where there is none, or none here. */
  readonly summary?: Summary | undefined;
  /** All that were found. */
  readonly objects: readonly KubernetesObject[];
  /** Those of them that count. */
  readonly counted: readonly KubernetesObject[];
}

export function judgeInventory({ entries, wanted, listed, now }: InventoryReading): AppliedWorkloads {
  const found: KubernetesObject[] = [];
  const absent: AbsentObject[] = [];
  for (const place of findPlaces(entries, wanted)) {
    const seen = listed.find(place.kind, place);
    if (seen.kind === "unknown") absent.push({ object: place.object, health: "unknown", message: seen.why });
    else if (seen.value !== undefined) found.push(seen.value);
    // A finished Job may have been cleared away by its time to live.
    else if (place.kind.kind !== "Job") {
      absent.push({ object: place.object, health: "missing", message: "it was applied and does not exist any more" });
    }
  }
  const counted = selectCounted(found, wanted);
  const summary = summariseObjects({
    judged: counted.map((one) => judgeObject(one, { listed, now })),
    absent: absent.filter(({ object }) => isWanted(object, wanted)),
    notes: describeUnseen(entries),
  });
  return { summary, objects: found, counted };
}

export function inventoryEntry(object: ObjectReference, group: string): InventoryEntry {
  const kind = findResourceKind({ kind: object.kind, group });
  return { object, ...(kind && { kind }) };
}

export interface Place {
  readonly kind: ResourceKind;
  readonly namespace: string;
  readonly name: string;
  readonly object: ObjectReference;
}

/** What runs something, or makes something else run; other kinds only where they are named. */
export function findPlaces(entries: readonly InventoryEntry[], wanted: WantedTarget): readonly Place[] {
  return entries.flatMap(({ kind, object }) => {
    const { namespace, name } = object;
    if (kind === undefined || namespace === undefined) return [];
    const isNamed = wanted.objects.length > 0 && isWanted(object, wanted);
    return isLookedAt(kind) || isNamed ? [{ kind, namespace, name, object }] : [];
  });
}

function isLookedAt(kind: ResourceKind): boolean {
  return isWorkload(kind) || kind === HELM_RELEASE || kind === KUSTOMIZATION;
}

/** Named objects; else what carries an image; else, where the images are not found by name, all that run something. */
function selectCounted(found: readonly KubernetesObject[], wanted: WantedTarget): readonly KubernetesObject[] {
  if (wanted.objects.length > 0) {
    return found.filter(({ apiVersion, kind, metadata: { namespace, name } }) =>
      isWanted({ apiVersion, kind, ...(namespace !== undefined && { namespace }), name }, wanted),
    );
  }
  const names = normaliseNames(wanted.images);
  const carrying = found.filter((object) => carriesImage(object, names));
  return carrying.length > 0 ? carrying : found;
}

/** Without named objects everything may be what is wanted. */
export function isWanted(object: ObjectReference, { objects }: WantedTarget): boolean {
  return (
    objects.length === 0 ||
    objects.some(
      ({ kind, namespace, name }) =>
        kind === object.kind && name === object.name && (namespace === undefined || namespace === object.namespace),
    )
  );
}

/** Kinds that nobody looked at, so that a green state is not read as more than it is. */
function describeUnseen(entries: readonly InventoryEntry[]): readonly string[] {
  const unseen = entries.filter(({ kind, object }) => !(kind && isLookedAt(kind)) && !QUIET.has(object.kind));
  const kinds = [...new Set(unseen.map(({ object: { kind } }) => kind))].sort();
  if (kinds.length === 0) return [];
  const shown = kinds.slice(0, 5).join(", ");
  return [`not looked at: ${shown}${kinds.length > 5 ? ` and ${kinds.length - 5} other kinds` : ""}`];
}

/** They are what they are as soon as they exist. */
const QUIET: ReadonlySet<string> = new Set([
  "Namespace",
  "ConfigMap",
  "Secret",
  "Service",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
  "NetworkPolicy",
  "LimitRange",
  "ResourceQuota",
  "PriorityClass",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "ServiceMonitor",
  "PrometheusRule",
]);
