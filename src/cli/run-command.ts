// From the words behind `stagecoach` to a command and its exit code: 0 all is well, 1 findings or failures, 2 wrong
// usage. The one place of the command line where failures of the world end.

import { suggestWord } from "../config/nearest-word.ts";
import { redactSecrets } from "../report/redact-secrets.ts";
import type { Command, CommandContext, ExitCode } from "./command.ts";
import { writeRows } from "./define-command.ts";

export interface Program {
  readonly commands: readonly Command[];
  readonly version: string;
}

/** `context.arguments` is everything behind `stagecoach`. */
export async function runCommand(context: CommandContext, { commands, version }: Program): Promise<ExitCode> {
  const [name, ...rest] = context.arguments;
  if (name === undefined) {
    context.complain(programHelp(commands));
    return 2;
  }
  if (name === "--version" || name === "-V") {
    context.print(version);
    return 0;
  }
  if (name === "--help" || name === "-h" || name === "help") return help(context, { commands, about: rest[0] });
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return complainAboutName(context, { name, commands });
  return runSafely(command, { ...context, arguments: rest });
}

function help(
  context: CommandContext,
  { commands, about }: { readonly commands: readonly Command[]; readonly about: string | undefined },
): ExitCode {
  if (about === undefined) {
    context.print(programHelp(commands));
    return 0;
  }
  const command = commands.find(({ name }) => name === about);
  if (command === undefined) return complainAboutName(context, { name: about, commands });
  context.print(command.help);
  return 0;
}

function complainAboutName(
  context: CommandContext,
  { name, commands }: { readonly name: string; readonly commands: readonly Command[] },
): ExitCode {
  const what = name.startsWith("-") ? "option" : "command";
  const known = what === "option" ? ["--help", "--version"] : commands.map((each) => each.name);
  const hint = suggestWord(name, known);
  const why = `There is no ${what} \`${name}\`.${hint === undefined ? "" : ` ${hint}`}`;
  context.complain(`${why}\n\`stagecoach --help\` lists the commands.`);
  return 2;
}

async function runSafely(command: Command, given: CommandContext): Promise<ExitCode> {
  const context = command.ownsTerminal ? given : withoutControls(given);
  try {
    return await command.run(context);
  } catch (error) {
    context.complain(describeFailure(error).join("\n"));
    return 1;
  }
}

/** Text from outside must not move the cursor, set the title or turn the direction of a terminal. */
function withoutControls(context: CommandContext): CommandContext {
  const clean = (text: string): string => text.replace(/(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
  return {
    ...context,
    print: (text) => context.print(clean(text)),
    complain: (text) => context.complain(clean(text)),
  };
}

/** The message, and what the messages of its causes add to it. */
export function describeFailure(error: unknown): readonly string[] {
  const messages: string[] = [];
  let each = error;
  for (let depth = 0; each !== undefined && depth < MOST_CAUSES; depth += 1) {
    const message = redactSecrets(each instanceof Error ? each.message || each.name : String(each));
    if (!messages.some((told) => told.includes(message))) messages.push(message);
    each = each instanceof Error ? each.cause : undefined;
  }
  return messages.map((message, index) => (index === 0 ? message : `  because: ${message}`));
}

const MOST_CAUSES = 5;

export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => ({ left: name, right: summary }));
  return `Usage: stagecoach <command> [options]

Stagecoach carries each release from stage to stage, by pull request.

${writeRows(rows)}

  stagecoach <command> --help   how a command is called
  stagecoach --version          the version

Exit code: 0 all is well, 1 findings or failures, 2 wrong usage or settings.`;
}
