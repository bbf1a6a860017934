// The Kubernetes objects of one document: the document itself, or what a `List` holds. An object is known by the group of
// its API and its kind; the same kind in another group is another thing.

import { groupOf } from "../domain/object-key.ts";
import type { Entry } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";

export interface KubernetesEntry {
  /** `source.toolkit.fluxcd.io/OCIRepository`; of a custom resource, whatever the version. */
  readonly type: string;
  readonly name: string;
  /** Empty where the object does not say it. */
  readonly namespace: string;
  readonly entry: Entry;
}

export function readKubernetesEntries(fields: FieldReader): readonly KubernetesEntry[] {
  const { root } = fields.outline;
  const isList = fields.textAt(root, "kind").endsWith("List");
  return (isList ? fields.itemsAt(root, "items") : [root]).map((entry) => ({
    type: `${groupOf(fields.textAt(entry, "apiVersion"))}/${fields.textAt(entry, "kind")}`,
    name: fields.textAt(entry, "metadata", "name"),
    namespace: fields.textAt(entry, "metadata", "namespace"),
    entry,
  }));
}
