// Where a file says which version of an image runs: by the image's name, by a Flux marker, or by a field of the
// pipeline file. Reads one text; which files belong to an environment is `select-files.ts`.

import type { Place, PlaceProblem } from "../domain/place.ts";
import { findHelmRepositories } from "./find-helm-repositories.ts";
import type { ChartSources, Manifest } from "./found-place.ts";
import { readManifest } from "./read-manifest.ts";
import { settleCharts } from "./settle-charts.ts";

export interface PlacesInFile {
  readonly places: readonly Place[];
  readonly problems: readonly PlaceProblem[];
  /** What only the other files of the environment can complete. */
  readonly charts?: ChartSources;
}

/**
 * Places in the order of the forms, each readable or with the reason why it must not be edited; problems of the file as
 * a whole; and how many of its documents were parsed (those that cannot name one of `images` are not).
 */
export function findPlaces(manifest: Manifest): PlacesInFile & { readonly parsed: number } {
  const { found, pending, problems, parsed } = readManifest(manifest);
  const repositories = findHelmRepositories(manifest);
  const charts = pending.length + repositories.length > 0 ? { charts: { pending, repositories } } : {};
  return { places: found.map(({ place }) => place), problems, ...charts, parsed };
}

/** What several files say together. `repositories` are those of further files. */
export function joinPlaces(
  files: readonly PlacesInFile[],
  { images, repositories = [] }: { readonly images: readonly string[] } & Partial<Pick<ChartSources, "repositories">>,
): {
  readonly places: readonly Place[];
  readonly problems: readonly PlaceProblem[];
  readonly repositories: ChartSources["repositories"];
} {
  const charts = {
    pending: files.flatMap((file) => file.charts?.pending ?? []),
    repositories: [...repositories, ...files.flatMap((file) => file.charts?.repositories ?? [])],
  };
  const settled = settleCharts(charts, images);
  return {
    places: [...files.flatMap(({ places }) => places), ...settled.found.map(({ place }) => place)],
    problems: [...files.flatMap(({ problems }) => problems), ...settled.problems],
    repositories: charts.repositories,
  };
}
