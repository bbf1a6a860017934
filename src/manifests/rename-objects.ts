// What a kustomization does to the names of objects: its namespace, prefix and suffix.

import type { DeclaredObject } from "./find-objects.ts";
import type { Kustomization } from "./read-kustomization.ts";

/** Kinds of Kubernetes itself that stand in no namespace. */
const OF_THE_CLUSTER = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "FlowSchema",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RemoteBase",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);

/** Kustomize leaves these names alone. */
const KEEPS_ITS_NAME = new Set(["APIService", "CustomResourceDefinition", "HelmChart", "Namespace", "RemoteBase"]);

export function renameObjects(
  objects: readonly DeclaredObject[],
  { namespace, prefix, suffix, transforms }: Pick<Kustomization, "namespace" | "prefix" | "suffix" | "transforms">,
): readonly DeclaredObject[] {
  if (namespace === undefined && !transforms) return objects;
  return objects.map((object) => ({
    ...object,
    ...(namespace !== undefined && !OF_THE_CLUSTER.has(object.kind) && { namespace }),
    name: KEEPS_ITS_NAME.has(object.kind) ? object.name : `${prefix}${object.name}${suffix}`,
    rendered: object.rendered || transforms,
  }));
}
