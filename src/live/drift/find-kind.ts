// Under which name a server keeps the objects of a kind. Kubernetes' own kinds follow a rule; for others their definition is
// asked, because an address that does not exist must never look like an object that is gone.

import { groupOf } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { Cluster, ResourceKind } from "../cluster/cluster.ts";
import { textAt } from "../kubernetes/read-fields.ts";

const OWN_GROUPS = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
} as const;

export async function findKind(
  { apiVersion, kind }: Pick<ObjectReference, "apiVersion" | "kind">,
  cluster: Cluster,
): Promise<Seen<ResourceKind>> {
  const group = groupOf(apiVersion);
  const plural = pluralOf(kind);
  if (OWN_GROUPS.has(group)) return known({ apiVersion, kind, plural });
  const definition = await cluster.get({ ...DEFINITION, name: `${plural}.${group}` });
  if (definition.kind === "unknown") return definition;
  const named = definition.value && textAt(definition.value, "spec.names.kind");
  if (named !== kind) return unknown(`the cluster does not say how objects of the kind ${kind} are addressed`);
  return known({ apiVersion, kind, plural });
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === "endpoints") return name;
  if (/(?:s|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}
