// What reading the words of a command gives, and what it may know for that.

import type { Command } from "../domain/command.ts";
import type { Word } from "./split-words.ts";

export interface ReadingContext {
  /** When it was written; epoch milliseconds. */
  readonly at: number;
  /** Names of the pipelines and environments that exist. */
  readonly names: ReadonlySet<string>;
  /** What stands before the verb: `/`, or `/gitops ` where a prefix is set. */
  readonly lead: string;
}

export interface Mistake {
  readonly kind: "mistake";
  /** A sentence without a full stop. */
  readonly why: string;
  /** A sentence; without it, how the command is written. */
  readonly hint?: string;
}

export type Reading = { readonly kind: "command"; readonly command: Command } | Mistake;

export type ReadWords = (words: readonly Word[], context: ReadingContext) => Reading;

export function mistake(why: string, hint?: string): Mistake {
  return { kind: "mistake", why, ...(hint !== undefined && { hint }) };
}

export function command(read: Command): Reading {
  return { kind: "command", command: read };
}
