// The name under which an object of a cluster is found again: its group, kind, namespace and name. The version of its
// API is no part of it, since the same object is served in several.

import type { ObjectReference } from "./object-reference.ts";

export function objectKey({ apiVersion, kind, namespace = "", name }: Omit<ObjectReference, "uid">): string {
  return [groupOf(apiVersion), kind, namespace, name].join("\n");
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.lastIndexOf("/");
  return slash === -1 ? "" : apiVersion.slice(0, slash);
}
