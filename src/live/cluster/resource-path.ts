// Addresses of resources. Names come from configuration and from objects: one that is no name never becomes part of an
// address.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import type { ResourceKind } from "./cluster.ts";
import type { Intent } from "./explain-status.ts";

export interface ResourceAddress extends ResourceKind {
  readonly namespace?: string;
  readonly name?: string;
}

const API_VERSION = /^(?:[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\/)?v[a-z0-9]{1,30}$/;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/;

export function resourcePath(
  { apiVersion, plural, namespace, name }: ResourceAddress,
  query: Readonly<Record<string, string>> = {},
): Seen<string> {
  if (!API_VERSION.test(apiVersion) || !NAME.test(plural)) return unknown("no Kubernetes API has such a resource");
  const wrong = [namespace, name].find((part) => part !== undefined && !NAME.test(part));
  if (wrong !== undefined) return unknown("no object in Kubernetes can have such a name");
  const parts = [
    ...(apiVersion.includes("/") ? ["apis", ...apiVersion.split("/")] : ["api", apiVersion]),
    ...(namespace === undefined ? [] : ["namespaces", namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
  ];
  const search = new URLSearchParams(query).toString();
  return known(`/${parts.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`);
}

/** For people. */
export function intentOf(verb: string, { apiVersion, plural, namespace }: ResourceAddress): Intent {
  const [group, version] = apiVersion.split("/");
  const resource = version === undefined ? plural : `${plural}.${group}`;
  return { verb, resource, ...(namespace !== undefined && { namespace }) };
}
