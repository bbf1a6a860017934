// Makes a command of its description: the description is at once its help, its page in the documentation, and the
// table by which its arguments are read.

import type { Command, CommandContext, ExitCode } from "./command.ts";
import { type Given, HELP_OPTION, type OptionForm, readArguments } from "./read-arguments.ts";

export interface CommandDescription {
  readonly name: string;
  readonly summary: string;
  /** What may stand behind `stagecoach <name>`, one line for each way to call it. */
  readonly usage: readonly string[];
  readonly mostPositionals: number;
  /** Paragraphs; lines as they are to be shown. */
  readonly about: string;
  readonly options: readonly OptionForm[];
  readonly run: (context: CommandContext, given: Given) => Promise<ExitCode>;
}

export function defineCommand(description: CommandDescription): Command {
  const { name, summary, run } = description;
  const help = writeHelp(description);
  return {
    name,
    summary,
    help,
    run: async (context) => {
      const reading = readArguments(context.arguments, description);
      if (reading.kind === "wrong") return complainAboutUsage(context, { command: name, why: reading.why });
      if (reading.given.has("help")) {
        context.print(help);
        return 0;
      }
      return run(context, reading.given);
    },
  };
}

/** For what only the command can see to be wrong. */
export function complainAboutUsage(
  { complain }: Pick<CommandContext, "complain">,
  { command, why }: { readonly command: string; readonly why: string },
): ExitCode {
  complain(`${why}\n\`stagecoach ${command} --help\` says how it is called.`);
  return 2;
}

function writeHelp({ name, usage, about, options }: CommandDescription): string {
  const calls = usage.map((line) => `stagecoach ${name} ${line}`.trimEnd());
  const rows = [...options, HELP_OPTION].map(({ name: option, value, repeatable, description }) => ({
    left: `--${option}${value === undefined ? "" : ` ${value}`}`,
    right: repeatable ? `${description}; may be repeated` : description,
  }));
  return [
    calls.map((line, index) => `${index === 0 ? "Usage: " : "       "}${line}`).join("\n"),
    about.trim(),
    writeRows(rows),
  ].join("\n\n");
}

const LEFT = 28;

/** Two columns; what is too wide for the left one has a line of its own. */
export function writeRows(rows: readonly { readonly left: string; readonly right: string }[]): string {
  const width = Math.min(LEFT, Math.max(...rows.map(({ left }) => left.length)));
  return rows
    .map(({ left, right }) => {
      const lines = right.split("\n").map((line, index) => (index === 0 ? line : `${" ".repeat(width + 4)}${line}`));
      const gap = left.length > width ? `\n${" ".repeat(width + 4)}` : " ".repeat(width - left.length + 2);
      return `  ${left}${gap}${lines.join("\n")}`;
    })
    .join("\n");
}
