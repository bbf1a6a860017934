// What a scalar, or a pair of a tag and a digest, says about the version: which parts are pinned and which bytes hold
// them. Shared by all forms, so that a tag and its digest are one thing wherever they stand.

import { isDigest, isTag, parseImageReference } from "../domain/image-name.ts";
import type { Holds, Slot, VersionReading } from "./found-place.ts";
import type { ScalarReading } from "./read-scalar.ts";

/** One value that shall hold a tag, a digest, or a whole reference. */
export function readVersion(reading: ScalarReading, writes: "tag" | "digest" | "reference"): VersionReading {
  const { text, offset, scalar, refusal } = reading;
  const held = partsOf(text, writes);
  if (held === undefined) return { slots: [], offset, refusal: refusal ?? explain(text, writes) };
  const { holds, ...parts } = held;
  if (refusal !== undefined || !scalar)
    return { ...parts, slots: [], offset, ...(refusal !== undefined && { refusal }) };
  return { ...parts, slots: [{ holds, scalar }], offset };
}

/** A tag and a digest in fields of their own; an empty one counts as absent. */
export function readVersionPair(pair: {
  readonly tag: ScalarReading | undefined;
  readonly digest: ScalarReading | undefined;
  /** Names of the two keys, for what a person reads. */
  readonly keys: readonly [string, string];
  /** Where to point when neither is there. */
  readonly offset: number;
}): VersionReading {
  const tag = pair.tag?.text ? readVersion(pair.tag, "tag") : undefined;
  const digest = pair.digest?.text ? readVersion(pair.digest, "digest") : undefined;
  const first = tag ?? digest;
  if (!first) {
    const [tagKey, digestKey] = pair.keys;
    const refusal = `The image has no version here. Write the ${tagKey} (or ${digestKey}) that runs now once, or exclude the file with "!".`;
    return { slots: [], offset: pair.tag?.offset ?? pair.offset, refusal };
  }
  const refused = [tag, digest].find((part) => part?.refusal !== undefined);
  const pinnedTag = tag?.tag;
  const pinnedDigest = digest?.digest ?? tag?.digest;
  return {
    ...(pinnedTag !== undefined && { tag: pinnedTag }),
    ...(pinnedDigest !== undefined && { digest: pinnedDigest }),
    slots: [...(tag?.slots ?? []), ...(digest?.slots ?? [])] satisfies Slot[],
    offset: refused?.offset ?? first.offset,
    ...(refused?.refusal !== undefined && { refusal: refused.refusal }),
  };
}

interface Parts {
  readonly holds: Holds;
  readonly tag?: string;
  readonly digest?: string;
}

function partsOf(text: string, writes: "tag" | "digest" | "reference"): Parts | undefined {
  switch (writes) {
    case "tag":
      return tagParts(text);
    case "digest":
      return isDigest(text) ? { holds: "digest", digest: text } : undefined;
    case "reference": {
      const { tag, digest } = parseImageReference(text) ?? {};
      if (tag === undefined && digest === undefined) return undefined;
      return { holds: "reference", ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
    }
  }
}

function tagParts(text: string): Parts | undefined {
  if (isTag(text)) return { holds: "tag", tag: text };
  const [tag = "", digest = "", ...more] = text.split("@");
  return more.length === 0 && isTag(tag) && isDigest(digest) ? { holds: "tag-and-digest", tag, digest } : undefined;
}

function explain(text: string, writes: "tag" | "digest" | "reference"): string {
  const what = writes === "reference" ? "an image reference with a tag or a digest" : `a ${writes}`;
  if (text === "") return `There is nothing here yet. Write ${what} that runs now once.`;
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return `${shown} is not ${what}. Write the one that runs now, or name another place.`;
}
