// Form "map": Helm's `repository` + `tag` (+ `digest`, + `registry`), and `image` with a `tag` or `digest` beside it.
// The name may come through a merge key; a version that does belongs to another map and is refused here.

import { isAlias } from "yaml";
import { normaliseImageName } from "../domain/image-name.ts";
import { describePlace, type Finder, type FoundPlace, type VersionReading } from "./found-place.ts";
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
  /** What maps that are merged into others give, by key. */
  readonly given: Map<Entry, Map<string, Entry | undefined>>;
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
  const mergedTag = tag ? undefined : inherited(entry, "tag", context);
  const mergedDigest = digest ? undefined : inherited(entry, "digest", context);
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
  return readField(childOf(entry, key) ?? inherited(entry, key, context), context)?.text;
}

/**
 * What `<<: *base` or `<<: [*base, *more]` brings. What a map gives is looked for once, however many merge it: lists of
 * merges of lists of merges would take time without end. `levels` ends an anchor that merges itself.
 */
function inherited(entry: Entry, key: string, { given }: Pick<Context, "given">, levels = 50): Entry | undefined {
  const merge = childOf(entry, "<<");
  if (!merge || levels === 0) return undefined;
  for (const { target } of isAlias(merge.node) ? [merge] : merge.children) {
    if (!target) continue;
    const known = given.get(target) ?? new Map<string, Entry | undefined>();
    given.set(target, known);
    if (!known.has(key)) {
      known.set(key, undefined);
      known.set(key, childOf(target, key) ?? inherited(target, key, { given }, levels - 1));
    }
    const value = known.get(key);
    if (value) return value;
  }
  return undefined;
}
