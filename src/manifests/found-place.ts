// What the finders of the several forms hand to each other: a place together with the scalars that hold its version.
// Outside this folder only the place is known; an edit finds the scalars again in the text that it edits.

import type { Field } from "../domain/pipeline.ts";
import type { HelmRepository, Place, PlaceForm, PlaceProblem } from "../domain/place.ts";
import { type LineIndex, positionAt } from "./line-index.ts";
import { type Entry, type Outline, pointerOf } from "./outline.ts";

/**
 * What a scalar holds of a version. `tag-and-digest` is `1.8.0@sha256:…`; `reference` has a name before it; `chart-version`
 * is a tag with `+` for every `_`; `commit` is 40 digits, `full-tag` has `refs/tags/` before the tag, `remote` is an
 * address with `?ref=`.
 */
export type Holds =
  | "tag"
  | "digest"
  | "tag-and-digest"
  | "reference"
  | "chart-version"
  | "commit"
  | "full-tag"
  | "remote";

/** A scalar in the file: from `start` to `end` (exclusive) stand its bytes with their quotes, `text` is what they say. */
export interface ScalarText {
  readonly start: number;
  readonly end: number;
  readonly style: "plain" | "single" | "double";
  readonly text: string;
}

export interface Slot {
  readonly holds: Holds;
  readonly scalar: ScalarText;
}

export interface FoundPlace {
  readonly place: Place;
  /** The scalars that change with the version; empty when the place has a refusal. */
  readonly slots: readonly Slot[];
}

/** A chart's version, while nobody knows where the chart comes from; its place has no image yet. */
export interface PendingPlace extends FoundPlace {
  readonly chart: string;
  readonly repository: Pick<HelmRepository, "name" | "namespace">;
}

/** What one file has to do with charts of HelmRepositories. */
export interface ChartSources {
  readonly repositories: readonly HelmRepository[];
  readonly pending: readonly PendingPlace[];
}

/** What is asked of one file. */
export interface Manifest {
  readonly path: string;
  readonly text: string;
  /** Normalised names that matter here. */
  readonly images: readonly string[];
  readonly fields: readonly Field[];
}

/** The version that stands at a place, or why it cannot be moved. */
export interface VersionReading {
  readonly tag?: string;
  readonly digest?: string;
  readonly slots: readonly Slot[];
  readonly refusal?: string;
  /** Where a person should look. */
  readonly offset: number;
}

export interface Finder {
  readonly path: string;
  readonly lines: LineIndex;
  readonly wanted: ReadonlySet<string>;
}

export function describePlace(
  finder: Finder,
  found: {
    readonly outline: Outline;
    readonly entry: Entry;
    readonly form: PlaceForm;
    readonly image: string;
    readonly version: VersionReading;
  },
): FoundPlace {
  const { outline, entry, form, image, version } = found;
  const { tag, digest, refusal } = version;
  const place: Place = {
    path: finder.path,
    document: outline.index,
    pointer: pointerOf(entry),
    ...positionAt(finder.lines, version.offset),
    form,
    image,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    ...(refusal !== undefined && { refusal }),
  };
  return { place, slots: refusal === undefined ? version.slots : [] };
}

export function problemAt(finder: Finder, at: { readonly offset: number; readonly why: string }): PlaceProblem {
  return { path: finder.path, ...positionAt(finder.lines, at.offset), why: at.why };
}
