// Form "kustomize": entries of `images` in a Kustomization or Component (`name`, `newName`, `newTag`, `digest`), and of
// `spec.images` in Flux's Kustomization. An entry that only names an image does nothing and is no place.

import { normaliseImageName } from "../domain/image-name.ts";
import { describePlace, type Finder, type FoundPlace } from "./found-place.ts";
import { childOf, type Entry, type Outline, offsetOf } from "./outline.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";
import { readVersionPair } from "./read-version.ts";

const FILE = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const KINDS = ["Kustomization", "Component"];

export function isKustomizationFile(path: string): boolean {
  return FILE.test(path);
}

/** By its file's name or by its kind. */
export function isKustomization(outline: Outline, { path, lines }: Finder): boolean {
  const kind = childOf(outline.root, "kind");
  return isKustomizationFile(path) || KINDS.includes((kind && readScalar(kind, { outline, lines })?.text) ?? "");
}

export function findKustomizeImages(outline: Outline, finder: Finder): readonly FoundPlace[] {
  const read = (entry: Entry | undefined): ScalarReading | undefined =>
    entry && readScalar(entry, { outline, lines: finder.lines });
  if (!isKustomization(outline, finder)) return [];
  const lists = [childOf(outline.root, "images"), childOf(childOf(outline.root, "spec"), "images")];
  return lists
    .flatMap((list) => list?.children ?? [])
    .flatMap((entry) => {
      const newName = read(childOf(entry, "newName"))?.text;
      const image = normaliseImageName(newName || (read(childOf(entry, "name"))?.text ?? ""));
      const [tag, digest] = [read(childOf(entry, "newTag")), read(childOf(entry, "digest"))];
      if (image === undefined || !finder.wanted.has(image) || !(newName || tag || digest)) return [];
      const keys = ["`newTag`", "`digest`"] as const;
      const version = readVersionPair({ tag, digest, keys, offset: offsetOf(outline, entry) });
      return [describePlace(finder, { outline, entry, form: "kustomize", image, version })];
    });
}
