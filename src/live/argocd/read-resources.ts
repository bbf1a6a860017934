// The objects of an Application as its status lists them: how each is, what differs, what the next prune would take.
// Newer versions leave the health of single objects out; then it is not known here.

import type { DriftSuspect } from "../../domain/drift.ts";
import type { HealthState, LiveResource, LiveSync, PruneCandidate } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { isTrueAt, listAt, messageAt, textAt } from "../kubernetes/read-fields.ts";
import { hidePasswords } from "./hide-passwords.ts";

export const MOST_LISTED = 200;
const MOST_READ = 20_000;

/** What is lost with these cannot be made again from Git. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StatefulSet",
  "Namespace",
  "CustomResourceDefinition",
]);

const HEALTH: Readonly<Record<string, HealthState>> = {
  Healthy: "healthy",
  Progressing: "progressing",
  Degraded: "degraded",
  Suspended: "suspended",
  Missing: "missing",
  Unknown: "unknown",
};
const SYNC: Readonly<Record<string, LiveSync["state"]>> = {
  Synced: "synced",
  OutOfSync: "out-of-sync",
  Unknown: "unknown",
};

export function readHealthState(status: string | undefined): HealthState | undefined {
  return status !== undefined && Object.hasOwn(HEALTH, status) ? HEALTH[status] : undefined;
}

export function readResources(application: unknown): readonly LiveResource[] {
  const failures = failedResources(application);
  const resources = listed(application).map(({ entry, object }): LiveResource => {
    const status = textAt(entry, "status");
    const failure = failures.get(objectKey(object));
    const sync = failure !== undefined ? "failed" : status && Object.hasOwn(SYNC, status) ? SYNC[status] : undefined;
    const health = readHealthState(textAt(entry, "health.status"));
    const message = failure ?? messageAt(entry, "health.message");
    return {
      object,
      ...(sync !== undefined && { sync }),
      ...(health !== undefined && { health }),
      ...(message !== undefined && { message: hidePasswords(message) }),
    };
  });
  return resources.sort((one, other) => sickness(other) - sickness(one)).slice(0, MOST_LISTED);
}

function sickness({ sync, health }: LiveResource): number {
  if (sync === "failed") return 5;
  if (health === "degraded") return 4;
  if (health === "missing") return 3;
  if (sync === "out-of-sync" || health === "unknown" || sync === "unknown") return 2;
  return health === "progressing" || health === "suspended" ? 1 : 0;
}

/** Objects that differ; which fields is seen only when they are looked at one by one. */
export function findSuspects(application: unknown): readonly DriftSuspect[] {
  return listed(application)
    .filter(({ entry }) => textAt(entry, "status") === "OutOfSync" && !isTrueAt(entry, "requiresPruning"))
    .slice(0, MOST_LISTED)
    .map(({ entry, object }) => ({
      object,
      change: textAt(entry, "health.status") === "Missing" ? "missing" : "modified",
      fields: [],
      evidence: "Argo CD's comparison",
    }));
}

/**
 * An object that must not be pruned (`Prune=false`) is known as such only after a sync has passed over it: the status
 * repeats no annotations. Until then it counts as unprotected, which errs on the careful side.
 */
export function findPrunable(application: unknown): readonly PruneCandidate[] {
  const kept = new Set(
    listAt(application, "status.operationState.syncResult.resources")
      .filter(
        (result) => textAt(result, "status") === "PruneSkipped" && /no prune/i.test(messageAt(result, "message") ?? ""),
      )
      .map((result) => readObject(result))
      .flatMap((object) => (object === undefined ? [] : [objectKey(object)])),
  );
  return listed(application)
    .filter(({ entry }) => isTrueAt(entry, "requiresPruning"))
    .slice(0, MOST_LISTED)
    .map(({ entry, object }) => {
      const confirm = isTrueAt(entry, "requiresDeletionConfirmation");
      const protection = kept.has(objectKey(object)) ? "never" : confirm ? "confirm" : "none";
      return { object, protection, holdsData: HOLDS_DATA.has(object.kind) };
    });
}

function failedResources(application: unknown): ReadonlyMap<string, string> {
  const failures = new Map<string, string>();
  for (const result of listAt(application, "status.operationState.syncResult.resources").slice(0, MOST_READ)) {
    const object = readObject(result);
    if (object === undefined || textAt(result, "status") !== "SyncFailed") continue;
    failures.set(objectKey(object), messageAt(result, "message") ?? "it could not be applied");
  }
  return failures;
}

/** Hooks are no state that is kept, so they are left out. */
function listed(application: unknown): readonly { readonly entry: unknown; readonly object: ObjectReference }[] {
  return listAt(application, "status.resources")
    .slice(0, MOST_READ)
    .filter((entry) => !isTrueAt(entry, "hook"))
    .flatMap((entry) => {
      const object = readObject(entry);
      return object === undefined ? [] : [{ entry, object }];
    });
}

/** From fields as Argo CD writes them everywhere: group, version, kind, namespace and name by themselves. */
export function readObject(entry: unknown): ObjectReference | undefined {
  const kind = textAt(entry, "kind");
  const name = textAt(entry, "name");
  if (kind === undefined || name === undefined) return undefined;
  const group = textAt(entry, "group");
  const version = textAt(entry, "version") ?? "v1";
  const namespace = textAt(entry, "namespace");
  return {
    apiVersion: group === undefined ? version : `${group}/${version}`,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
  };
}
