// The states of RootSyncs and RepoSyncs. The object is read before its ResourceGroup and its workloads, so that these are
// never older than the status that speaks of them.

import type { LiveState } from "../../domain/live-state.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { ClusterLists, KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { findPlaces } from "../kubernetes/judge-inventory.ts";
import { joinListed, type Listed, listNeeded, type Needs, need } from "../kubernetes/list-needed.ts";
import { isNamespaceName, kindsBelow } from "../kubernetes/resource-kinds.ts";
import type { WantedTarget } from "../live.ts";
import { readSyncObject } from "./read-sync-object.ts";
import { readGroupInventory } from "./resource-group.ts";

const ROOT_SYNC: ResourceKind = { apiVersion: "configsync.gke.io/v1beta1", kind: "RootSync", plural: "rootsyncs" };
const REPO_SYNC: ResourceKind = { apiVersion: "configsync.gke.io/v1beta1", kind: "RepoSync", plural: "reposyncs" };
const RESOURCE_GROUP: ResourceKind = {
  apiVersion: "kpt.dev/v1alpha1",
  kind: "ResourceGroup",
  plural: "resourcegroups",
};

/** Where every RootSync is. */
const HOME = "config-management-system";

/** In the order of `targets`; each kind is listed at most once. `now` is epoch milliseconds. */
export async function readConfigSyncStates(
  targets: readonly WantedTarget[],
  { lists, now }: { readonly lists: ClusterLists; readonly now: number },
): Promise<readonly Seen<LiveState>[]> {
  const parsed = targets.map((wanted) => ({ wanted, place: parsePlace(wanted.target.name) }));
  const needs: Needs = new Map();
  for (const { place } of parsed) if (place.kind === "known") need(needs, place.value.kind, place.value.namespace);
  const objects = await listNeeded(lists, needs);
  const found = parsed.map(({ wanted, place }) => ({ wanted, object: findObject(place, objects) }));
  const groups = await listNeeded(lists, groupsNeeded(found));
  const rest = await listNeeded(lists, workloadsNeeded(found, groups));
  const listed = joinListed(groups, rest);
  return found.map(({ wanted, object }) => {
    if (object.kind === "unknown") return object;
    const group = findGroup(object.value, groups);
    return known(readSyncObject({ object: object.value, group, wanted, listed, now }));
  });
}

interface Place {
  readonly kind: ResourceKind;
  readonly namespace: string;
  readonly name: string;
}

/** A name alone is that of a RootSync; with a namespace it is a RepoSync, unless it is the RootSyncs' own. */
function parsePlace(text: string): Seen<Place> {
  const [name = "", namespace = HOME, ...more] = text.split("/").reverse();
  if (more.length > 0 || !isNamespaceName(namespace) || name === "") {
    return unknown(`\`${text}\` is no name of a RootSync, nor \`namespace/name\` of a RepoSync`);
  }
  return known({ kind: namespace === HOME ? ROOT_SYNC : REPO_SYNC, namespace, name });
}

interface Found {
  readonly wanted: WantedTarget;
  readonly object: Seen<KubernetesObject>;
}

function findObject(place: Seen<Place>, objects: Listed): Seen<KubernetesObject> {
  if (place.kind === "unknown") return place;
  const { kind, namespace, name } = place.value;
  const seen = objects.find(kind, { namespace, name });
  if (seen.kind === "unknown") return seen;
  return seen.value ? known(seen.value) : unknown(`there is no ${kind.kind} \`${namespace}/${name}\``);
}

function groupsNeeded(found: readonly Found[]): Needs {
  const needs: Needs = new Map();
  for (const { object } of found) {
    if (object.kind === "known") need(needs, RESOURCE_GROUP, object.value.metadata.namespace ?? HOME);
  }
  return needs;
}

function workloadsNeeded(found: readonly Found[], groups: Listed): Needs {
  const needs: Needs = new Map();
  for (const { wanted, object } of found) {
    const seen = object.kind === "known" ? findGroup(object.value, groups) : undefined;
    const group = seen?.kind === "known" ? seen.value : undefined;
    for (const { kind, namespace } of group ? findPlaces(readGroupInventory(group), wanted) : []) {
      for (const each of [kind, ...kindsBelow(kind)]) need(needs, each, namespace);
    }
  }
  return needs;
}

function findGroup(object: KubernetesObject, groups: Listed): Seen<KubernetesObject | undefined> {
  const { name, namespace = HOME } = object.metadata;
  return groups.find(RESOURCE_GROUP, { namespace, name });
}
