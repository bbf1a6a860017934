// Form "flux": the version of an OCIRepository (`spec.ref`), and that of a chart in a HelmRelease or HelmChart. Where a chart
// comes from is said by a HelmRepository, which may stand in another file: such a place is pending until that is known.

import { chartNameOf } from "../domain/chart.ts";
import { readChartVersion } from "./chart-version.ts";
import { describePlace, type FoundPlace, type PendingPlace, type VersionReading } from "./found-place.ts";
import { type KubernetesEntry, readKubernetesEntries } from "./kubernetes-entries.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";
import { readVersionPair } from "./read-version.ts";

export function findFluxSources(fields: FieldReader): readonly FoundPlace[] {
  return readKubernetesEntries(fields)
    .filter(({ type }) => type === "source.toolkit.fluxcd.io/OCIRepository")
    .flatMap((object) => findArtifact(object, fields));
}

function findArtifact({ entry: object }: KubernetesEntry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const image = chartNameOf(fields.textAt(object, "spec", "url"));
  if (image === undefined || !finder.wanted.has(image)) return [];
  const entry = fields.entryAt(object, "spec", "ref") ?? fields.entryAt(object, "spec") ?? object;
  const version = readReference(object, fields);
  return [describePlace(finder, { outline, entry, form: "flux", image, version })];
}

/** Of `digest`, `semver` and `tag` Flux takes the first that is there. */
function readReference(object: Entry, fields: FieldReader): VersionReading {
  const at = (key: string) => fields.scalarAt(object, "spec", "ref", key);
  const [tag, digest, range] = [at("tag"), at("digest"), at("semver")];
  if (range?.text && !digest?.text) {
    const refusal = `${JSON.stringify(range.text.slice(0, 80))} is a range, which Flux follows by itself and which is never edited. Write the \`tag\` (or \`digest\`) that runs now instead of \`semver\`.`;
    return { slots: [], offset: range.offset, refusal };
  }
  const offset = offsetOf(fields.outline, fields.entryAt(object, "spec", "url") ?? object);
  return readVersionPair({ tag, digest, keys: ["`ref.tag`", "`ref.digest`"], offset });
}

/** Only charts whose name is the last part of an image that is looked for. */
export function findHelmReleases(fields: FieldReader): readonly PendingPlace[] {
  return readKubernetesEntries(fields).flatMap((object) => {
    const spec = chartSpecOf(object, fields);
    return spec === undefined ? [] : findRelease(object, { spec, fields });
  });
}

function chartSpecOf({ type, entry }: KubernetesEntry, fields: FieldReader): Entry | undefined {
  switch (type) {
    case "helm.toolkit.fluxcd.io/HelmRelease":
      return fields.entryAt(entry, "spec", "chart", "spec");
    case "source.toolkit.fluxcd.io/HelmChart":
      return fields.entryAt(entry, "spec");
    default:
      return undefined;
  }
}

function findRelease(
  object: KubernetesEntry,
  { spec, fields }: { readonly spec: Entry; readonly fields: FieldReader },
): readonly PendingPlace[] {
  const { finder, outline } = fields;
  const chart = fields.textAt(spec, "chart");
  const isNamed = [...finder.wanted].some((image) => image.endsWith(`/${chart}`));
  // In a Git repository or a bucket `chart` is a path.
  if (chart === "" || !isNamed || fields.textAt(spec, "sourceRef", "kind") !== "HelmRepository") return [];
  const chartEntry = fields.entryAt(spec, "chart") ?? spec;
  const version = readChartVersion(fields.scalarAt(spec, "version"), {
    key: "`version`",
    offset: offsetOf(outline, chartEntry),
  });
  const entry = fields.entryAt(spec, "version") ?? spec;
  const { place, slots } = describePlace(finder, { outline, entry, form: "flux", image: "", version });
  const name = fields.textAt(spec, "sourceRef", "name");
  const namespace = fields.textAt(spec, "sourceRef", "namespace") || object.namespace;
  return [{ place, slots, chart, repository: { name, namespace } }];
}
