// The answer to `/help`: every command in a line, or one in full, from the table. Markdown of our own words alone.

import type { Verb } from "../domain/command.ts";
import { COMMANDS, type CommandRow, commandRow, exampleOf, leadOf, usageOf } from "./command-table.ts";

export interface HelpWish {
  readonly about?: Verb | undefined;
  readonly prefix?: string | undefined;
}

export function writeHelp({ about, prefix }: HelpWish): string {
  const lead = leadOf(prefix);
  if (about !== undefined) return explain(commandRow(about), lead);
  const rows = COMMANDS.filter(({ read }) => read !== undefined);
  const lines = rows.map((row) => `- ${ways(row, lead)}: ${firstSentence(row.says)}`);
  return [...lines, "", `\`${lead}help <command>\` tells more about one.`].join("\n");
}

function explain(row: CommandRow, lead: string): string {
  if (row.read === undefined) return `${ways(row, lead)} does not exist yet.`;
  const named = row.changes ? ", or being named in the environment's `allow`" : "";
  const role = row.role === "admin" ? "admin" : `${row.role} or more`;
  const example = `Example: \`${exampleOf(row, lead)}\`. It takes the role ${role} in this repository${named}.`;
  return [ways(row, lead), row.says, example].join("\n\n");
}

function ways(row: CommandRow, lead: string): string {
  return usageOf(row, lead)
    .map((usage) => `\`${usage}\``)
    .join(" or ");
}

function firstSentence(says: string): string {
  return says.split(/(?<=\.) /)[0] ?? says;
}
