// Form "map": Helm's `repository` + `tag` (+ `digest`, + `registry`), and `image` with a `tag` or `digest` beside it.
// The name may come through a merge key; a version that does belongs to another map and is refused here.

import { normaliseImageName } from "../domain/image-name.ts";
import { describePlace, type Finder, type FoundPlace, type VersionReading } from "./found-place.ts";
import { type Given, inherited } from "./merged-entries.ts";
import { childOf, type Entry, type Outline, offsetOf, withDescendants } from "./outline.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";
import { readVersionPair } from "./read-version.ts";

export function findMaps(outline: Outline, finder: Finder): readonly FoundPlace[] {
  const found: FoundPlace[] = [];
  const context: Context = { outline, finder, given: new Map() };
  for (const entry of withDescendants(outline.root)) {
    const image = nameIn(entry, context);
    if (image === undefined || !finder.wanted.has(image)) continue;
    const version = versionIn(entry, context);
    if (version) found.push(describePlace(finder, { outline, entry, form: "map", image, version }));
  }
  return found;
}

interface Context {
  readonly outline: Outline;
  readonly finder: Finder;
  readonly given: Given;
}

function nameIn(entry: Entry, context: Context): string | undefined {
  const repository = textOf(entry, "repository", context);
  if (repository) {
    const registry = textOf(entry, "registry", context);
    return normaliseImageName(registry ? `${registry}/${repository}` : repository);
  }
  const image = textOf(entry, "image", context);
  const hasVersion = image && (textOf(entry, "tag", context) || textOf(entry, "digest", context));
  return hasVersion ? normaliseImageName(image) : undefined;
}

function versionIn(entry: Entry, context: Context): VersionReading | undefined {
  const tag = childOf(entry, "tag");
  const digest = childOf(entry, "digest");
  const ownName = childOf(entry, "repository") ?? childOf(entry, "image");
  const mergedTag = tag ? undefined : inherited(entry, "tag", context.given);
  const mergedDigest = digest ? undefined : inherited(entry, "digest", context.given);
  if (!ownName && !tag && !digest) return undefined;
  if (!tag && !digest && !mergedTag && !mergedDigest && isAnchored(entry, context.outline)) return undefined;
  return readVersionPair({
    tag: readField(tag, context) ?? refuseMerged(mergedTag, "tag", context),
    digest: readField(digest, context) ?? refuseMerged(mergedDigest, "digest", context),
    keys: ["`tag`", "`digest`"],
    offset: ownName ? offsetOf(context.outline, ownName) : offsetOf(context.outline, entry),
  });
}

/** A shared `&image {repository: …}` whose readers add their own tags states no version itself. */
function isAnchored(entry: Entry, { readers }: Outline): boolean {
  const anchor = entry.node && "anchor" in entry.node ? entry.node.anchor : undefined;
  return typeof anchor === "string" && readers.has(anchor);
}

function readField(entry: Entry | undefined, { outline, finder }: Context): ScalarReading | undefined {
  return entry && readScalar(entry, { outline, lines: finder.lines });
}

function refuseMerged(entry: Entry | undefined, key: string, context: Context): ScalarReading | undefined {
  const reading = readField(entry, context);
  if (!reading?.text) return undefined;
  const refusal = `Its ${key} comes from another map through the merge key \`<<\`. Write ${key} in this map.`;
  return { text: reading.text, offset: reading.offset, refusal };
}

function textOf(entry: Entry, key: string, context: Context): string | undefined {
  return readField(childOf(entry, key) ?? inherited(entry, key, context.given), context)?.text;
}
