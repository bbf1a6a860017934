// How titles and commit messages name a release: plain text, short, and never a reference by accident. A tag may be
// called `GH-12`, and a pipeline `fixes`; such words stand in backticks, where GitHub takes no orders from them.

import { countOf } from "../domain/count-words.ts";
import { describeRelease, describeVersion, type Release } from "../domain/release.ts";
import { isWord } from "./escape-markdown.ts";

const LONGEST = 70;

/** `checkout 1.8.0`; where tags differ, `shop (web 2.1.0, worker 1.4.2)`, or `shop (5 images)` when they are many. */
export function nameRelease(pipeline: string, release: Release): string {
  const version = describeRelease(release);
  const differ = new Set(release.versions.map(describeVersion)).size > 1;
  if (differ) {
    const versions = version.length <= LONGEST ? plainWords(version) : countOf(release.versions.length, "image");
    return `${plainWord(pipeline)} (${versions})`;
  }
  if (version.length <= LONGEST) return `${plainWord(pipeline)} ${plainWords(version)}`;
  return `${plainWord(pipeline)} ${plainWord(`${version.slice(0, LONGEST - 1)}…`)}`;
}

export function plainWord(word: string): string {
  return isWord(word) ? word : `\`${word}\``;
}

function plainWords(words: string): string {
  return words.split(" ").map(plainWord).join(" ");
}
