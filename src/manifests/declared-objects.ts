// What Git declares for the objects of one environment at one commit, for comparing it with what runs. Objects that are
// patched or made before they are applied have no answer here: their files do not say what is applied.

import { groupOf, objectKey } from "../domain/object-key.ts";
import type { Environment } from "../domain/pipeline.ts";
import { buildObjects, type Sources } from "./build-objects.ts";
import type { DeclaredObject } from "./find-objects.ts";
import { selectFiles } from "./select-files.ts";

export type DeclaredObjects =
  | { readonly kind: "objects"; readonly objects: readonly DeclaredObject[] }
  /** Blob ids whose texts are lacking; to be asked again with them. */
  | { readonly kind: "wanted"; readonly oids: readonly string[] };

export function declaredObjects({
  environment,
  ...sources
}: Sources & { readonly environment: Pick<Environment, "paths"> }): DeclaredObjects {
  const { files } = selectFiles({ paths: environment.paths, fields: [], index: sources.index });
  const { objects, wanted } = buildObjects({ ...sources, files });
  return wanted.length > 0 ? { kind: "wanted", oids: wanted } : { kind: "objects", objects };
}

/**
 * The document of an object as it runs. A reconciler may put objects that name no namespace into one of its choice, so such
 * a one is taken where it is the only one of its name.
 */
export function declaredObject(
  objects: readonly DeclaredObject[],
  reference: Pick<DeclaredObject, "apiVersion" | "kind" | "namespace" | "name">,
): DeclaredObject["value"] | undefined {
  const key = objectKey(reference);
  const same = objects.filter((object) => objectKey(object) === key);
  const group = groupOf(reference.apiVersion);
  const placed = objects.filter(
    ({ apiVersion, kind, namespace, name }) =>
      namespace === undefined && kind === reference.kind && name === reference.name && groupOf(apiVersion) === group,
  );
  const [only, second] = same.length > 0 ? same : placed;
  return only && !second && !only.rendered ? only.value : undefined;
}
