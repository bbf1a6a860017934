// Who may read a repository, in GitHub's GraphQL words. Pure.

import type { Visibility } from "../domain/repository.ts";

/** `undefined` for a word that GitHub did not have when this was written. */
export function readVisibility(word: string | undefined): Visibility | undefined {
  switch (word) {
    case "PUBLIC":
      return "public";
    case "INTERNAL":
      return "internal";
    case "PRIVATE":
      return "private";
    default:
      return undefined;
  }
}
