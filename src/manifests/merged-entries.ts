// What maps get from the maps that they merge (`<<: *base`). Readers of YAML take such a value as the map's own; whether
// it may be edited there is for `read-scalar.ts` to say, since it belongs to another map.

import { isAlias } from "yaml";
import { childOf, type Entry } from "./outline.ts";

/** What maps that are merged into others give, by key. */
export type Given = Map<Entry, Map<string, Entry | undefined>>;

/**
 * What `<<: *base` or `<<: [*base, *more]` brings. What a map gives is looked for once, however many merge it: lists of
 * merges of lists of merges would take time without end. `levels` ends an anchor that merges itself.
 */
export function inherited(entry: Entry, key: string, given: Given): Entry | undefined {
  return inheritedFrom(entry, key, { given, levels: 50 });
}

function inheritedFrom(
  entry: Entry,
  key: string,
  { given, levels }: { readonly given: Given; readonly levels: number },
): Entry | undefined {
  const merge = childOf(entry, "<<");
  if (!merge || levels === 0) return undefined;
  for (const { target } of isAlias(merge.node) ? [merge] : merge.children) {
    if (!target) continue;
    const known = given.get(target) ?? new Map<string, Entry | undefined>();
    given.set(target, known);
    if (!known.has(key)) {
      known.set(key, undefined);
      known.set(key, childOf(target, key) ?? inheritedFrom(target, key, { given, levels: levels - 1 }));
    }
    const value = known.get(key);
    if (value) return value;
  }
  return undefined;
}
