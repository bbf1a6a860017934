// Whether somebody who may has let a pull request past a guard. Such a word is bound to the head on which it was given:
// another head has to be looked at again.

import type { GuardWord } from "../domain/guard-verdict.ts";
import type { Ledger } from "../domain/ledger.ts";

/** By head: the words of the guards that were overridden on it. */
export type GuardOverrides = Readonly<Record<string, readonly string[]>>;

export function guardOverridesOf({ overrides }: Ledger): GuardOverrides {
  const words = Map.groupBy(
    overrides.flatMap(({ gate, head }) => (head === undefined ? [] : [{ gate, head }])),
    ({ head }) => head,
  );
  return Object.fromEntries([...words].map(([head, given]) => [head, given.map(({ gate }) => gate)]));
}

/** Logins of those who let this head past the guard. */
export function overriddenBy(
  word: string,
  { head, overrides }: { readonly head: string; readonly overrides: Ledger["overrides"] },
): readonly string[] {
  const given = overrides.filter((each) => each.gate === word && each.head === head);
  return [...new Set(given.map(({ by }) => by))];
}

export function isOverridden(
  word: GuardWord,
  { head, guardOverrides }: { readonly head: string; readonly guardOverrides: GuardOverrides },
): boolean {
  return Object.hasOwn(guardOverrides, head) && (guardOverrides[head] ?? []).includes(word);
}
