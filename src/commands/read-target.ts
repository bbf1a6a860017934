// Which environment or pipeline a command names: `live`, `checkout/live` or `checkout live`. Before a free text only
// names that exist are names, so that `/hold live the sale` and `/hold the sale` are told apart.

import type { CommandTarget } from "../domain/command.ts";
import { isNearly } from "./is-nearly.ts";
import { quote } from "./quote.ts";
import { type Mistake, mistake } from "./reading.ts";
import type { Word } from "./split-words.ts";

const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
const LONGEST_NAME = 60;

export function isNameShaped(text: string): boolean {
  return text.length <= LONGEST_NAME && NAME.test(text);
}

export type TargetReading = { readonly kind: "target"; readonly target: CommandTarget } | Mistake;

/** All of the words are the target. */
export function readTarget(words: readonly Word[]): TargetReading {
  const names = words.flatMap(({ text }) => text.split("/"));
  const wrong = names.find((name) => !isNameShaped(name));
  if (wrong !== undefined) return mistake(`${quote(wrong)} cannot be the name of an environment`);
  if (names.length > 2) {
    return mistake(`${quote(words.map(({ text }) => text).join(" "))} is more than one environment`);
  }
  const [first, second] = names;
  if (first === undefined) return { kind: "target", target: {} };
  const target = second === undefined ? { name: first } : { pipeline: first, name: second };
  return { kind: "target", target };
}

export type TakenTarget =
  | { readonly kind: "taken"; readonly target: CommandTarget; readonly rest: readonly Word[] }
  | Mistake;

/** The target with which the words begin; what follows is free text. */
export function takeTarget(words: readonly Word[], names: ReadonlySet<string>): TakenTarget {
  const [first, second] = words;
  if (first === undefined || first.form === "quoted") return { kind: "taken", target: {}, rest: words };
  const parts = first.text.split("/");
  if (parts.length === 2 && parts.every(isNameShaped)) return taken(words, 1);
  if (!names.has(first.text)) return nearlyNamed(first, names) ?? { kind: "taken", target: {}, rest: words };
  if (second === undefined || second.form === "quoted") return taken(words, 1);
  return names.has(second.text) ? taken(words, 2) : (nearlyNamed(second, names) ?? taken(words, 1));
}

function taken(words: readonly Word[], count: number): TakenTarget {
  const read = readTarget(words.slice(0, count));
  return read.kind === "mistake" ? read : { kind: "taken", target: read.target, rest: words.slice(count) };
}

/** Misspelt, it would be taken for the beginning of the reason, and something else would be held. */
function nearlyNamed({ text }: Word, names: ReadonlySet<string>): Mistake | undefined {
  const near = [...names].find((name) => isNearly(text, name));
  if (near === undefined) return undefined;
  return mistake(
    `${quote(text)} is no environment and no pipeline`,
    `Did you mean ${quote(near)}? If it begins the reason, put the reason in quotes.`,
  );
}
