// Did you mean: the known word that takes the fewest changes to reach, where few means a third of its letters.

/** `undefined` when nothing is near. Distance: insertions, removals, replacements, and swaps of neighbours. */
export function nearestWord(written: string, known: Iterable<string>): string | undefined {
  if (written.length > 60) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const word of known) {
    if (Math.abs(word.length - written.length) > 3) continue;
    const distance = editDistance(written.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  if (bestDistance <= Math.max(1, Math.floor(written.length / 3))) return best;
  // A beginning says as much as a slip of the finger: `argo` for `argocd`.
  const begun = written.length < 3 ? [] : [...known].filter((word) => word.startsWith(written));
  return begun.length === 1 ? begun[0] : undefined;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** A hint that names the nearest word, or all of them where none is near and they are few. */
export function suggestWord(written: string, known: readonly string[]): string | undefined {
  const near = nearestWord(written, known);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  if (known.length === 0 || known.length > 40) return undefined;
  return `Known here: ${known.map((word) => `\`${word}\``).join(", ")}.`;
}
