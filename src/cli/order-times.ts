// When commits came to a branch, as far as Git can tell. Each says when it was made, by a clock that may have been wrong;
// but a commit cannot stand on a branch before the one below it. So the most times that agree with the order of the
// commits are believed, and the others take the time of the commit before them.

/** `times` in the order of the commits, the oldest first; so is the answer, which never goes back. */
export function orderTimes(times: readonly number[]): readonly number[] {
  const believed = new Set(longestRise(times));
  const ordered: number[] = [];
  const first = times.find((_, index) => believed.has(index)) ?? 0;
  times.forEach((time, index) => {
    ordered.push(believed.has(index) ? time : (ordered[index - 1] ?? first));
  });
  return ordered;
}

/** Indices of the longest part that never falls: `ends[n]` is where a part of `n + 1` ends lowest. */
function longestRise(times: readonly number[]): readonly number[] {
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  const timeAt = (index: number | undefined): number => times[index ?? 0] ?? 0;
  times.forEach((time, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeAt(ends[middle]) <= time) low = middle + 1;
      else high = middle;
    }
    before.push(low > 0 ? ends[low - 1] : undefined);
    ends[low] = index;
  });
  const rise: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) rise.push(at);
  return rise;
}
