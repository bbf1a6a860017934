// What Stagecoach answered to a delivery, in words: stored, ignored because, refused because.

import type { SampleAnswer } from "../registry/webhooks/sample.ts";
import type { CommandContext, ExitCode } from "./command.ts";

interface Told {
  readonly id: string;
  /** With its tag. */
  readonly image: string;
  readonly answer: SampleAnswer;
}

type Json = Readonly<Record<string, unknown>>;

export function tellAnswer(context: CommandContext, { id, image, answer }: Told): ExitCode {
  if (answer.kind === "unanswered") {
    context.complain(`There was no answer: ${answer.why}. Is Stagecoach running there? --url says where it listens.`);
    return 1;
  }
  const { status, body } = answer;
  const said = isRecord(body) ? body : {};
  if (status === 202 && typeof said.hints === "number") return tellStored(context, { image, hints: said.hints, said });
  if (status === 200 && Array.isArray(said.ignored)) {
    const reasons = said.ignored.filter(isRecord).map(({ what, why }) => `${what}: ${why}.`);
    context.complain(
      [`Understood, and ignored: the webhook \`${id}\` works, but nothing was stored.`, ...reasons].join("\n"),
    );
    return 1;
  }
  const error = isRecord(said.error) && typeof said.error.message === "string" ? said.error.message : undefined;
  context.complain(
    error === undefined
      ? `What answered does not look like Stagecoach: status ${status}. --url says where it listens.`
      : `Refused (${status}): ${error}${adviceFor(status)}`,
  );
  return 1;
}

function tellStored(
  { print, complain }: CommandContext,
  { image, hints, said }: { readonly image: string; readonly hints: number; readonly said: Json },
): ExitCode {
  if (hints === 0) {
    complain(`${typeof said.duplicate === "string" ? said.duplicate : "Nothing new was stored."}`);
    return 1;
  }
  const who = hints === 1 ? "one repository looks" : `${hints} repositories look`;
  print(`Stored: ${who} at ${image} now.`);
  return 0;
}

function adviceFor(status: number): string {
  if (status === 401) return " The settings that Stagecoach runs with may have another secret than these.";
  return status === 404 ? " The settings that Stagecoach runs with may be others than these." : "";
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
