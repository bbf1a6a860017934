// Form "config-sync": the chart that a RootSync or RepoSync applies (`spec.helm`). The image of `spec.oci` is a reference as
// any other and found as such.

import { chartNameOf } from "../domain/chart.ts";
import { readChartVersion } from "./chart-version.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { readKubernetesEntries } from "./kubernetes-entries.ts";
import { offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";

const TYPES: readonly string[] = ["configsync.gke.io/RootSync", "configsync.gke.io/RepoSync"];

export function findConfigSyncSources(fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  return readKubernetesEntries(fields)
    .filter(({ type }) => TYPES.includes(type))
    .flatMap(({ entry: object }) => {
      const helm = fields.entryAt(object, "spec", "helm");
      const chart = fields.textAt(helm, "chart");
      const image = chartNameOf(fields.textAt(helm, "repo"), { chart });
      if (helm === undefined || image === undefined || !finder.wanted.has(image)) return [];
      const at = { key: "`version`", offset: offsetOf(outline, helm) };
      const version = readChartVersion(fields.scalarAt(helm, "version"), at);
      const entry = fields.entryAt(helm, "version") ?? helm;
      return [describePlace(finder, { outline, entry, form: "config-sync", image, version })];
    });
}
