// Which workloads have their replicas set by an autoscaler. Asked only for namespaces in which replicas differ.

import type { DriftSuspect } from "../../domain/drift.ts";
import { groupOf } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import type { Seen } from "../../domain/seen.ts";
import { known } from "../../domain/seen.ts";
import type { Cluster, KubernetesObject } from "../cluster/cluster.ts";
import { textAt } from "../kubernetes/read-fields.ts";

export interface Autoscalers {
  /** The autoscaler's name; `undefined` inside: there is none. Absent: the object's replicas do not differ. */
  readonly of: (object: ObjectReference) => Seen<string | undefined> | undefined;
}

const AUTOSCALER = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
} as const;

export async function readAutoscalers(differences: readonly DriftSuspect[], cluster: Cluster): Promise<Autoscalers> {
  const scaled = differences.filter(({ fields }) => fields.some(({ path }) => path === "/spec/replicas"));
  const namespaces = [...new Set(scaled.flatMap(({ object }) => object.namespace ?? []))];
  const lists = new Map(
    await Promise.all(
      namespaces.map(async (namespace) => [namespace, await cluster.list(AUTOSCALER, { namespace })] as const),
    ),
  );
  return {
    of: (object) => {
      const list = lists.get(object.namespace ?? "");
      if (list === undefined || list.kind === "unknown") return list;
      return known(list.value.find((scaler) => isFor(scaler, object))?.metadata.name);
    },
  };
}

function isFor(scaler: KubernetesObject, { apiVersion, kind, name }: ObjectReference): boolean {
  const at = (field: string): string => textAt(scaler, `spec.scaleTargetRef.${field}`) ?? "";
  return at("kind") === kind && at("name") === name && groupOf(at("apiVersion")) === groupOf(apiVersion);
}
