// What the workloads say that a Kustomization or HelmRelease applied in this cluster, by its inventory: those that count
// for the environment, and all of them for what somebody changed by hand.

import type { ObjectReference } from "../../domain/live-state.ts";
import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { judgeObject } from "../kubernetes/judge-object.ts";
import type { Listed } from "../kubernetes/list-needed.ts";
import { carriesImage, normaliseNames } from "../kubernetes/pod-template.ts";
import { labelOf, textAt } from "../kubernetes/read-fields.ts";
import { HELM_RELEASE, isWorkload, KUSTOMIZATION, WORKLOADS } from "../kubernetes/resource-kinds.ts";
import { type AbsentObject, type Summary, summariseObjects } from "../kubernetes/summarise-objects.ts";
import type { WantedTarget } from "../live.ts";
import { isRemote, readInventory } from "./flux-inventory.ts";

export interface AppliedWorkloads {
  /** Absent where there is none, or none here. */
  readonly summary?: Summary | undefined;
  /** All that were found. */
  readonly objects: readonly KubernetesObject[];
}

export interface AppliedReading {
  readonly object: KubernetesObject;
  readonly wanted: WantedTarget;
  readonly listed: Listed;
  readonly now: number;
}

export function judgeApplied(reading: AppliedReading): AppliedWorkloads {
  const { object, wanted, listed, now } = reading;
  if (isRemote(object)) return { objects: [] };
  const found: KubernetesObject[] = [];
  const absent: AbsentObject[] = [];
  for (const place of placesOf(reading)) {
    const seen = listed.find(place.kind, place);
    if (seen.kind === "unknown") absent.push({ object: place.object, health: "unknown", message: seen.why });
    else if (seen.value !== undefined) found.push(seen.value);
    // A finished Job may have been cleared away by its time to live.
    else if (place.kind.kind !== "Job") {
      absent.push({ object: place.object, health: "missing", message: "it was applied and does not exist any more" });
    }
  }
  const counted = selectCounted(found, wanted);
  const judged = counted.map((one) => judgeObject(one, { listed, now }));
  const summary = summariseObjects({
    judged,
    absent: absent.filter((one) => counts(one.object, wanted)),
    notes: notesOn(object),
  });
  return { summary, objects: found };
}

export interface Place {
  readonly kind: ResourceKind;
  readonly namespace: string;
  readonly name: string;
  readonly object: ObjectReference;
}

/** What the inventory names; a release of an older helm-controller has none, and there its labels tell. */
function placesOf({ object, wanted, listed }: AppliedReading): readonly Place[] {
  const named = placesInInventory(object, wanted);
  if (object.kind !== "HelmRelease" || readInventory(object).length > 0) return named;
  const namespace = releaseNamespaceOf(object);
  return WORKLOADS.flatMap((kind) => {
    const list = listed.in(kind, namespace);
    const labelled = list.kind === "known" ? list.value.filter((one) => isOfRelease(one, object)) : [];
    return labelled.map(({ metadata: { name } }) => ({
      kind,
      namespace,
      name,
      object: { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name },
    }));
  });
}

/** What runs something, or makes something else run; other kinds only where they are named. */
export function placesInInventory(object: KubernetesObject, wanted: WantedTarget): readonly Place[] {
  return readInventory(object).flatMap(({ kind, object: reference }) => {
    const { namespace, name } = reference;
    if (kind === undefined || namespace === undefined) return [];
    const isNamed = wanted.objects.length > 0 && counts(reference, wanted);
    return isLookedAt(kind) || isNamed ? [{ kind, namespace, name, object: reference }] : [];
  });
}

function isLookedAt(kind: ResourceKind): boolean {
  return isWorkload(kind) || kind === HELM_RELEASE || kind === KUSTOMIZATION;
}

export function releaseNamespaceOf(release: KubernetesObject): string {
  return textAt(release, "spec.targetNamespace") ?? release.metadata.namespace ?? "";
}

function isOfRelease(workload: KubernetesObject, release: KubernetesObject): boolean {
  return (
    labelOf(workload, "helm.toolkit.fluxcd.io/name") === release.metadata.name &&
    labelOf(workload, "helm.toolkit.fluxcd.io/namespace") === release.metadata.namespace
  );
}

/** Named objects; else what carries an image; else, where the images are not found by name, all that run something. */
function selectCounted(found: readonly KubernetesObject[], wanted: WantedTarget): readonly KubernetesObject[] {
  if (wanted.objects.length > 0) {
    return found.filter(({ apiVersion, kind, metadata: { namespace, name } }) =>
      counts({ apiVersion, kind, ...(namespace !== undefined && { namespace }), name }, wanted),
    );
  }
  const names = normaliseNames(wanted.images);
  const carrying = found.filter((object) => carriesImage(object, names));
  return carrying.length > 0 ? carrying : found;
}

function counts(object: ObjectReference, { objects }: WantedTarget): boolean {
  return (
    objects.length === 0 ||
    objects.some(
      ({ kind, namespace, name }) =>
        kind === object.kind && name === object.name && (namespace === undefined || namespace === object.namespace),
    )
  );
}

/** Kinds that nobody looked at, so that a green state is not read as more than it is. */
function notesOn(object: KubernetesObject): readonly string[] {
  const unseen = readInventory(object).filter(
    ({ kind, object: { kind: name } }) => !(kind && isLookedAt(kind)) && !QUIET.has(name),
  );
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
  "Service",
  "ServiceMonitor",
  "PrometheusRule",
]);
