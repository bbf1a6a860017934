// Form "dependency": `dependencies` of a chart's own `Chart.yaml` that come from a registry (`repository: oci://…`). What
// `Chart.lock` beside it says of them is `refresh-chart-lock.ts`.

import { chartNameOf } from "../domain/chart.ts";
import { readChartVersion } from "./chart-version.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";

export function isChartFile(path: string): boolean {
  return /(?:^|\/)Chart\.yaml$/.test(path);
}

export function findChartDependencies(fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  if (!isChartFile(finder.path)) return [];
  return fields.itemsAt(outline.root, "dependencies").flatMap((dependency) => {
    const chart = fields.textAt(dependency, "name");
    const image = chartNameOf(fields.textAt(dependency, "repository"), { chart });
    if (image === undefined || !finder.wanted.has(image)) return [];
    const at = { key: "`version`", offset: offsetOf(outline, dependency) };
    const version = readChartVersion(fields.scalarAt(dependency, "version"), at);
    const entry = fields.entryAt(dependency, "version") ?? dependency;
    return [describePlace(finder, { outline, entry, form: "dependency", image, version })];
  });
}
