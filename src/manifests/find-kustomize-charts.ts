// Form "kustomize": entries of `helmCharts` in a Kustomization that take their chart from a registry (`repo: oci://…`).

import { chartNameOf } from "../domain/chart.ts";
import { readChartVersion } from "./chart-version.ts";
import { isKustomizationFile } from "./find-kustomize-images.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { readKubernetesEntries } from "./kubernetes-entries.ts";
import { offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";

const TYPES: readonly string[] = ["kustomize.config.k8s.io/Kustomization", "kustomize.config.k8s.io/Component"];

export function findKustomizeCharts(fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const [object] = readKubernetesEntries(fields);
  // Kustomize asks neither for `kind` nor for `apiVersion`.
  const isUntyped = isKustomizationFile(finder.path) && fields.textAt(outline.root, "apiVersion") === "";
  if (!object || !(isUntyped || TYPES.includes(object.type))) return [];
  return fields.itemsAt(object.entry, "helmCharts").flatMap((chart) => {
    const image = chartNameOf(fields.textAt(chart, "repo"), { chart: fields.textAt(chart, "name") });
    if (image === undefined || !finder.wanted.has(image)) return [];
    const at = { key: "`version`", offset: offsetOf(outline, chart) };
    const version = readChartVersion(fields.scalarAt(chart, "version"), at);
    const entry = fields.entryAt(chart, "version") ?? chart;
    return [describePlace(finder, { outline, entry, form: "kustomize", image, version })];
  });
}
