// From images to the repositories that track them: one hint for each pair, and the images that nobody tracks.

import type { Hint } from "../domain/hint.ts";
import type { RepositoryDirectory } from "../store/store.ts";

export interface NamedImage {
  readonly image: string;
  readonly tag?: string;
}

export interface Tracked {
  readonly hints: readonly Hint[];
  readonly untracked: readonly string[];
}

export async function trackImages(
  repositories: Pick<RepositoryDirectory, "trackers">,
  named: readonly NamedImage[],
): Promise<Tracked> {
  const hints: Hint[] = [];
  const untracked: string[] = [];
  for (const image of new Set(named.map((each) => each.image))) {
    const trackers = await repositories.trackers(image);
    if (trackers.length === 0) {
      untracked.push(image);
    }
    const tags = new Set(named.filter((each) => each.image === image).map((each) => each.tag));
    for (const { repository } of trackers) {
      for (const tag of tags) {
        hints.push({ repository, subject: { kind: "image", image, ...(tag !== undefined && { tag }) } });
      }
    }
  }
  return { hints, untracked };
}
