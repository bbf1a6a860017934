// Where a file says which version of an image runs: by the image's name, by a Flux marker, or by a field of the
// pipeline file. Reads one text; which files belong to an environment is `select-files.ts`.

import type { Place, PlaceProblem } from "../domain/place.ts";
import type { Manifest } from "./found-place.ts";
import { readManifest } from "./read-manifest.ts";

/**
 * Places in the order of the forms, each readable or with the reason why it must not be edited; problems of the file as
 * a whole; and how many of its documents were parsed (those that cannot name one of `images` are not).
 */
export function findPlaces(manifest: Manifest): {
  readonly places: readonly Place[];
  readonly problems: readonly PlaceProblem[];
  readonly parsed: number;
} {
  const { found, problems, parsed } = readManifest(manifest);
  return { places: found.map(({ place }) => place), problems, parsed };
}
