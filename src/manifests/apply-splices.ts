// Puts new bytes in the place of old ones.

import type { Splice } from "./prove-edit.ts";

/** `splices` in the order of the file, without overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let [result, from] = ["", 0];
  for (const { start, end, bytes } of splices) {
    result += text.slice(from, start) + bytes;
    from = end;
  }
  return result + text.slice(from);
}
