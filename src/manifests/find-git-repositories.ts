// Form "flux", of Git: a GitRepository, `spec.url` with `spec.ref`. Of what `ref` may hold, the commit counts first, then a
// name, a range, a tag, a branch; a range or a branch that counts moves by itself.

import { readGitAddress } from "../domain/git-source.ts";
import { describePlace, type FoundPlace, type VersionReading } from "./found-place.ts";
import { type KubernetesEntry, readKubernetesEntries } from "./kubernetes-entries.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";
import { followsByItself, readRevision, readRevisionPair } from "./read-revision.ts";
import type { ScalarReading } from "./read-scalar.ts";

export function findGitRepositories(fields: FieldReader): readonly FoundPlace[] {
  return readKubernetesEntries(fields)
    .filter(({ type }) => type === "source.toolkit.fluxcd.io/GitRepository")
    .flatMap((object) => findReference(object, fields));
}

function findReference({ entry: object }: KubernetesEntry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const address = readGitAddress(fields.textAt(object, "spec", "url"));
  if (!address || !finder.wanted.has(address.source)) return [];
  const entry = fields.entryAt(object, "spec", "ref") ?? fields.entryAt(object, "spec") ?? object;
  const version = readReference(fields, { at: (key) => fields.scalarAt(object, "spec", "ref", key), entry });
  return [describePlace(finder, { outline, entry, form: "flux", image: address.source, version })];
}

function readReference(
  { outline }: FieldReader,
  { at, entry }: { readonly at: (key: string) => ScalarReading | undefined; readonly entry: Entry },
): VersionReading {
  const [commit, name, range, tag] = [at("commit"), at("name"), at("semver"), at("tag")];
  if (!commit?.text && name?.text) return readRevision(name);
  if (!commit?.text && range?.text) return followsByItself("It follows a range (`semver`)", range.offset);
  const offset = offsetOf(outline, entry);
  return readRevisionPair({ tag, commit, offset }) ?? followsByItself("It follows a branch", offset);
}
