// Finds the fields in which two values of an object differ, as JSON pointers into the live one. Items of lists belong
// together by their name where they all have one, and by their place where they do not.

import { escapePointer } from "../kubernetes/field-paths.ts";
import { type Fields, isFields } from "../kubernetes/read-fields.ts";

export interface ValueDifference {
  readonly path: string;
  /** Absent: it is not there. */
  readonly desired?: unknown;
  readonly live?: unknown;
}

const MOST = 200;
/** What lies deeper is not compared. */
const DEEPEST = 256;

/** `declaredOnly`: fields that only the live value has are none of Git's business. */
export function diffValues(
  values: { readonly live: unknown; readonly desired: unknown },
  { declaredOnly }: { readonly declaredOnly: boolean },
): readonly ValueDifference[] {
  const found: ValueDifference[] = [];
  compare({ path: "", ...values }, { found, declaredOnly, depth: 0 });
  return found;
}

interface Walk {
  readonly found: ValueDifference[];
  readonly declaredOnly: boolean;
  readonly depth: number;
}

function compare(pair: ValueDifference, walk: Walk): void {
  const { live, desired } = pair;
  if (live === desired || walk.found.length >= MOST) return;
  if (desired === undefined && walk.declaredOnly) return;
  const inner = pairsOf(pair);
  if (inner === undefined) walk.found.push(pair);
  else if (walk.depth < DEEPEST) for (const next of inner) compare(next, { ...walk, depth: walk.depth + 1 });
}

/** What belongs together inside; `undefined`: nothing does, and the two differ as a whole. */
function pairsOf({ path, live, desired }: ValueDifference): readonly ValueDifference[] | undefined {
  if (isFields(live) && isFields(desired)) {
    const keys = new Set([...Object.keys(live), ...Object.keys(desired)]);
    return [...keys].map((key) => pairUp(`${path}/${escapePointer(key)}`, own(live, key), own(desired, key)));
  }
  if (!Array.isArray(live) || !Array.isArray(desired)) return undefined;
  const [liveNames, desiredNames] = [placesByName(live), placesByName(desired)];
  if (liveNames !== undefined && desiredNames !== undefined) {
    return [...new Set([...liveNames.keys(), ...desiredNames.keys()])].map((name) => {
      const [at, wanted] = [liveNames.get(name) ?? -1, desiredNames.get(name) ?? -1];
      return pairUp(`${path}/${at === -1 ? live.length + wanted : at}`, live[at], desired[wanted]);
    });
  }
  if (live.length !== desired.length) return undefined;
  return live.map((item, index) => pairUp(`${path}/${index}`, item, desired[index]));
}

function pairUp(path: string, live: unknown, desired: unknown): ValueDifference {
  return { path, ...(live !== undefined && { live }), ...(desired !== undefined && { desired }) };
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Only where every item has a name of its own. */
function placesByName(items: readonly unknown[]): ReadonlyMap<string, number> | undefined {
  const places = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    if (!isFields(item) || typeof item.name !== "string" || places.has(item.name)) return undefined;
    places.set(item.name, index);
  }
  return places;
}
