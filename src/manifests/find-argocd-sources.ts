// Form "argocd": what the sources of an Application or ApplicationSet take, `targetRevision` of a chart (`chart` beside
// `repoURL`), of an artifact (`oci://…`) and of a Git repository, and the images that a source sets by itself.

import { chartNameOf } from "../domain/chart.ts";
import { readGitAddress } from "../domain/git-source.ts";
import { readArtifactRevision, readChartVersion } from "./chart-version.ts";
import { findArgocdImages } from "./find-argocd-images.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { type KubernetesEntry, readKubernetesEntries } from "./kubernetes-entries.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";
import { followsByItself, readRevision } from "./read-revision.ts";

export function findArgocdSources(fields: FieldReader): readonly FoundPlace[] {
  return readKubernetesEntries(fields)
    .flatMap((object) => sourcesOf(object, fields))
    .flatMap((source) => [
      ...findChart(source, fields),
      ...findRevision(source, fields),
      ...findArgocdImages(source, fields),
    ]);
}

/** Every `source` and element of `sources`, as they are written, and what a hydrator reads. */
function sourcesOf({ type, entry }: KubernetesEntry, fields: FieldReader): readonly Entry[] {
  const spec = specOf(type, { entry, fields });
  if (spec === undefined) return [];
  const one = fields.entryAt(spec, "source");
  const dry = fields.entryAt(spec, "sourceHydrator", "drySource");
  return [...(one ? [one] : []), ...fields.itemsAt(spec, "sources"), ...(dry ? [dry] : [])];
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

/** An address that leads on behind the repository is none that Argo CD knows. */
function findRevision(source: Entry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const address = readGitAddress(fields.textAt(source, "repoURL"));
  const isGit = address !== undefined && /^\/?$/.test(address.rest) && fields.textAt(source, "chart") === "";
  if (!isGit || !finder.wanted.has(address.source)) return [];
  const reading = fields.scalarAt(source, "targetRevision");
  const version = reading
    ? readRevision(reading)
    : followsByItself("Without `targetRevision` it follows the default branch", offsetOf(outline, source));
  const entry = fields.entryAt(source, "targetRevision") ?? source;
  return [describePlace(finder, { outline, entry, form: "argocd", image: address.source, version })];
}
