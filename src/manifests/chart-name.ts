// The name under which the registry has a chart: what Helm, Flux, Argo CD, Kustomize and Config Sync ask it for when a file
// gives them an address and, beside it, the chart's name. An address of another scheme is a repository of another kind.

import { normaliseImageName } from "../domain/image-name.ts";

const SCHEME = "oci://";
const HOST = /^(?:[^/]*[.:][^/]*|localhost)\//;

/**
 * `oci://ghcr.io/acme/charts` and `checkout` -> `ghcr.io/acme/charts/checkout`. `bare`: the address may stand without its
 * scheme. Tags and digests are no part of an address.
 */
export function chartNameOf(
  address: string,
  { chart, bare = false }: { readonly chart?: string; readonly bare?: boolean } = {},
): string | undefined {
  if (!address.startsWith(SCHEME) && (!bare || address.includes("://"))) return undefined;
  if (chart === "") return undefined;
  const path = address.replace(SCHEME, "").replace(/\/+$/, "");
  const whole = chart === undefined ? path : `${path}/${chart}`;
  // `acme/charts` names no host, and no tool would look for it at Docker Hub.
  return HOST.test(whole) ? normaliseImageName(whole) : undefined;
}
