// A line of a command to its words. Quotes hold several words together and make text of them: what is quoted is never a
// keyword. Whatever the words mean is read elsewhere.

import type { Piece } from "./find-visible-lines.ts";

export interface Word {
  readonly text: string;
  /** Only plain words can be keywords, only quoted ones are never names of a target before a reason. */
  readonly form: "plain" | "code" | "quoted";
}

interface Character {
  readonly text: string;
  readonly isCode: boolean;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "“": "”" };

export function splitWords(pieces: readonly Piece[]): readonly Word[] {
  const characters = pieces.flatMap(({ text, form }): readonly Character[] =>
    [...text].map((character) => ({ text: character, isCode: form === "code" })),
  );
  const words: Word[] = [];
  for (let at = 0; at < characters.length; ) {
    if (isSpace(characters[at])) {
      at += 1;
      continue;
    }
    const end = endOfQuote(characters, at);
    const next = end ?? endOfWord(characters, at);
    const taken = end === undefined ? characters.slice(at, next) : characters.slice(at + 1, next - 1);
    const form = end !== undefined ? "quoted" : taken.some(({ isCode }) => isCode) ? "code" : "plain";
    words.push({ text: taken.map(({ text }) => text).join(""), form });
    at = next;
  }
  return words;
}

/** Behind the closing quote; `undefined` where no quoted text begins, or it never ends. */
function endOfQuote(characters: readonly Character[], at: number): number | undefined {
  const first = characters[at];
  const closing = first === undefined || first.isCode ? undefined : CLOSING[first.text];
  if (closing === undefined) return undefined;
  const end = characters.findIndex(({ text, isCode }, index) => index > at && text === closing && !isCode);
  const isWhole = end !== -1 && (end === characters.length - 1 || isSpace(characters[end + 1]));
  return isWhole ? end + 1 : undefined;
}

function endOfWord(characters: readonly Character[], at: number): number {
  const end = characters.findIndex((character, index) => index > at && isSpace(character));
  return end === -1 ? characters.length : end;
}

/** What stands in code stays together. */
function isSpace(character: Character | undefined): boolean {
  return character !== undefined && !character.isCode && /^\s$/.test(character.text);
}
