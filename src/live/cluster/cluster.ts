// What the readers of live states need of a Kubernetes API server, so that none of them knows the client behind it.
// Objects are as the server gave them: hostile until a reader has looked at each field that it uses.

import type { Seen } from "../../domain/seen.ts";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

/** A kind of objects: `apps/v1` `Deployment` `deployments`. */
export interface ResourceKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export interface ObjectAddress extends ResourceKind {
  readonly namespace?: string;
  readonly name: string;
}

export interface Cluster {
  /** All objects of a kind, page by page, in one namespace or everywhere. A kind that the server does not have is an empty list. */
  list(kind: ResourceKind, options?: { readonly namespace?: string }): Promise<Seen<readonly KubernetesObject[]>>;
  /** `undefined` inside: there is no such object. */
  get(address: ObjectAddress): Promise<Seen<KubernetesObject | undefined>>;
  /** Server-side apply as a dry run in the manager's name, without force. Needs the verb `patch`. */
  dryRun(request: {
    readonly object: KubernetesObject;
    readonly plural: string;
    readonly manager: string;
  }): Promise<DryRun>;
  /** Sets annotations; only called where the operator allows writing. */
  annotate(address: ObjectAddress, annotations: Readonly<Record<string, string>>): Promise<Seen<undefined>>;
  /** Calls `onChange` after every change of an object of the kind until stopped; reconnects by itself. */
  watch(kind: ResourceKind, options: { readonly onChange: (object: KubernetesObject) => void }): { stop(): void };
}

export type DryRun =
  | { readonly kind: "applied"; readonly object: KubernetesObject }
  /** Other managers own these fields with other values (HTTP 409). */
  | { readonly kind: "conflicts"; readonly causes: readonly { readonly manager: string; readonly field: string }[] }
  | { readonly kind: "forbidden" }
  | { readonly kind: "unknown"; readonly why: string };

/** Lists of one read: each kind is asked for at most once, whoever wants it. */
export interface ClusterLists {
  readonly of: Cluster["list"];
}
