// Form "reference": `image: ghcr.io/acme/checkout:1.8.0@sha256:…` under a key that ends in `image`.
// A reference without tag and digest states no version (something else does), so it is no place.

import { parseImageReference } from "../domain/image-name.ts";
import { describePlace, type Finder, type FoundPlace } from "./found-place.ts";
import { type Outline, withDescendants } from "./outline.ts";
import { readScalar } from "./read-scalar.ts";
import { readVersion } from "./read-version.ts";

const IMAGE_KEY = /[iI]mage$/;

export function findReferences(outline: Outline, finder: Finder): readonly FoundPlace[] {
  const found: FoundPlace[] = [];
  for (const entry of withDescendants(outline.root)) {
    if (typeof entry.key !== "string" || !IMAGE_KEY.test(entry.key)) continue;
    const reading = readScalar(entry, { outline, lines: finder.lines });
    const reference = reading && parseImageReference(reading.text);
    if (!reading || !reference || !finder.wanted.has(reference.image)) continue;
    if (reference.tag === undefined && reference.digest === undefined) continue;
    const version = readVersion(reading, "reference");
    found.push(describePlace(finder, { outline, entry, form: "reference", image: reference.image, version }));
  }
  return found;
}
