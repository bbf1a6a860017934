// Joins the HelmReleases of an environment with its HelmRepositories, in whatever files they stand: now their places have an
// image, are none of ours, or are a problem, because nobody knows whether they are.

import { chartNameOf } from "../domain/chart.ts";
import type { HelmRepository, PlaceProblem } from "../domain/place.ts";
import type { ChartSources, FoundPlace, PendingPlace } from "./found-place.ts";

export interface SettledCharts {
  readonly found: readonly FoundPlace[];
  readonly problems: readonly PlaceProblem[];
}

/** `images` are the normalised names that matter. */
export function settleCharts({ repositories, pending }: ChartSources, images: readonly string[]): SettledCharts {
  const found: FoundPlace[] = [];
  const problems: PlaceProblem[] = [];
  const byName = Map.groupBy(repositories, ({ name }) => name);
  for (const { place, slots, chart, repository } of pending) {
    const addresses = new Set(matching(repository, byName.get(repository.name) ?? []).map(({ address }) => address));
    const [address] = addresses;
    if (addresses.size !== 1) problems.push(explain(place, { repository, count: addresses.size }));
    const image = address === undefined || addresses.size > 1 ? undefined : chartNameOf(address, { chart });
    if (image !== undefined && images.includes(image)) found.push({ place: { ...place, image }, slots });
  }
  return { found, problems };
}

/** Of those of its name. Namespaces are often added when a file is applied, so one that is not said contradicts nothing. */
function matching(
  { namespace }: PendingPlace["repository"],
  named: readonly HelmRepository[],
): readonly HelmRepository[] {
  const same = named.filter((repository) => repository.namespace === namespace);
  if (namespace !== "" && same.length > 0) return same;
  return named.filter((repository) => namespace === "" || repository.namespace === "");
}

function explain(
  { path, line, column }: FoundPlace["place"],
  { repository, count }: { readonly repository: PendingPlace["repository"]; readonly count: number },
): PlaceProblem {
  const named = `HelmRepository ${repository.namespace === "" ? "" : `${repository.namespace}/`}${repository.name}`;
  const why =
    count === 0
      ? `Where this chart comes from is not known: no file of the environment has the ${named}. Add its file to \`paths\`, or name this version in \`fields\` (\`writes: version\`).`
      : `Where this chart comes from is not known: the files of the environment have several addresses for the ${named}. Write its namespace, or name this version in \`fields\` (\`writes: version\`).`;
  return { path, line, column, why };
}
