// Versions as people name them in commands: a tag, or the beginning of a digest or commit. Whether there is such a version is decided elsewhere.

import { isIdentityStart, isVersionName } from "../domain/identity.ts";
import { quote } from "./quote.ts";
import { type Mistake, mistake } from "./reading.ts";
import type { Word } from "./split-words.ts";

export type VersionReading = { readonly kind: "version"; readonly version: string } | Mistake;

export function readVersion(word: Word | undefined): VersionReading {
  if (word === undefined) return mistake("the version is missing");
  return isVersion(word.text)
    ? { kind: "version", version: word.text }
    : mistake(`${quote(word.text)} cannot be a version`);
}

function isVersion(text: string): boolean {
  return isVersionName(text) || isIdentityStart(text);
}
