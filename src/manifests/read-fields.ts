// Follows keys into a document as a reader of YAML does: through aliases and merge keys. A value that was reached that way
// belongs to another map, and `read-scalar.ts` refuses to have it edited.

import type { Finder } from "./found-place.ts";
import { type Given, inherited } from "./merged-entries.ts";
import { childOf, type Entry, type Outline } from "./outline.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";

export interface FieldReader {
  readonly outline: Outline;
  readonly finder: Finder;
  /** The entry at the end of the keys. */
  entryAt(entry: Entry | undefined, ...keys: readonly string[]): Entry | undefined;
  /** The elements of a list there; none where there is no list. */
  itemsAt(entry: Entry | undefined, ...keys: readonly string[]): readonly Entry[];
  scalarAt(entry: Entry | undefined, ...keys: readonly string[]): ScalarReading | undefined;
  /** As its author wrote it; empty for an absent value. */
  textAt(entry: Entry | undefined, ...keys: readonly string[]): string;
}

export function readFields(outline: Outline, finder: Finder): FieldReader {
  const given: Given = new Map();
  const entryAt: FieldReader["entryAt"] = (entry, ...keys) => {
    let current = entry;
    for (const key of keys) {
      const map = current && followed(current);
      current = map && (childOf(map, key) ?? inherited(map, key, given));
    }
    return current;
  };
  const scalarAt: FieldReader["scalarAt"] = (entry, ...keys) => {
    const end = entryAt(entry, ...keys);
    return end && readScalar(end, { outline, lines: finder.lines });
  };
  return {
    outline,
    finder,
    entryAt,
    itemsAt: (entry, ...keys) => {
      const list = entryAt(entry, ...keys);
      return list
        ? followed(list)
            .children.filter(({ key }) => typeof key === "number")
            .map(followed)
        : [];
    },
    scalarAt,
    textAt: (entry, ...keys) => scalarAt(entry, ...keys)?.text ?? "",
  };
}

/** A target stands before its alias, so this ends. */
function followed(entry: Entry): Entry {
  let current = entry;
  while (current.target) current = current.target;
  return current;
}
