// The border: what a server calls an object is one only if it has the few fields that everybody relies on, with the types
// that the interface promises. Malformed parts are dropped, and objects without a name altogether.

import type { KubernetesObject, ManagedFields, ObjectMetadata, ResourceKind } from "./cluster.ts";
import { isObject } from "./read-status.ts";

/** `kind`: what was asked for; items of a list need not repeat it. */
export function checkObject(value: unknown, { apiVersion, kind }: ResourceKind): KubernetesObject | undefined {
  if (!isObject(value) || !isObject(value.metadata)) return undefined;
  const metadata = checkMetadata(value.metadata);
  return metadata === undefined ? undefined : { ...value, apiVersion, kind, metadata };
}

type Given = Readonly<Record<string, unknown>>;

function checkMetadata(given: Given): ObjectMetadata | undefined {
  const { name, generation } = given;
  if (typeof name !== "string" || name === "" || name.length > 253) return undefined;
  return {
    name,
    ...textsOf(given, ["namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"]),
    ...(typeof generation === "number" && { generation }),
    ...mapOf(given, "labels"),
    ...mapOf(given, "annotations"),
    ...ownersOf(given),
    ...managersOf(given),
  };
}

function textsOf(given: Given, fields: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = given[field];
      return typeof value === "string" && value !== "" ? [[field, value]] : [];
    }),
  );
}

function mapOf(given: Given, field: "labels" | "annotations"): Partial<ObjectMetadata> {
  const value = given[field];
  if (!isObject(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { [field]: Object.fromEntries(entries) };
}

function ownersOf({ ownerReferences }: Given): Partial<ObjectMetadata> {
  if (!Array.isArray(ownerReferences)) return {};
  const owners = ownerReferences
    .filter(isObject)
    .flatMap(({ kind, name, uid }) =>
      typeof kind === "string" && typeof name === "string" && typeof uid === "string" ? [{ kind, name, uid }] : [],
    );
  return { ownerReferences: owners };
}

function managersOf({ managedFields }: Given): Partial<ObjectMetadata> {
  if (!Array.isArray(managedFields)) return {};
  const entries = managedFields.filter(isObject).map(
    (entry): ManagedFields => ({
      ...textsOf(entry, ["manager", "operation", "subresource", "time"]),
      ...("fieldsV1" in entry && { fieldsV1: entry.fieldsV1 }),
    }),
  );
  return { managedFields: entries };
}
