// Form "config-sync": the chart that a RootSync or RepoSync applies (`spec.helm`), and the revision of a Git repository
// (`spec.git`); the branch beside that is left alone. The image of `spec.oci` is a reference as any other, found as such.

import { chartNameOf } from "../domain/chart.ts";
import { readGitAddress } from "../domain/git-source.ts";
import { readChartVersion } from "./chart-version.ts";
import { describePlace, type FoundPlace } from "./found-place.ts";
import { readKubernetesEntries } from "./kubernetes-entries.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";
import { followsByItself, readRevision } from "./read-revision.ts";

const TYPES: readonly string[] = ["configsync.gke.io/RootSync", "configsync.gke.io/RepoSync"];

export function findConfigSyncSources(fields: FieldReader): readonly FoundPlace[] {
  return readKubernetesEntries(fields)
    .filter(({ type }) => TYPES.includes(type))
    .flatMap(({ entry }) => [...findChart(entry, fields), ...findRevision(entry, fields)]);
}

function findChart(object: Entry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const helm = fields.entryAt(object, "spec", "helm");
  const chart = fields.textAt(helm, "chart");
  const image = chartNameOf(fields.textAt(helm, "repo"), { chart });
  if (helm === undefined || image === undefined || !finder.wanted.has(image)) return [];
  const at = { key: "`version`", offset: offsetOf(outline, helm) };
  const version = readChartVersion(fields.scalarAt(helm, "version"), at);
  const entry = fields.entryAt(helm, "version") ?? helm;
  return [describePlace(finder, { outline, entry, form: "config-sync", image, version })];
}

function findRevision(object: Entry, fields: FieldReader): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const git = fields.entryAt(object, "spec", "git");
  const address = readGitAddress(fields.textAt(git, "repo"));
  if (git === undefined || address === undefined || !finder.wanted.has(address.source)) return [];
  const reading = fields.scalarAt(git, "revision");
  const version = reading?.text
    ? readRevision(reading)
    : followsByItself("Without `revision` it follows a branch", offsetOf(outline, git));
  const entry = fields.entryAt(git, "revision") ?? git;
  return [describePlace(finder, { outline, entry, form: "config-sync", image: address.source, version })];
}
