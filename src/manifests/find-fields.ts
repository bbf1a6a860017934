// Form "field": a bare value at a path that the pipeline file names, for values that name no image themselves.
// A field that is not there, or is there in several documents, is a problem and never a guess.

import { isGitSource } from "../domain/git-source.ts";
import type { Field } from "../domain/pipeline.ts";
import type { PlaceProblem } from "../domain/place.ts";
import { readChartVersion } from "./chart-version.ts";
import { describePlace, type Finder, type FoundPlace, problemAt, type VersionReading } from "./found-place.ts";
import { positionAt } from "./line-index.ts";
import { childOf, type Entry, type Outline, offsetOf } from "./outline.ts";
import { readRevision } from "./read-revision.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";
import { readVersion } from "./read-version.ts";

export interface FoundFields {
  readonly found: readonly FoundPlace[];
  readonly problems: readonly PlaceProblem[];
}

/** A field whose scalar another form has found (`owned`) adds nothing: that form also knows the digest beside the tag. */
export function findFields(
  outlines: readonly Outline[],
  asked: { readonly finder: Finder; readonly owned: ReadonlySet<number>; readonly fields: readonly Field[] },
): FoundFields {
  const { finder, owned } = asked;
  const found: FoundPlace[] = [];
  const problems: PlaceProblem[] = [];
  for (const field of asked.fields) {
    const one = findField(outlines, { finder, path: field.path });
    if (one.kind === "problem") {
      problems.push(one.problem);
      continue;
    }
    const { hit, reading } = one;
    if (owned.has(reading.offset)) continue;
    const version = isGitSource(field.image) ? readRevision(reading) : readFieldVersion(reading, field);
    found.push(describePlace(finder, { ...hit, form: "field", image: field.image, version }));
  }
  return { found, problems };
}

function readFieldVersion(reading: ScalarReading, { path, writes }: Field): VersionReading {
  return writes === "version"
    ? readChartVersion(reading, { key: code(path), offset: reading.offset })
    : readVersion(reading, writes);
}

function code(path: FieldPath): string {
  return `\`${path.join(".")}\``;
}

export type FoundField =
  | { readonly kind: "found"; readonly hit: Hit; readonly reading: ScalarReading }
  | { readonly kind: "problem"; readonly problem: PlaceProblem };

/** The one value at a path of a file. */
export function findField(
  outlines: readonly Outline[],
  { finder, path }: { readonly finder: Finder; readonly path: FieldPath },
): FoundField {
  const hits = outlines.flatMap((outline) => {
    const entry = follow(outline.root, path);
    return entry ? [{ outline, entry }] : [];
  });
  const [hit, second] = hits;
  if (hit && !second) return { kind: "found", hit, reading: readEnd(hit, finder) };
  const what = hit && second ? severalTimes(path, { finder, hit, second }) : missing(path);
  return { kind: "problem", problem: problemAt(finder, what) };
}

type FieldPath = Field["path"];

/** Ends at the first alias on the way, which `readEnd` refuses. */
function follow(root: Entry, path: readonly (string | number)[]): Entry | undefined {
  let current: Entry | undefined = root;
  for (const key of path) {
    if (current?.target) return current;
    current = childOf(current, key);
  }
  return current;
}

function readEnd({ outline, entry }: Hit, finder: Finder): ScalarReading {
  const reading = readScalar(entry, { outline, lines: finder.lines });
  if (reading) return reading;
  const refusal =
    "The field of the pipeline file leads to a map, a list or an alias here, not to one value. Correct its path.";
  return { text: "", offset: offsetOf(outline, entry), refusal };
}

interface Hit {
  readonly outline: Outline;
  readonly entry: Entry;
}

function missing(path: FieldPath): { readonly offset: number; readonly why: string } {
  const why = `The file has no value at ${path.join(".")}, which a field of the pipeline file names. Correct the path, or add the value.`;
  return { offset: 0, why };
}

function severalTimes(
  path: FieldPath,
  { finder, hit, second }: { readonly finder: Finder; readonly hit: Hit; readonly second: Hit },
): { readonly offset: number; readonly why: string } {
  const offset = offsetOf(second.outline, second.entry);
  const { line } = positionAt(finder.lines, offsetOf(hit.outline, hit.entry));
  const why = `Two documents of this file have a value at ${path.join(".")} (the other on line ${line}). Part them into two files, so that the field means one.`;
  return { offset, why };
}
