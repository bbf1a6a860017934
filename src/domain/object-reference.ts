// One object of a cluster, as far as it has to be told from others.

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly generation?: number;
}

/** `Deployment checkout/web`. */
export function nameObject({ kind, namespace, name }: Pick<ObjectReference, "kind" | "namespace" | "name">): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
