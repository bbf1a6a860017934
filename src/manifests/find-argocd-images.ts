// Form "argocd": images that a source of an Application sets by itself: `kustomize.images` (`name=repository:tag`), and
// Helm parameters whose image stands in the parameters beside them. A tag whose image is named nowhere here is not found.

import { normaliseImageName, parseImageReference } from "../domain/image-name.ts";
import { describePlace, type FoundPlace, type VersionReading } from "./found-place.ts";
import { type Entry, offsetOf } from "./outline.ts";
import type { FieldReader } from "./read-fields.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";
import { readVersionPair } from "./read-version.ts";

export function findArgocdImages(source: Entry, fields: FieldReader): readonly FoundPlace[] {
  const references = fields.itemsAt(source, "kustomize", "images");
  const parameters = readParameters(source, fields);
  return [
    ...references.flatMap((entry) => findReference(entry, fields)),
    ...[...parameters.keys()].flatMap((name) => findPair(name, { parameters, fields })),
    ...[...parameters]
      .filter(([name]) => /(?:^|\.)\w*[iI]mage$/.test(name))
      .flatMap(([, { entry }]) => findReference(entry, fields)),
  ];
}

/** `name=` before it stays as it is; what stands there without a version says none. */
function findReference(entry: Entry, { outline, finder }: FieldReader): readonly FoundPlace[] {
  const reading = readScalar(entry, { outline, lines: finder.lines });
  const reference = reading && parseImageReference(reading.text.slice(reading.text.indexOf("=") + 1));
  if (!reading || !reference || !finder.wanted.has(reference.image)) return [];
  const { image, tag, digest } = reference;
  if (tag === undefined && digest === undefined) return [];
  const { offset, scalar, refusal } = reading;
  const version: VersionReading = {
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    slots: scalar ? [{ holds: "reference", scalar }] : [],
    offset,
    ...(refusal !== undefined && { refusal }),
  };
  return [describePlace(finder, { outline, entry, form: "argocd", image, version })];
}

interface Parameter {
  readonly entry: Entry;
  readonly reading: ScalarReading;
}

type Parameters = ReadonlyMap<string, Parameter>;

/** By name; of a name that stands twice Helm takes the last. */
function readParameters(source: Entry, fields: FieldReader): Parameters {
  const parameters = new Map<string, Parameter>();
  for (const parameter of fields.itemsAt(source, "helm", "parameters")) {
    const entry = fields.entryAt(parameter, "value");
    const reading = fields.scalarAt(parameter, "value");
    if (entry && reading) parameters.set(fields.textAt(parameter, "name"), { entry, reading });
  }
  return parameters;
}

/** `image.repository` (with `image.registry`) says what `image.tag` and `image.digest` are versions of. */
function findPair(
  name: string,
  { parameters, fields }: { readonly parameters: Parameters; readonly fields: FieldReader },
): readonly FoundPlace[] {
  const { finder, outline } = fields;
  const prefix = /^(.*\.)?repository$/.exec(name) ? name.slice(0, -"repository".length) : undefined;
  if (prefix === undefined) return [];
  const text = (key: string): string => parameters.get(`${prefix}${key}`)?.reading.text ?? "";
  const registry = text("registry");
  const image = normaliseImageName(registry ? `${registry}/${text("repository")}` : text("repository"));
  const tag = parameters.get(`${prefix}tag`);
  const digest = parameters.get(`${prefix}digest`);
  const first = tag ?? digest;
  if (image === undefined || !finder.wanted.has(image) || !first) return [];
  const version = readVersionPair({
    tag: tag?.reading,
    digest: digest?.reading,
    keys: [`\`${prefix}tag\``, `\`${prefix}digest\``],
    offset: offsetOf(outline, first.entry),
  });
  return [describePlace(finder, { outline, entry: first.entry, form: "argocd", image, version })];
}
