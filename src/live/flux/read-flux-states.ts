// The states of Kustomizations and HelmReleases. Reads in an order that makes no false claim possible: a reconciler's object
// before what it applied, so that what is seen of a workload is never older than the status that speaks of it.

import type { LiveState } from "../../domain/live-state.ts";
import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { ClusterLists, KubernetesObject } from "../cluster/cluster.ts";
import { joinListed, type Listed, listNeeded, type Needs, need } from "../kubernetes/list-needed.ts";
import { labelOf } from "../kubernetes/read-fields.ts";
import { HELM_RELEASE, KUSTOMIZATION, kindsBelow } from "../kubernetes/resource-kinds.ts";
import type { WantedTarget } from "../live.ts";
import { sourceReferenceOf } from "./find-source.ts";
import { placesOf } from "./flux-inventory.ts";
import { type FluxTarget, parseFluxTarget } from "./flux-target.ts";
import { readHelmRelease } from "./read-helm-release.ts";
import { readKustomization } from "./read-kustomization.ts";

/** In the order of `targets`; each kind is listed at most once. `now` is epoch milliseconds. */
export async function readFluxStates(
  targets: readonly WantedTarget[],
  { lists, now }: { readonly lists: ClusterLists; readonly now: number },
): Promise<readonly Seen<LiveState>[]> {
  const parsed = targets.map((wanted) => ({ wanted, target: parseFluxTarget(wanted.target.name) }));
  const kustomizations = await listNeeded(lists, kustomizationsNeeded(parsed));
  const releases = await listNeeded(lists, releasesNeeded(parsed, kustomizations));
  const reconcilers = joinListed(kustomizations, releases);
  const found = parsed.map(({ wanted, target }) => ({
    wanted,
    object: target.kind === "known" ? findObject(target.value, reconcilers) : target,
  }));
  const rest = await listNeeded(lists, restNeeded(found, reconcilers));
  const listed = joinListed(reconcilers, rest);
  return found.map(({ wanted, object }) => {
    if (object.kind === "unknown") return object;
    const reading = { object: object.value, wanted, listed, now };
    return known(object.value.kind === "Kustomization" ? readKustomization(reading) : readHelmRelease(reading));
  });
}

interface Parsed {
  readonly wanted: WantedTarget;
  readonly target: Seen<FluxTarget>;
}

/** Where Flux is installed, and where most Kustomizations that apply releases are. */
const HOME = "flux-system";

function kustomizationsNeeded(parsed: readonly Parsed[]): Needs {
  const needs: Needs = new Map();
  for (const { target } of parsed)
    if (target.kind === "known") need(needs, KUSTOMIZATION, target.value.namespace, HOME);
  return needs;
}

function releasesNeeded(parsed: readonly Parsed[], kustomizations: Listed): Needs {
  const needs: Needs = new Map();
  for (const { wanted, target } of parsed) {
    if (target.kind === "unknown") continue;
    if (target.value.kind !== "Kustomization") need(needs, HELM_RELEASE, target.value.namespace);
    const seen = kustomizations.find(KUSTOMIZATION, target.value);
    if (seen.kind === "unknown" || seen.value === undefined) continue;
    for (const { kind, namespace } of placesOf(seen.value, wanted)) {
      if (kind === HELM_RELEASE) need(needs, HELM_RELEASE, namespace);
    }
  }
  return needs;
}

function restNeeded(
  found: readonly { readonly wanted: WantedTarget; readonly object: Seen<KubernetesObject> }[],
  reconcilers: Listed,
): Needs {
  const needs: Needs = new Map();
  const needSource = (object: KubernetesObject | undefined): void => {
    const source = object && sourceReferenceOf(object);
    if (source) need(needs, source.kind, source.namespace);
  };
  for (const { wanted, object: seen } of found) {
    if (seen.kind === "unknown") continue;
    const object = seen.value;
    needSource(object);
    needSource(findApplier(object, reconcilers));
    for (const { kind, namespace } of placesOf(object, wanted)) {
      if (kind === HELM_RELEASE || kind === KUSTOMIZATION) continue;
      for (const each of [kind, ...kindsBelow(kind)]) need(needs, each, namespace);
    }
  }
  return needs;
}

/** The Kustomization that applied a release. */
function findApplier(object: KubernetesObject, listed: Listed): KubernetesObject | undefined {
  const namespace = labelOf(object, "kustomize.toolkit.fluxcd.io/namespace");
  const name = labelOf(object, "kustomize.toolkit.fluxcd.io/name");
  if (object.kind !== "HelmRelease" || namespace === undefined || name === undefined) return undefined;
  const seen = listed.find(KUSTOMIZATION, { namespace, name });
  return seen.kind === "known" ? seen.value : undefined;
}

function findObject(target: FluxTarget, listed: Listed): Seen<KubernetesObject> {
  const kinds = [KUSTOMIZATION, HELM_RELEASE].filter(({ kind }) => target.kind === undefined || kind === target.kind);
  const seen = kinds.map((kind) => listed.find(kind, target));
  const there = seen.flatMap((one) => (one.kind === "known" && one.value ? [one.value] : []));
  const [object, other] = there;
  const name = `${target.namespace}/${target.name}`;
  if (object !== undefined && other !== undefined) {
    return unknown(
      `both a Kustomization and a HelmRelease are called \`${name}\`; write \`flux: Kustomization/${name}\` or \`flux: HelmRelease/${name}\``,
    );
  }
  if (object !== undefined) return known(object);
  const failed = seen.find((one) => one.kind === "unknown");
  const wanted = target.kind === undefined ? "neither a Kustomization nor a HelmRelease" : `no ${target.kind}`;
  return failed ?? unknown(`there is ${wanted} \`${name}\``);
}
