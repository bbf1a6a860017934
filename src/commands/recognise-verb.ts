// Whether a line is meant for us: the verb with which it begins. Other programs read slash commands in the same comments,
// so a word that is neither ours nor nearly ours is left alone.

import { VERBS, type Verb } from "../domain/command.ts";
import { commandRow, leadOf } from "./command-table.ts";
import { isNearly } from "./is-nearly.ts";
import { quote } from "./quote.ts";
import { type Mistake, mistake } from "./reading.ts";
import type { Word } from "./split-words.ts";

export type Recognised =
  | { readonly kind: "verb"; readonly verb: Verb; readonly words: readonly Word[] }
  /** Nearly meant for us. */
  | Mistake
  | { readonly kind: "not-ours" };

/** Commands of Prow, GitLab and others that are one letter from one of ours, or are likely to stand beside them. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  ...["approve", "area", "assign", "cc", "close", "done", "format", "gemini", "joke", "kind", "label", "lgtm", "lint"],
  ...["lock", "merge", "milestone", "ok-to-test", "override-all", "priority", "rebase", "remove", "reopen", "rerun"],
  ...["retest", "retitle", "review", "run", "skip", "test", "title", "unassign", "uncc", "unlock", "who"],
]);

/** What people write for the end of a hold who know it from elsewhere. */
const RESUMING: ReadonlySet<string> = new Set(["unhold", "remove-hold", "release-hold"]);

const WORD = /^[a-z][a-z-]{0,29}$/i;
const NOT_OURS: Recognised = { kind: "not-ours" };

/** Whether a line that begins with this word may be meant for us. */
export function mayConcernUs(word: string, prefix: string | undefined): boolean {
  const written = word.slice(1).toLowerCase();
  if (!word.startsWith("/") || !WORD.test(written)) return false;
  if (prefix !== undefined) return written === prefix || isNearly(written, prefix);
  return withoutPrefix(written, []).kind !== "not-ours";
}

/** `words`: all of the line, with the slash. */
export function recogniseVerb(words: readonly Word[], prefix: string | undefined): Recognised {
  const [first, ...rest] = words;
  const word = first?.form === "plain" ? first.text.slice(1) : "";
  if (!WORD.test(word)) return NOT_OURS;
  const written = word.toLowerCase();
  return prefix === undefined ? withoutPrefix(written, rest) : withPrefix(written, { prefix, rest });
}

function withoutPrefix(written: string, rest: readonly Word[]): Recognised {
  const verb = VERBS.find((each) => each === written);
  if (verb !== undefined) return known(verb, { rest, lead: leadOf(undefined) });
  if (OF_OTHERS.has(written)) return NOT_OURS;
  return suggested(written, leadOf(undefined)) ?? NOT_OURS;
}

function withPrefix(
  written: string,
  { prefix, rest }: { readonly prefix: string; readonly rest: readonly Word[] },
): Recognised {
  const [second, ...others] = rest;
  const lead = leadOf(prefix);
  const asked = second?.form === "plain" && WORD.test(second.text) ? second.text.toLowerCase() : "";
  const verb = VERBS.find((each) => each === asked);
  if (written !== prefix) {
    // Somebody else's program may have a name that is nearly ours; only with one of our verbs is it a slip.
    return verb !== undefined && isNearly(written, prefix) ? didYouMean(`/${written} ${verb}`, lead + verb) : NOT_OURS;
  }
  if (verb !== undefined) return known(verb, { rest: others, lead });
  if (second === undefined) return mistake("the command is missing", `\`${lead}help\` tells which there are.`);
  const wrong = suggested(asked, lead);
  return wrong ?? mistake(`there is no command ${quote(second.text)}`, `\`${lead}help\` tells which there are.`);
}

function known(verb: Verb, { rest, lead }: { readonly rest: readonly Word[]; readonly lead: string }): Recognised {
  if (commandRow(verb).read !== undefined) return { kind: "verb", verb, words: rest };
  return mistake(`\`${lead}${verb}\` does not exist yet`, `\`${lead}help\` tells which commands there are.`);
}

function suggested(written: string, lead: string): Mistake | undefined {
  if (RESUMING.has(written)) return didYouMean(lead + written, `${lead}resume`);
  const near = VERBS.find((verb) => commandRow(verb).read !== undefined && isNearly(written, verb));
  return near && didYouMean(lead + written, lead + near);
}

function didYouMean(written: string, near: string): Mistake {
  return mistake(`there is no command ${quote(written)}`, `Did you mean \`${near}\`?`);
}
