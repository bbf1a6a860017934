// The commands of one comment: which lines are meant for us, and what each says. A line that a careful reader would not
// see as a command is none. Who may give it, and whether it can be done, is decided elsewhere.

import type { CommandLine, Verb } from "../domain/command.ts";
import { commandRow, leadOf, usageOf } from "./command-table.ts";
import { findVisibleLines, type VisibleLine } from "./find-visible-lines.ts";
import { type Mistake, mistake, type Reading, type ReadingContext } from "./reading.ts";
import { mayConcernUs, recogniseVerb } from "./recognise-verb.ts";
import { splitWords, type Word } from "./split-words.ts";

export interface CommandsInput {
  /** As it was written; hostile. */
  readonly text: string;
  /** When it was written; epoch milliseconds. */
  readonly at: number;
  /** The word with which every command has to begin, `gitops` of `/gitops promote`; without it none. */
  readonly prefix?: string | undefined;
  /** Names of pipelines and environments: what stands before a free text is a name only when it is one of them. */
  readonly names?: ReadonlySet<string> | undefined;
}

export const LONGEST_LINE = 512;
export const MOST_COMMANDS = 5;

const NO_NAMES: ReadonlySet<string> = new Set();

/** What no reader sees, or sees in another order; a tab is a space, and emoji have their variants. */
const INVISIBLE = /(?!\t|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

export function readCommands({ text, at, prefix, names = NO_NAMES }: CommandsInput): readonly CommandLine[] {
  const context: ReadingContext = { at, names, lead: leadOf(prefix) };
  const visible = findVisibleLines(text, (word) => mayConcernUs(word, prefix));
  const lines = visible.flatMap((line) => readLine(line, { context, prefix }));
  const [first] = lines;
  if (first === undefined || lines.length <= MOST_COMMANDS) return lines;
  const why = `there are ${lines.length} commands in this comment, and none was carried out`;
  return [{ ...mistake(why, `A comment may have ${MOST_COMMANDS}.`), line: first.line }];
}

interface LineContext {
  readonly context: ReadingContext;
  readonly prefix: string | undefined;
}

function readLine(line: VisibleLine, { context, prefix }: LineContext): readonly CommandLine[] {
  const recognised = recogniseVerb(splitWords(line.pieces), prefix);
  if (recognised.kind === "not-ours") return [];
  const written = line.text.slice(0, LONGEST_LINE);
  const hidden = whyNotSeen(line);
  // Whoever hid it may not have meant us at all, unless the word is really ours.
  if (hidden !== undefined) return recognised.kind === "mistake" ? [] : [{ ...hidden, line: written }];
  if (recognised.kind === "mistake") return [{ ...recognised, line: written }];
  return [{ ...readArguments(recognised, context), line: written }];
}

function readArguments(
  { verb, words }: { readonly verb: Verb; readonly words: readonly Word[] },
  context: ReadingContext,
): Reading {
  const row = commandRow(verb);
  const usage = usageOf(row, context.lead).map((each) => `\`${each}\``);
  const read = row.read?.(words, context) ?? mistake("this version cannot do that");
  if (read.kind === "command" || read.hint !== undefined) return read;
  return { ...read, hint: `It is written ${usage.join(" or ")}.` };
}

function whyNotSeen({ text, pieces, hidden }: VisibleLine): Mistake | undefined {
  if (text.length > LONGEST_LINE) {
    return mistake(`this line has ${text.length} characters`, `A command has at most ${LONGEST_LINE}.`);
  }
  if (INVISIBLE.test(text) || pieces.some((piece) => INVISIBLE.test(piece.text))) {
    return mistake("there are characters in this line that nobody can see", "Type it anew instead of pasting it.");
  }
  if (pieces.some(({ form }) => form === "foreign")) {
    return mistake("more than text stands in this line", "Write it as plain text, in one line.");
  }
  if (hidden === undefined) return undefined;
  return mistake(`it stands ${hidden}`, "Write it in a comment of its own.");
}
