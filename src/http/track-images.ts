// From images to the repositories that track them: one hint for each pair, and the images that nobody tracks.

import type { Hint, HintSubject, ToldImage } from "../domain/hint.ts";
import type { RepositoryDirectory } from "../store/store.ts";

export interface NamedImage {
  readonly image: string;
  readonly tag?: string;
  readonly told?: ToldImage;
  /** Of a Git repository: what of it was pushed to, under the name by which it is followed. */
  readonly watched?: string;
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
  const nameOf = ({ image, watched = image }: NamedImage) => watched;
  for (const [name, of] of Map.groupBy(named, nameOf)) {
    const image = of[0]?.image ?? name;
    const trackers = await repositories.trackers(name);
    if (trackers.length === 0) {
      untracked.push(image);
    }
    const subjects = distinct(of);
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
