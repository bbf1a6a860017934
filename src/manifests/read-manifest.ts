// One file -> the places in it with the scalars that hold them. Decides which documents are worth parsing, and what is
// never touched: too large, not YAML, a template. The forms themselves have a file each.

import { isGitSource } from "../domain/git-source.ts";
import type { PlaceProblem } from "../domain/place.ts";
import { findArgocdSources } from "./find-argocd-sources.ts";
import { findChartDependencies } from "./find-chart-dependencies.ts";
import { findConfigSyncSources } from "./find-config-sync-sources.ts";
import { findFields } from "./find-fields.ts";
import { findFluxSources, findHelmReleases } from "./find-flux-sources.ts";
import { findGitRepositories } from "./find-git-repositories.ts";
import { findKustomizeCharts } from "./find-kustomize-charts.ts";
import { findKustomizeImages } from "./find-kustomize-images.ts";
import { findMaps } from "./find-maps.ts";
import { findPolicyMarkers, MARKER_KEY } from "./find-policy-markers.ts";
import { findReferences } from "./find-references.ts";
import { findRemoteResources } from "./find-remote-resources.ts";
import { type Finder, type FoundPlace, type Manifest, type PendingPlace, problemAt } from "./found-place.ts";
import { indexLines } from "./line-index.ts";
import { isManifestPath } from "./manifest-path.ts";
import type { Outline } from "./outline.ts";
import { outlineManifest, refuseFile } from "./outline-manifest.ts";
import { readFields } from "./read-fields.ts";

export interface ManifestReading {
  readonly found: readonly FoundPlace[];
  /** Places that are of an image only if a HelmRepository, which may stand in another file, says so. */
  readonly pending: readonly PendingPlace[];
  readonly problems: readonly PlaceProblem[];
  /** How many documents were parsed. */
  readonly parsed: number;
}

const NOTHING: ManifestReading = { found: [], pending: [], problems: [], parsed: 0 };

export function readManifest(manifest: Manifest): ManifestReading {
  const fields = manifest.fields.filter(({ file }) => file === manifest.path);
  if (fields.length === 0 && !isManifestPath(manifest.path)) return NOTHING;
  const mayMatter = fields.length > 0 ? () => true : mayName(manifest.images);
  if (!mayMatter(manifest.text)) return NOTHING;
  const finder: Finder = {
    path: manifest.path,
    lines: indexLines(manifest.text),
    wanted: new Set(manifest.images),
  };
  const why = refuseFile(manifest);
  if (why !== undefined) return { ...NOTHING, problems: [problemAt(finder, { offset: 0, why })] };
  const { outlines, problems, parsed } = outlineManifest(manifest.text, {
    finder,
    // A marker's image may be named in another document of the file.
    matters: (text) => mayMatter(text) || text.includes(MARKER_KEY),
  });
  const found = outlines.flatMap((outline) => findInDocument(outline, finder));
  const pending = outlines.flatMap((outline) => findHelmReleases(readFields(outline, finder)));
  found.push(...findPolicyMarkers(outlines, { finder, owned: ownedBy([...found, ...pending]) }));
  const named = findFields(outlines, { finder, owned: ownedBy(found), fields });
  const owned = ownedBy(named.found);
  return {
    found: [...found, ...named.found],
    // A field says what a HelmRepository would have said.
    pending: pending.filter(({ slots }) => !slots.some(({ scalar }) => owned.has(scalar.start))),
    problems: [...problems, ...named.problems],
    parsed,
  };
}

function findInDocument(outline: Outline, finder: Finder): readonly FoundPlace[] {
  const fields = readFields(outline, finder);
  return [
    ...findReferences(outline, finder),
    ...findMaps(outline, finder),
    ...findKustomizeImages(outline, finder),
    ...findKustomizeCharts(fields),
    ...findFluxSources(fields),
    ...findGitRepositories(fields),
    ...findArgocdSources(fields),
    ...findConfigSyncSources(fields),
    ...findChartDependencies(fields),
    ...findRemoteResources(outline, finder),
  ];
}

/**
 * Whether a text may speak of one of the images: the last part of a name always stands in one piece, whatever holds the
 * registry (and `api` does not stand in `apiVersion`). Escapes in double quotes could hide it, so a text that has them
 * is read.
 */
function mayName(images: readonly string[]): (text: string) => boolean {
  if (images.length === 0) return () => false;
  const [repositories, others] = [images.filter(isGitSource), images.filter((image) => !isGitSource(image))];
  const names = others.length === 0 ? "" : `(?<![\\w.-])(?:${lastParts(others)})(?![\\w.-]|/\\w)|`;
  const named = new RegExp(`${names}\\\\(?:[xuU]|\\r?\\n)`);
  if (repositories.length === 0) return (text) => named.test(text);
  // Addresses know no capitals; `.git` may follow, and a path.
  const addressed = new RegExp(`(?<![\\w.-])(?:${lastParts(repositories)})(?:\\.git)?(?![\\w.-])`, "i");
  return (text) => addressed.test(text) || named.test(text);
}

function lastParts(names: readonly string[]): string {
  return names.map((name) => name.slice(name.lastIndexOf("/") + 1).replaceAll(".", "\\.")).join("|");
}

function ownedBy(found: readonly Pick<FoundPlace, "slots">[]): ReadonlySet<number> {
  return new Set(found.flatMap(({ slots }) => slots.map(({ scalar }) => scalar.start)));
}
