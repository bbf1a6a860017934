// Writes an order that was carried out into the ledger, by whatever way it came, and lets go what is over. Each list is one
// file, and no file of the ledger may become too large to be read again.

import type { Actor } from "../domain/conversation.ts";
import type { ExecutedCommand, Ledger } from "../domain/ledger.ts";
import { ANSWERED_FOR } from "./hear-orders.ts";
import type { Obeyed } from "./order.ts";

const MOST_OVERRIDES = 300;
const MOST_COMMANDS = 300;
const LONGEST_WORD = 600;

export interface CarriedOut {
  readonly id: string;
  readonly line: string;
  readonly by: Actor;
  readonly at: number;
  readonly outcome: string;
}

export function rememberOrder(ledger: Ledger, { id, line, by, at, outcome }: CarriedOut): Ledger {
  const command: ExecutedCommand = {
    id,
    at,
    by: by.login,
    byId: by.id,
    line: shorten(line),
    outcome: shorten(outcome),
  };
  return { ...ledger, commands: [command, ...ledger.commands] };
}

function shorten(text: string): string {
  return text.length <= LONGEST_WORD ? text : `${text.slice(0, LONGEST_WORD - 1).toWellFormed()}…`;
}

/** What is over leaves the ledger with the next word that is written to it; its history keeps everything. */
export function forgetOld(ledger: Ledger, now: number): Ledger {
  return {
    ...ledger,
    holds: ledger.holds.filter(({ until }) => until === undefined || until > now),
    commands: ledger.commands.filter(({ at }) => now - at <= ANSWERED_FOR).slice(0, MOST_COMMANDS),
    overrides: ledger.overrides.slice(-MOST_OVERRIDES),
  };
}

const TRIED_FOR_MINUTES = 30;
/** Milliseconds. */
export const TRIED_FOR = TRIED_FOR_MINUTES * 60_000;

/** Nobody is left without a word because something cannot be read for long: then it is theirs to say it again. */
export function losePatience(obeyed: Obeyed, { at, now }: { readonly at: number; readonly now: number }): Obeyed {
  const isPatient = now - at <= TRIED_FOR;
  if (obeyed.kind !== "waits" || obeyed.needs.length > 0 || isPatient) return obeyed;
  return {
    kind: "refused",
    what: `nothing came of it in ${TRIED_FOR_MINUTES} minutes: ${obeyed.why}`,
    notes: ["write the command again when that is over"],
  };
}
