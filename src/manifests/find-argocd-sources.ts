// Form "argocd": what the sources of an Application or ApplicationSet take from a registry, `targetRevision` of a chart
// (`chart` beside `repoURL`) and of an artifact (`oci://…`), and the images that a source sets by itself.

import { chartNameOf } from "../domain/chart.ts";
import { readArtifactRevision, readChartVersion } from "./chart-version.ts";
import { findArgocdImages } from "./find-argocd-images.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { type KubernetesEntry, readKubernetesEntries } from "./kubernetes-entries.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";

export function findArgocdSources(fields: FieldReader): readonly FoundPlace[] {
  return readKubernetesEntries(fields)
    .flatMap((object) => sourcesOf(object, fields))
    .flatMap((source) => [...findChart(source, fields), ...findArgocdImages(source, fields)]);
}

/** Every `source` and element of `sources`, as they are written. */
function sourcesOf({ type, entry }: KubernetesEntry, fields: FieldReader): readonly Entry[] {
  const spec = specOf(type, { entry, fields });
  if (spec === undefined) return [];
  const one = fields.entryAt(spec, "source");
  return [...(one ? [one] : []), ...fields.itemsAt(spec, "sources")];
}

function specOf(
  type: string,
  { entry, fields }: { readonly entry: Entry; readonly fields: FieldReader },
): Entry | undefined {
  switch (type) {
    case "argoproj.io/Application":
      return fields.entryAt(entry, "spec");
    case "argoproj.io/ApplicationSet":
      return fields.entryAt(entry, "spec", "template", "spec");
    default:
      return undefined;
  }
}

function findChart(source: Entry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const address = fields.textAt(source, "repoURL");
  const chart = fields.textAt(source, "chart");
  const image = chart === "" ? chartNameOf(address) : chartNameOf(address, { chart, bare: true });
  if (image === undefined || !finder.wanted.has(image)) return [];
  const entry = fields.entryAt(source, "targetRevision");
  const at = { key: "`targetRevision`", offset: offsetOf(outline, source) };
  const reading = fields.scalarAt(source, "targetRevision");
  // An artifact of its own is looked up by the very tag; only a chart's version is written with `+`.
  const version = chart === "" ? readArtifactRevision(reading, at) : readChartVersion(reading, at);
  return [describePlace(finder, { outline, entry: entry ?? source, form: "argocd", image, version })];
}
