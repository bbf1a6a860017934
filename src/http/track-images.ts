// From images to the repositories that track them: one hint for each pair, and the images that nobody tracks.

import type { Hint, HintSubject, ToldImage } from "../domain/hint.ts";
import type { RepositoryDirectory } from "../store/store.ts";

export interface NamedImage {
  readonly image: string;
  readonly tag?: string;
  readonly told?: ToldImage;
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
    const subjects = distinct(named.filter((each) => each.image === image));
    for (const { repository } of trackers) {
      hints.push(...subjects.map((subject) => ({ repository, subject })));
    }
  }
  return { hints, untracked };
}

function distinct(named: readonly NamedImage[]): readonly HintSubject[] {
  const subjects = named.map(
    ({ image, tag, told }): HintSubject => ({
      kind: "image",
      image,
      ...(tag !== undefined && { tag }),
      ...(told !== undefined && { told }),
    }),
  );
  return [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()];
}
