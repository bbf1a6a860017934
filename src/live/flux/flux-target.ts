// Which object of Flux a target names: `namespace/name`, or `Kustomization/namespace/name` and `HelmRelease/namespace/name`
// where both exist under one name.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import { isNamespaceName } from "../kubernetes/resource-kinds.ts";

export interface FluxTarget {
  /** Absent: whichever of the two has the name. */
  readonly kind?: "Kustomization" | "HelmRelease";
  readonly namespace: string;
  readonly name: string;
}

export function parseFluxTarget(text: string): Seen<FluxTarget> {
  const parts = text.split("/");
  const [name = "", namespace = "", written] = [...parts].reverse();
  const kind = written === undefined ? undefined : KINDS.get(written.toLowerCase());
  if (parts.length < 2 || parts.length > 3 || !isNamespaceName(namespace) || name === "") {
    return unknown(`\`${text}\` is no \`namespace/name\` of a Kustomization or HelmRelease`);
  }
  if (written !== undefined && kind === undefined) {
    return unknown(`\`${text}\` names neither a Kustomization nor a HelmRelease`);
  }
  return known({ ...(kind && { kind }), namespace, name });
}

const KINDS: ReadonlyMap<string, "Kustomization" | "HelmRelease"> = new Map([
  ["kustomization", "Kustomization"],
  ["ks", "Kustomization"],
  ["helmrelease", "HelmRelease"],
  ["hr", "HelmRelease"],
]);
