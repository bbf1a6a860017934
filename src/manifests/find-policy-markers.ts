// Form "marker": Flux's `# {"$imagepolicy": "namespace:name"}` at the end of a scalar's line, with `:tag`, `:name` or
// `:digest` after the policy's name. The marker says what the scalar holds; which image it is of is known from the
// scalar itself or from the scalar that carries the same policy's `:name`.

import { normaliseImageName, parseImageReference } from "../domain/image-name.ts";
import { describePlace, type Finder, type FoundPlace } from "./found-place.ts";
import { type Entry, type Outline, withDescendants } from "./outline.ts";
import { readScalar, type ScalarReading } from "./read-scalar.ts";
import { readVersion } from "./read-version.ts";

export const MARKER_KEY = "$imagepolicy";

interface Marked {
  readonly outline: Outline;
  readonly entry: Entry;
  readonly reading: ScalarReading;
  readonly policy: string;
  readonly part: "reference" | "tag" | "name" | "digest";
}

/** `owned` are the offsets of scalars that another form has found already. */
export function findPolicyMarkers(
  outlines: readonly Outline[],
  { finder, owned }: { readonly finder: Finder; readonly owned: ReadonlySet<number> },
): readonly FoundPlace[] {
  const marked = outlines.flatMap((outline) => [...readMarkers(outline, finder)]);
  const names = namesOfPolicies(marked);
  return marked.flatMap(({ outline, entry, reading, policy, part }) => {
    if (part === "name" || owned.has(reading.offset)) return [];
    const image = part === "reference" ? parseImageReference(reading.text)?.image : names.get(policy);
    if (!image || !finder.wanted.has(image)) return [];
    const version = readVersion(reading, part);
    return [describePlace(finder, { outline, entry, form: "marker", image, version })];
  });
}

/** A policy that stands beside two names tells nothing: `""`. */
function namesOfPolicies(marked: readonly Marked[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { reading, policy, part } of marked) {
    if (part !== "name" && part !== "reference") continue;
    const image = part === "name" ? normaliseImageName(reading.text) : parseImageReference(reading.text)?.image;
    if (image) names.set(policy, names.has(policy) && names.get(policy) !== image ? "" : image);
  }
  return names;
}

function* readMarkers(outline: Outline, finder: Finder): Generator<Marked> {
  if (!outline.text.includes(MARKER_KEY)) return;
  for (const entry of withDescendants(outline.root)) {
    const end = entry.node?.range?.[1];
    if (end === undefined || entry.children.length > 0) continue;
    const marker = markerAfter(outline.text, end);
    const reading = marker && readScalar(entry, { outline, lines: finder.lines });
    if (marker && reading) yield { outline, entry, reading, ...marker };
  }
}

function markerAfter(text: string, offset: number): Pick<Marked, "policy" | "part"> | undefined {
  // Closing brackets may follow the value; another value may not: the marker would be that one's.
  const gap = /[ \t,\]}]*[ \t]#[ \t]*/y;
  gap.lastIndex = offset;
  if (!gap.test(text)) return undefined;
  const lineEnd = text.indexOf("\n", gap.lastIndex);
  return readMarker(text.slice(gap.lastIndex, lineEnd === -1 ? text.length : lineEnd).trim());
}

function readMarker(comment: string): Pick<Marked, "policy" | "part"> | undefined {
  const match = /^\{\s*"\$imagepolicy"\s*:\s*"([^":]+:[^":]+)(?::(tag|name|digest))?"\s*\}$/.exec(comment);
  const policy = match?.[1];
  if (policy === undefined) return undefined;
  const part = match?.[2];
  return { policy, part: part === "tag" || part === "name" || part === "digest" ? part : "reference" };
}
