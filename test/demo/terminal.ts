// What the demo knows of terminals: colours, where they are wanted, the width of a text, and lines that fit.

import { stripVTControlCharacters, styleText } from "node:util";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan" | "magenta";
export type Paint = (colour: Colour, text: string) => string;

export interface Terminal {
  readonly width: number;
  readonly paint: Paint;
}

export function createTerminal({ colours }: { readonly colours: boolean }): Terminal {
  return {
    width: 100,
    paint: (colour, text) => (colours && text !== "" ? styleText(colour, text, { validateStream: false }) : text),
  };
}

/** In columns: emoji take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += /\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
  return width;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Fills lines with words; a word that is wider than a line has one of its own. */
export function fillLines(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function wrap(text: string, width: number): readonly string[] {
  return fillLines(
    text.split(/\s+/).filter((word) => word !== ""),
    width,
  );
}

export function shortenDigests(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
}
