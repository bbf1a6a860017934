// Which objects of a namespace count for an environment: those that its file names, or else the workloads that carry one
// of its images. What a controller made (the pods of a Deployment, the Jobs of a CronJob) counts through its owner.

import type { ObjectReference } from "../../domain/object-reference.ts";
import type { KubernetesObject, ResourceKind } from "../cluster/cluster.ts";
import type { WantedTarget } from "../live.ts";
import type { Listed } from "./list-needed.ts";
import { carriesImage, normaliseNames } from "./pod-template.ts";
import { listAt, textAt } from "./read-fields.ts";
import { findResourceKind, WORKLOADS } from "./resource-kinds.ts";
import type { AbsentObject } from "./summarise-objects.ts";

export interface Selection {
  readonly found: readonly KubernetesObject[];
  readonly absent: readonly AbsentObject[];
  /** Why it is not known whether there are more: a kind that could not be listed. */
  readonly failed?: string;
}

/** The kinds that have to be listed, each with its namespace. */
export function selectorsOf({
  target,
  objects,
}: WantedTarget): readonly { readonly kind: ResourceKind; readonly namespace: string }[] {
  if (objects.length === 0) return WORKLOADS.map((kind) => ({ kind, namespace: target.name }));
  return objects.flatMap(({ kind: written, namespace = target.name }) => {
    const kind = findResourceKind({ kind: written });
    return kind === undefined ? [] : [{ kind, namespace }];
  });
}

export function selectInNamespace(wanted: WantedTarget, listed: Listed): Selection {
  return wanted.objects.length > 0 ? selectNamed(wanted, listed) : selectByImage(wanted, listed);
}

function selectNamed({ target, objects }: WantedTarget, listed: Listed): Selection {
  const found: KubernetesObject[] = [];
  const absent: AbsentObject[] = [];
  for (const { kind: written, namespace = target.name, name } of objects) {
    const kind = findResourceKind({ kind: written });
    const object: ObjectReference = { apiVersion: kind?.apiVersion ?? "", kind: written, namespace, name };
    if (kind === undefined) {
      absent.push({ object, health: "unknown", message: "objects of this kind are not looked at" });
      continue;
    }
    const seen = listed.find(kind, { namespace, name });
    if (seen.kind === "unknown") absent.push({ object, health: "unknown", message: seen.why });
    else if (seen.value === undefined) absent.push({ object, health: "missing", message: "it does not exist" });
    else found.push(seen.value);
  }
  return { found, absent };
}

function selectByImage({ target, images }: WantedTarget, listed: Listed): Selection {
  const names = normaliseNames(images);
  const found: KubernetesObject[] = [];
  const failures: string[] = [];
  for (const kind of WORKLOADS) {
    const list = listed.in(kind, target.name);
    if (list.kind === "unknown") {
      failures.push(`${kind.plural} could not be listed: ${list.why}`);
      continue;
    }
    found.push(...list.value.filter((object) => !isPart(object) && carriesImage(object, names)));
  }
  const failed = failures[0];
  return { found, absent: [], ...(failed !== undefined && { failed }) };
}

/** An object that something else made counts for itself, unless its maker is a workload that is looked at. */
function isPart(object: KubernetesObject): boolean {
  const makers = PARTS[object.kind] ?? [];
  return listAt(object, "metadata.ownerReferences").some((owner) => makers.includes(textAt(owner, "kind") ?? ""));
}

const PARTS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["ReplicaSet", "StatefulSet", "DaemonSet", "Job"],
  Job: ["CronJob"],
};
