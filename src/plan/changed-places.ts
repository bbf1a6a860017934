// Which places of an environment a change sets to another version. A place that only moved in its file, or with its file,
// says what it said before.

import type { Place } from "../domain/place.ts";
import type { EnvironmentChange } from "../domain/proposed-change.ts";

export interface ChangedPlace {
  readonly place: Place;
  /** What stood there before, where something did. */
  readonly from?: Place;
}

export function changedPlaces({ before, after }: Pick<EnvironmentChange, "before" | "after">): readonly ChangedPlace[] {
  const left = new Map(before.map((place) => [whereOf(place), place]));
  const differing: ChangedPlace[] = [];
  for (const place of after) {
    const from = left.get(whereOf(place));
    if (from === undefined || from.image !== place.image) differing.push({ place });
    else if (!saysTheSame(from, place)) differing.push({ place, from });
    else left.delete(whereOf(place));
  }
  const paths = new Set(after.map(({ path }) => path));
  return differing.filter(({ place }) => {
    const moved = [...left].find(
      ([, old]) => saysTheSame(old, place) && (old.path === place.path || !paths.has(old.path)),
    );
    if (moved) left.delete(moved[0]);
    return moved === undefined;
  });
}

function whereOf({ path, document, pointer }: Place): string {
  return JSON.stringify([path, document, pointer]);
}

function saysTheSame(a: Place, b: Place): boolean {
  return a.image === b.image && a.tag === b.tag && a.digest === b.digest;
}
