// What is declared before a change and no longer after it, with what protects it from being deleted and whether data goes
// with it. An object that moved to another file is not removed.

import { groupOf, objectKey } from "../domain/object-key.ts";
import type { RemovedObject } from "../domain/removal.ts";
import type { DeclaredObject } from "./find-objects.ts";

export interface Comparison {
  /** What holds data first. */
  readonly removed: readonly RemovedObject[];
  readonly emptied: boolean;
}

export function compareObjects({
  before,
  after,
}: {
  readonly before: readonly DeclaredObject[];
  readonly after: readonly DeclaredObject[];
}): Comparison {
  const kept = new Set(after.map(objectKey));
  const gone = new Map(before.map((object) => [objectKey(object), object]));
  for (const key of kept) gone.delete(key);
  const removed = [...gone.values()].map(describe).sort(inOrder);
  return { removed, emptied: before.length > 0 && after.length === 0 };
}

function describe(object: DeclaredObject): RemovedObject {
  const { apiVersion, kind, namespace, name, path } = object;
  return {
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    path,
    protection: protectionOf(object.annotations),
    holdsData: holdsData(object),
  };
}

const PROTECTIONS: readonly { readonly annotation: string; readonly says: RegExp }[] = [
  { annotation: "argocd.argoproj.io/sync-options", says: /^(?:Prune|Delete)=(?:false|confirm)$/ },
  { annotation: "kustomize.toolkit.fluxcd.io/prune", says: /^disabled$/ },
  { annotation: "client.lifecycle.config.k8s.io/deletion", says: /^detach$/ },
  { annotation: "helm.sh/resource-policy", says: /^keep$/ },
];

/** `argocd.argoproj.io/sync-options: Prune=false`: annotations that keep a reconciler from deleting the object. */
export function protectionOf(annotations: Readonly<Record<string, string>>): readonly string[] {
  return PROTECTIONS.flatMap(({ annotation, says }) => {
    const values = (annotations[annotation] ?? "").split(",").map((value) => value.trim());
    return values.filter((value) => says.test(value)).map((value) => `${annotation}: ${value}`);
  });
}

const HOLD_DATA = new Set([
  "/PersistentVolumeClaim",
  "/PersistentVolume",
  "/Namespace",
  "apps/StatefulSet",
  "apiextensions.k8s.io/CustomResourceDefinition",
]);

/**
 * What goes with it cannot be made again from Git: volumes, and what takes volumes or whole collections of objects along.
 * Objects by which operators keep databases are not known here.
 */
export function holdsData({ apiVersion, kind }: Pick<DeclaredObject, "apiVersion" | "kind">): boolean {
  return HOLD_DATA.has(`${groupOf(apiVersion)}/${kind}`);
}

function inOrder(a: RemovedObject, b: RemovedObject): number {
  if (a.holdsData !== b.holdsData) return a.holdsData ? -1 : 1;
  const [left, right] = [nameOf(a), nameOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function nameOf({ kind, namespace = "", name }: RemovedObject): string {
  return `${kind} ${namespace}/${name}`;
}
