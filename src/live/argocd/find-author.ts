// Which tool wrote a field of a live object, by its managed fields: of several the last. A field that is gone has no
// author any more.

import type { DriftField } from "../../domain/drift.ts";
import { authorOf } from "../kubernetes/author-of.ts";
import { findFieldPaths } from "../kubernetes/field-paths.ts";
import { listAt, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { touches } from "./compare-managed.ts";

const MOST_MANAGERS = 50;

export function findAuthors(live: unknown, fields: readonly DriftField[]): readonly DriftField[] {
  const owners = listAt(live, "metadata.managedFields")
    .slice(0, MOST_MANAGERS)
    .filter((entry) => textAt(entry, "subresource") !== "status")
    .map((entry) => ({
      author: authorOf(entry),
      paths: findFieldPaths(valueAt(entry, "fieldsV1"), live).map(({ pointer }) => pointer),
    }))
    // An entry without a time (`kubectl scale` leaves none) may be the newest.
    .sort(
      (one, other) => (other.author.time ?? Number.MAX_SAFE_INTEGER) - (one.author.time ?? Number.MAX_SAFE_INTEGER),
    );
  return fields.map((field) => {
    const owner = owners.find(({ paths }) => paths.some((path) => touches(path, field.path)));
    return owner === undefined || field.live === undefined ? field : { ...field, ...owner.author };
  });
}
