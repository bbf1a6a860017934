// Tells what happens, line by line: when, who, what. Keeps the last lines for the day when something goes wrong.

import { type Colour, pad, type Terminal, wrap } from "./terminal.ts";

export interface Narrator {
  /** Begins a chapter: what the reader is about to see. */
  chapter(title: string, text: string): void;
  /** `details` stand below, painted and short enough already. */
  say(what: { readonly who: string; readonly text: string; readonly details?: readonly string[] }): void;
  /** Lines as they are. */
  show(lines: readonly string[]): void;
  paragraph(text: string): void;
  /** The last things that were told, oldest first. */
  last(): readonly string[];
  readonly terminal: Terminal;
}

export const STAGECOACH = "Stagecoach";
const COLOURS: Readonly<Record<string, Colour>> = {
  registry: "blue",
  "Argo CD": "cyan",
  [STAGECOACH]: "green",
  demo: "dim",
};
const PEOPLE = "magenta";
/** Below the text of a line: `10:02:07  Stagecoach  `. */
export const INDENT = " ".repeat(22);
const KEPT = 12;

export function createNarrator(print: (text: string) => void, terminal: Terminal): Narrator {
  const { paint, width } = terminal;
  const told: string[] = [];
  const remember = (line: string) => {
    told.push(line);
    if (told.length > KEPT) told.shift();
  };
  const show = (lines: readonly string[]) => {
    for (const line of lines) print(line);
  };
  return {
    chapter: (title, text) => show(["", paint("bold", title), ...wrap(text, width), ""]),
    say: ({ who, text, details = [] }) => {
      const time = new Date().toTimeString().slice(0, 8);
      remember(`${time}  ${who}: ${text}`);
      const margin = `${paint("dim", time)}  ${paint(COLOURS[who] ?? PEOPLE, pad(who, 10))}  `;
      const lines = wrap(text, width - INDENT.length);
      show(lines.map((line, index) => (index === 0 ? margin : INDENT) + line));
      show(details);
    },
    show,
    paragraph: (text) => show(wrap(text, width)),
    last: () => [...told],
    terminal,
  };
}

/** Below a line of the story. */
export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => INDENT + line);
}

/** An account of GitHub as the story calls it. */
export function nameOf(login: string): string {
  return login === "stagecoach[bot]" ? STAGECOACH : login;
}
