// Makes looks rarer, the less is left of the forge's budget: who polls clusters every half minute must not use up what
// merges and commands need. Events still wake at once.

/** What goes on at once goes on at once; milliseconds. */
const AT_ONCE = 2_000;

/** `at` and `now` in epoch milliseconds; `left` is the part of the budget that is left, 0 to 1. */
export function paceLook(at: number, { left, now }: { readonly left: number; readonly now: number }): number {
  if (at <= now + AT_ONCE) return at;
  const slower = left > 0.5 ? 1 : left > 0.25 ? 2 : left > 0.1 ? 4 : 10;
  return now + (at - now) * slower;
}
