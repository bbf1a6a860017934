// Charts as registries have them: under which name, and which tag a version is. Helm, Flux, Argo CD, Kustomize and Config
// Sync join an address and a chart's name alike; an address of another scheme is a repository of another kind. Tags have
// no `+`: Helm writes `_` there, and back.

import { normaliseImageName } from "./image-name.ts";

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

const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(`^v?[0-9]+\\.[0-9]+\\.[0-9]+(?:-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?$`);

/** Exactly one version, and no range: `1.2.0+build.5`. */
export function isChartVersion(text: string): boolean {
  return VERSION.test(text);
}

/** `1.2.0_build.5` -> `1.2.0+build.5`, as it is written where a chart's version stands; `undefined` for what is none. */
export function chartVersionOf(tag: string): string | undefined {
  const version = tag.replaceAll("_", "+");
  return isChartVersion(version) ? version : undefined;
}

/** The tag that a chart's version has in its registry. */
export function tagOfChart(version: string): string {
  return version.replaceAll("+", "_");
}
