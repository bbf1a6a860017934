// Lists what one read needs, each kind once however many targets want it: in the one namespace in question, or in the
// whole cluster, and where that is not allowed namespace by namespace. A list that failed is unknown for its namespace only.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { ClusterLists, KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import { isFields, listAt, textAt } from "./read-fields.ts";

export interface Listed {
  readonly kinds: ReadonlySet<ResourceKind>;
  /** The objects of a kind in a namespace. What nobody asked for is unknown. */
  in(kind: ResourceKind, namespace: string): Seen<readonly KubernetesObject[]>;
  find(
    kind: ResourceKind,
    at: { readonly namespace: string; readonly name: string },
  ): Seen<KubernetesObject | undefined>;
  /** Those that a controller made for an object: found by the owner's uid, since names are used again. */
  ownedBy(owner: KubernetesObject, kind: ResourceKind): Seen<readonly KubernetesObject[]>;
}

/** Which kinds are needed in which namespaces. */
export type Needs = Map<ResourceKind, Set<string>>;

export function need(needs: Needs, kind: ResourceKind, ...namespaces: readonly string[]): void {
  const before = needs.get(kind) ?? new Set<string>();
  for (const namespace of namespaces) before.add(namespace);
  needs.set(kind, before);
}

export async function listNeeded(lists: ClusterLists, needs: Needs): Promise<Listed> {
  const listed = await Promise.all(
    [...needs].map(async ([kind, namespaces]) => [kind, await listKind({ lists, kind, namespaces })] as const),
  );
  return indexLists(new Map(listed));
}

/** Lists that were made one after the other, as one; of a kind that both have, the first counts. */
export function joinListed(first: Listed, second: Listed): Listed {
  const holding = (kind: ResourceKind): Listed => (first.kinds.has(kind) ? first : second);
  return {
    kinds: first.kinds.union(second.kinds),
    in: (kind, namespace) => holding(kind).in(kind, namespace),
    find: (kind, at) => holding(kind).find(kind, at),
    ownedBy: (owner, kind) => holding(kind).ownedBy(owner, kind),
  };
}

interface ListedKind {
  readonly namespaces: ReadonlyMap<string, Seen<readonly KubernetesObject[]>>;
  /** All namespaces were listed: one that is not among them has none. */
  readonly everywhere: boolean;
}

interface KindRequest {
  readonly lists: ClusterLists;
  readonly kind: ResourceKind;
  readonly namespaces: ReadonlySet<string>;
}

/** A server that answers nothing would otherwise be asked once for each namespace. */
const MOST_FAILURES = 3;

async function listKind({ lists, kind, namespaces }: KindRequest): Promise<ListedKind> {
  const found = new Map<string, Seen<readonly KubernetesObject[]>>();
  const everywhere = namespaces.size === 1 ? undefined : await lists.of(kind);
  if (everywhere?.kind === "known") {
    const grouped = Map.groupBy(wellFormed(everywhere.value, kind), ({ metadata }) => metadata.namespace ?? "");
    for (const [namespace, objects] of grouped) found.set(namespace, known(objects));
    return { namespaces: found, everywhere: true };
  }
  let failures = 0;
  for (const namespace of namespaces) {
    if (failures >= MOST_FAILURES) {
      found.set(namespace, unknown(everywhere?.why ?? "too many lists failed before"));
      continue;
    }
    const list = await lists.of(kind, { namespace });
    failures = list.kind === "known" ? 0 : failures + 1;
    found.set(namespace, list.kind === "known" ? known(inside(namespace, wellFormed(list.value, kind))) : list);
  }
  return { namespaces: found, everywhere: false };
}

function inside(namespace: string, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ metadata }) => metadata.namespace === namespace);
}

/** Items of a list may leave out their kind; an object without a name is none. */
function wellFormed(objects: readonly KubernetesObject[], kind: ResourceKind): readonly KubernetesObject[] {
  return objects.flatMap((object: unknown) => {
    if (!isFields(object) || !isFields(object.metadata)) return [];
    const name = textAt(object, "metadata.name");
    const namespace = textAt(object, "metadata.namespace");
    if (name === undefined) return [];
    const metadata = { ...object.metadata, name, ...(namespace !== undefined && { namespace }) };
    return [{ ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata } as KubernetesObject];
  });
}

function indexLists(lists: ReadonlyMap<ResourceKind, ListedKind>): Listed {
  const owned = new Map([...lists].map(([kind, list]) => [kind, indexByOwner(list)] as const));
  const inNamespace: Listed["in"] = (kind, namespace) => {
    const list = lists.get(kind);
    const nothing = list?.everywhere ? known([]) : unknown(`${kind.plural} were not listed there`);
    return list?.namespaces.get(namespace) ?? nothing;
  };
  return {
    kinds: new Set(lists.keys()),
    in: inNamespace,
    find(kind, { namespace, name }) {
      const list = inNamespace(kind, namespace);
      return list.kind === "known" ? known(list.value.find(({ metadata }) => metadata.name === name)) : list;
    },
    ownedBy(owner, kind) {
      const list = inNamespace(kind, owner.metadata.namespace ?? "");
      const uid = textAt(owner, "metadata.uid");
      if (list.kind === "unknown") return list;
      return known(uid === undefined ? [] : (owned.get(kind)?.get(uid) ?? []));
    },
  };
}

function indexByOwner({ namespaces }: ListedKind): ReadonlyMap<string, readonly KubernetesObject[]> {
  const owned = new Map<string, KubernetesObject[]>();
  for (const list of namespaces.values()) {
    for (const object of list.kind === "known" ? list.value : []) {
      for (const owner of listAt(object, "metadata.ownerReferences")) {
        const uid = textAt(owner, "uid");
        if (uid !== undefined) owned.set(uid, [...(owned.get(uid) ?? []), object]);
      }
    }
  }
  return owned;
}
