// The commands, one row for each: how it is written, what it does, who may give it, and how its words are read. The
// parser, the help, the permissions and the documentation are made of this table.

import { CHANGING_VERBS, VERBS, type Verb } from "../domain/command.ts";
import type { Role } from "../domain/conversation.ts";
import {
  readBlock,
  readHelp,
  readHold,
  readIgnore,
  readOverride,
  readRetag,
  readSandbox,
  readTargetOf,
  readUnblock,
} from "./read-arguments.ts";
import { readPromote, readRollback } from "./read-promote.ts";
import type { ReadWords } from "./reading.ts";

export interface CommandRow {
  readonly verb: Verb;
  /** What may stand behind the verb, one way each; empty where nothing may. */
  readonly usage: readonly string[];
  /** One or two sentences for people. */
  readonly says: string;
  /** The words of an example behind the verb. */
  readonly example: string;
  /** What it takes in the repository where the environment names nobody in `allow`. */
  readonly role: Exclude<Role, "none">;
  /** It changes what Stagecoach does; the others only tell. */
  readonly changes: boolean;
  /** Absent: the word is known, but this version cannot do it. */
  readonly read?: ReadWords;
}

type Row = Omit<CommandRow, "verb" | "changes">;

const ROWS: Readonly<Record<Verb, Row>> = {
  promote: {
    usage: ["[version] [to <environment>]", "<pipeline> [version] to <environment>"],
    says: "Makes this version the next one of that environment, whatever its policy says, and opens the pull request. Gates that are not met show as failed, and need an override. Without a version: the newest that may come there, also where it was declined or rolled back before.",
    example: "1.7.1 to live",
    role: "write",
    read: readPromote,
  },
  rollback: {
    usage: ["[<environment>] [to <version>]", "[<environment>] to <time>"],
    says: "Opens a pull request back to the last healthy version, to a version that was there before, or to what ran at that time; what is left is blocked, and the environment held.",
    example: "live to 1.7.0",
    role: "write",
    read: readRollback,
  },
  hold: {
    usage: ["[<environment>] [until <time>] [reason]"],
    says: "Nothing comes to this environment, or to any of this pipeline, until it is resumed or the time is over.",
    example: "live until 18:00 the sale is on",
    role: "triage",
    read: readHold,
  },
  resume: {
    usage: ["[<environment>]"],
    says: "Ends a hold.",
    example: "live",
    role: "write",
    read: readTargetOf("resume"),
  },
  block: {
    usage: ["<version> <reason>"],
    says: "Stops the line: this version goes nowhere in this repository, and its open promotions fail.",
    example: "1.8.0 it loses orders",
    role: "write",
    read: readBlock,
  },
  unblock: {
    usage: ["<version>"],
    says: "Ends a block.",
    example: "1.8.0",
    role: "write",
    read: readUnblock,
  },
  override: {
    usage: ["<gate> <reason>"],
    says: "Lets this one promotion past this one gate. Who did it, and why, is recorded and stands in the commit.",
    example: "soak the fix for the outage cannot wait",
    role: "admin",
    read: readOverride,
  },
  retag: {
    usage: ["<tag> [in <environment>]"],
    says: "Gives the proven digest the name that this environment's registry and tag rule need, where the operator lets names be written. A name that exists is never moved.",
    example: "v1.8.0-stable in live",
    role: "write",
    read: readRetag,
  },
  sandbox: {
    usage: ["<environment>", "release [<environment>]"],
    says: "Claims the environment for the branch of this pull request, and with `release` gives it back. It is given back by itself when the pull request is closed.",
    example: "integration",
    role: "write",
    read: readSandbox,
  },
  adopt: {
    usage: ["[<environment>]"],
    says: "Proposes to write into Git what somebody changed in the cluster by hand.",
    example: "live",
    role: "write",
    read: readTargetOf("adopt"),
  },
  ignore: {
    usage: ["[<environment>] [until <time>]"],
    says: "Lets a change by hand be: it is shown, and holds nothing up.",
    example: "live until 2026-12-01",
    role: "write",
    read: readIgnore,
  },
  retry: {
    usage: ["[<environment>]"],
    says: "Tries again what failed: a merge that GitHub refused, or a promotion that stands still after an error.",
    example: "live",
    role: "write",
    read: readTargetOf("retry"),
  },
  refresh: {
    usage: ["[<environment>]"],
    says: "Looks at everything again now: the registry, the cluster and the gates.",
    example: "",
    role: "write",
    read: readTargetOf("refresh"),
  },
  status: {
    usage: ["[<environment>]"],
    says: "Tells what Git says, what is proposed and what runs.",
    example: "checkout",
    role: "read",
    read: readTargetOf("status"),
  },
  diff: {
    usage: ["[<environment>]"],
    says: "Tells which lines of which files the promotion changes.",
    example: "",
    role: "read",
    read: readTargetOf("diff"),
  },
  why: {
    usage: ["[<environment>]"],
    says: "Explains every gate: its state, the reason, since when, and what would help.",
    example: "live",
    role: "read",
    read: readTargetOf("why"),
  },
  help: {
    usage: ["[<command>]"],
    says: "Tells which commands there are, or how one is written.",
    example: "rollback",
    role: "read",
    read: readHelp,
  },
};

const CHANGING: ReadonlySet<Verb> = new Set(CHANGING_VERBS);

/** In the order in which they are explained. */
export const COMMANDS: readonly CommandRow[] = VERBS.map(commandRow);

export function commandRow(verb: Verb): CommandRow {
  return { verb, changes: CHANGING.has(verb), ...ROWS[verb] };
}

/** `/promote [version] [to <environment>]`; `lead` is `/`, or `/gitops ` where a prefix is set. */
export function usageOf({ verb, usage }: CommandRow, lead: string): readonly string[] {
  return usage.map((words) => `${lead}${verb} ${words}`.trimEnd());
}

export function exampleOf({ verb, example }: CommandRow, lead: string): string {
  return `${lead}${verb} ${example}`.trimEnd();
}

export function leadOf(prefix: string | undefined): string {
  return prefix === undefined ? "/" : `/${prefix} `;
}
