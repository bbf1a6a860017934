// Finds the Applications that targets name in one list, however many of each there are. A target is a name, or a
// namespace and a name where several Argo CDs, or Applications in any namespace, have the same.

import { known, type Seen, unknown } from "../../domain/seen.ts";
import { textAt } from "../kubernetes/read-fields.ts";

export type ApplicationIndex = ReadonlyMap<string, readonly unknown[]>;

export function indexApplications(applications: readonly unknown[]): ApplicationIndex {
  const index = new Map<string, unknown[]>();
  for (const application of applications) {
    const name = textAt(application, "metadata.name");
    if (name === undefined) continue;
    const namespace = textAt(application, "metadata.namespace");
    for (const key of namespace === undefined ? [name] : [name, `${namespace}/${name}`]) {
      const same = index.get(key);
      if (same === undefined) index.set(key, [application]);
      else same.push(application);
    }
  }
  return index;
}

/** `missing`: why there may be none, in a clause. */
export function findApplication(
  index: ApplicationIndex,
  { name, missing }: { readonly name: string; readonly missing: string },
): Seen<unknown> {
  const found = index.get(name) ?? [];
  if (found.length === 1) return known(found[0]);
  if (found.length === 0) return unknown(`there is no Argo CD Application \`${name}\`, ${missing}`);
  const namespaces = found.map((application) => textAt(application, "metadata.namespace") ?? "?").slice(0, 5);
  return unknown(
    `${found.length} Argo CD Applications are called \`${name}\` (in ${namespaces.sort().join(", ")}): ` +
      `name one as \`${namespaces[0]}/${name}\``,
  );
}
