// Whether somebody who may has let a pull request past a guard. Such a word is bound to the head on which it was given:
// another head has to be looked at again.

import type { Ledger } from "../domain/ledger.ts";

/** Logins of those who let this head past the guard. */
export function overriddenBy(
  word: string,
  { head, overrides }: { readonly head: string; readonly overrides: Ledger["overrides"] },
): readonly string[] {
  const given = overrides.filter((each) => each.gate === word && each.head === head);
  return [...new Set(given.map(({ by }) => by))];
}
