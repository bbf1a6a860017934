// An object as the stand-in keeps it. Objects are never changed in place: a change is a new object.

import type { Json, JsonMap } from "./json.ts";

export interface StoredObject extends JsonMap {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMetadata;
}

export interface StoredMetadata extends JsonMap {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: { readonly [name: string]: string };
  readonly annotations?: { readonly [name: string]: string };
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedEntry[];
}

export interface ManagedEntry extends JsonMap {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: { readonly [element: string]: Json };
  readonly subresource?: string;
}

/** What somebody hands in: a name and a kind, and whatever else. */
export interface GivenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}
