// The reference to an object that was read, with what tells it from another one of the same name.

import type { ObjectReference } from "../../domain/object-reference.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { numberAt, textAt } from "./read-fields.ts";

export function referenceOf(object: KubernetesObject): ObjectReference {
  const namespace = textAt(object, "metadata.namespace");
  const uid = textAt(object, "metadata.uid");
  const generation = numberAt(object, "metadata.generation");
  return {
    apiVersion: textAt(object, "apiVersion") ?? "",
    kind: textAt(object, "kind") ?? "",
    ...(namespace !== undefined && { namespace }),
    name: textAt(object, "metadata.name") ?? "",
    ...(uid !== undefined && { uid }),
    ...(generation !== undefined && { generation }),
  };
}
