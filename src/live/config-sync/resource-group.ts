// The ResourceGroup that Config Sync keeps for a RootSync or RepoSync: what was applied, and how it is. Its status follows
// by up to half a minute, so an entry counts only where it speaks of the commit in question.

import type { HealthState, PruneCandidate } from "../../domain/live-state.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { type InventoryEntry, inventoryEntry } from "../kubernetes/judge-inventory.ts";
import { listAt, numberAt, textAt } from "../kubernetes/read-fields.ts";

const MOST_ENTRIES = 5_000;

export interface GroupEntry {
  readonly object: ObjectReference;
  readonly health: HealthState;
  readonly message: string;
  /** It came up only after Config Sync had given up waiting, or has not come up. */
  readonly timedOut: boolean;
  readonly sourceHash: string | undefined;
  readonly isDeletion: boolean;
}

export function readGroupInventory(group: KubernetesObject): readonly InventoryEntry[] {
  return listAt(group, "spec.resources")
    .slice(0, MOST_ENTRIES)
    .flatMap((resource) => {
      const object = readReference(resource);
      return object === undefined ? [] : [inventoryEntry(object, textAt(resource, "group") ?? "")];
    });
}

/** Empty where its status is behind its spec, or is switched off. */
export function readGroupStatus(group: KubernetesObject): readonly GroupEntry[] {
  if (numberAt(group, "status.observedGeneration") !== numberAt(group, "metadata.generation")) return [];
  return listAt(group, "status.resourceStatuses")
    .slice(0, MOST_ENTRIES)
    .flatMap((entry) => {
      const object = readReference(entry);
      return object === undefined ? [] : [describeEntry(entry, object)];
    });
}

function describeEntry(entry: unknown, object: ObjectReference): GroupEntry {
  const status = textAt(entry, "status") ?? "Unknown";
  const actuation = textAt(entry, "actuation");
  const reconcile = textAt(entry, "reconcile");
  const health = healthOf({ status, actuation, reconcile });
  const said = [`status ${status}`, actuation && `actuation ${actuation}`, reconcile && `reconcile ${reconcile}`];
  return {
    object,
    health,
    message: said.filter(Boolean).join(", "),
    timedOut: reconcile === "Timeout",
    sourceHash: textAt(entry, "sourceHash"),
    isDeletion: textAt(entry, "strategy") === "Delete",
  };
}

const HEALTH: ReadonlyMap<string, HealthState> = new Map([
  ["Current", "healthy"],
  ["InProgress", "progressing"],
  ["Failed", "degraded"],
  ["Terminating", "missing"],
  ["NotFound", "missing"],
]);

interface Words {
  readonly status: string;
  readonly actuation: string | undefined;
  readonly reconcile: string | undefined;
}

/** Healthy takes all three words; whatever is left out or unknown is no yes. */
function healthOf({ status, actuation, reconcile }: Words): HealthState {
  const health = HEALTH.get(status) ?? "unknown";
  if (actuation === "Failed") return "degraded";
  if (health === "progressing" && reconcile === "Timeout") return "degraded";
  if (health !== "healthy") return health;
  if (actuation === "Skipped" || reconcile === "Skipped") return "unknown";
  return actuation === "Succeeded" && reconcile === "Succeeded" ? "healthy" : "progressing";
}

const HOLDS_DATA: ReadonlySet<string> = new Set([
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "StatefulSet",
  "CustomResourceDefinition",
]);
const MOST_PRUNABLE = 200;

/** What it means to delete and has not deleted yet. */
export function findPrunable(entries: readonly GroupEntry[]): readonly PruneCandidate[] {
  return entries
    .filter(({ isDeletion, health }) => isDeletion && health !== "missing")
    .slice(0, MOST_PRUNABLE)
    .map(({ object }) => ({ object, protection: "none", holdsData: HOLDS_DATA.has(object.kind) }));
}

/** A group and no version: it is the same object in all of them. */
function readReference(entry: unknown): ObjectReference | undefined {
  const kind = textAt(entry, "kind");
  const name = textAt(entry, "name");
  const namespace = textAt(entry, "namespace");
  if (kind === undefined || name === undefined) return undefined;
  const group = textAt(entry, "group");
  const apiVersion = group === undefined ? "v1" : `${group}/v1`;
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}
