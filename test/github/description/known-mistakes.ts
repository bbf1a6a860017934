// The places where GitHub's description itself is wrong: GitHub's real answers differ from it, and so do ours.
// Every entry says why. A finding that an entry covers is dropped; nothing else is ever excused.
import type { ErrorObject } from "ajv";

type KnownMistake = {
  /** "GET /repos/{owner}/{repo}", or the name of a webhook. */
  readonly operation: RegExp;
  readonly path: RegExp;
  readonly keyword: string;
  readonly reason: string;
};

const knownMistakes: readonly KnownMistake[] = [];

export function isKnownMistake(operation: string, error: ErrorObject): boolean {
  return knownMistakes.some(
    (known) =>
      known.operation.test(operation) && known.path.test(error.instancePath) && known.keyword === error.keyword,
  );
}
