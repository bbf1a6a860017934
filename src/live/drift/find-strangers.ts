// Which objects of a report's claim have nothing to do with the environment: whoever may report about a cluster may name
// any object in it, and what other teams run there is not looked at in this environment's name, and never shown.

import type { DriftClaim } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { objectKey } from "../../domain/object-key.ts";
import type { ObjectReference } from "../../domain/object-reference.ts";
import { textAt } from "../kubernetes/read-fields.ts";
import type { DriftRequest } from "../live.ts";

export const STRANGER = "it is neither declared for this environment nor among what is known to run for it";

/** By `objectKey`. */
export function findStrangers(
  { claim, suspects, declared }: Pick<DriftRequest, "claim" | "suspects" | "declared">,
  state: LiveState,
): ReadonlySet<string> {
  const own = [...state.resources, ...state.suspects, ...suspects].map(({ object }) => object);
  const keys = new Set(own.map(objectKey));
  const namespaces = new Set(own.map(({ namespace }) => namespace));
  if (state.reconciler === "kubernetes") namespaces.add(state.object.name);
  const belongs = (object: ObjectReference): boolean => {
    if (keys.has(objectKey(object))) return true;
    const document = declared(object);
    if (document === undefined) return false;
    // A file that names no namespace does not speak for every object of that name in the cluster.
    const { namespace } = object;
    return namespace === undefined || namespaces.has(namespace) || textAt(document, "metadata.namespace") === namespace;
  };
  return new Set(named(claim).flatMap((object) => (belongs(object) ? [] : [objectKey(object)])));
}

function named(claim: DriftClaim | undefined): readonly ObjectReference[] {
  return claim?.suspects.map(({ object }) => object) ?? [];
}
