// Asks Flux to look again: the annotation that its own command line sets, on what fetches and on what applies. Writes two
// annotations, and nothing else; whether that is allowed was decided before.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { Cluster, KubernetesObject, ObjectAddress } from "../cluster/cluster.ts";
import { isTrueAt } from "../kubernetes/read-fields.ts";
import { HELM_RELEASE, KUSTOMIZATION } from "../kubernetes/resource-kinds.ts";
import type { SyncOutcome } from "../live.ts";
import { sourceReferenceOf } from "./find-source.ts";
import { type FluxTarget, parseFluxTarget } from "./flux-target.ts";

const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";

/** `name` as a target has it; `now` is epoch milliseconds, and becomes the token that Flux repeats when it has looked. */
export async function askFlux(
  name: string,
  { cluster, now }: { readonly cluster: Cluster; readonly now: number },
): Promise<SyncOutcome> {
  const target = parseFluxTarget(name);
  const found = target.kind === "known" ? await findObject(target.value, cluster) : target;
  if (found.kind === "unknown") return { kind: "refused", why: found.why };
  const { address, object } = found.value;
  const title = `${object.kind} ${address.namespace}/${address.name}`;
  if (isTrueAt(object, "spec.suspend")) {
    return { kind: "refused", why: `${title} is suspended, and reconciles nothing until somebody resumes it` };
  }
  const annotations = { [REQUESTED_AT]: new Date(now).toISOString() };
  const source = sourceReferenceOf(object);
  // A source that may not be annotated fetches by itself in time; what was fetched can be applied again all the same.
  if (source !== undefined) {
    const { kind, namespace: within, name: own } = source;
    await cluster.annotate({ ...kind, namespace: within, name: own }, annotations);
  }
  const asked = await cluster.annotate(address, annotations);
  return asked.kind === "known" ? { kind: "asked" } : { kind: "refused", why: asked.why };
}

interface Found {
  readonly address: ObjectAddress;
  readonly object: KubernetesObject;
}

async function findObject({ kind, namespace, name }: FluxTarget, cluster: Cluster): Promise<Seen<Found>> {
  const kinds = [KUSTOMIZATION, HELM_RELEASE].filter((each) => kind === undefined || each.kind === kind);
  for (const each of kinds) {
    const address = { ...each, namespace, name };
    const object = await cluster.get(address);
    if (object.kind === "unknown") return object;
    if (object.value !== undefined) return known({ address, object: object.value });
  }
  return unknown(`there is no ${kinds.map((each) => each.kind).join(" or ")} ${namespace}/${name}`);
}
