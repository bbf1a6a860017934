// Decides whether an environment's files say a release already.

import { type Release, sameRelease } from "../domain/release.ts";
import type { Declared } from "./read-declared.ts";

/** Every place says what the release says, as far as it says anything. */
export function isDeclared(release: Release, declared: Declared): boolean {
  if (declared.release) return sameRelease(declared.release, release);
  return release.versions.every(({ image, tag, digest }) => {
    const pins = declared.images.find((each) => each.image === image)?.pins ?? [];
    return (
      pins.length === 1 && pins.every((pin) => (pin.digest === undefined ? pin.tag === tag : pin.digest === digest))
    );
  });
}
