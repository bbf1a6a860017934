// Words of a line: where a keyword parts them, and how they are put together again.

import { quote } from "./quote.ts";
import type { Word } from "./split-words.ts";

export interface Parted {
  readonly before: readonly Word[];
  /** What stands behind the keyword; `undefined` where it does not stand there. */
  readonly after: readonly Word[] | undefined;
}

export function partAt(words: readonly Word[], keyword: string): Parted {
  const at = words.findIndex((word) => isKeyword(word, keyword));
  return at === -1 ? { before: words, after: undefined } : { before: words.slice(0, at), after: words.slice(at + 1) };
}

export function isKeyword(word: Word | undefined, keyword: string): boolean {
  return word?.form === "plain" && word.text.toLowerCase() === keyword;
}

export function joined(words: readonly Word[]): string {
  return words
    .map(({ text }) => text)
    .join(" ")
    .trim();
}

export function shown(words: readonly Word[]): string {
  return quote(joined(words));
}
