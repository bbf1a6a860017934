// What a log may say of an error: its kind, its message, where it came from, and the same of what caused it. Nothing
// else that hangs on it: errors of HTTP clients carry requests with their headers, those of databases the values of the
// query, which are whole files of the config repository.

import { visibleText } from "./escape-markdown.ts";
import { redactSecrets } from "./redact-secrets.ts";

export interface DescribedError {
  readonly type: string;
  readonly message: string;
  /** An error's code or a status, where it is a plain word or number. */
  readonly code?: string | number;
  readonly stack?: readonly string[];
  readonly cause?: DescribedError;
}

const LONGEST_MESSAGE = 1_000;
const MOST_FRAMES = 12;
const MOST_CAUSES = 4;
const SECRET_KEY = /^(?:authorization|password|secret|token|private[_-]?key)$/i;

export function describeError(error: unknown, causes = MOST_CAUSES): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: visibleText(String(error), LONGEST_MESSAGE) };
  const code = codeOf(error);
  const frames = framesOf(error);
  const { cause } = error;
  return {
    type: visibleText(error.name, 100),
    message: visibleText(error.message, LONGEST_MESSAGE),
    ...(code !== undefined && { code }),
    ...(frames.length > 0 && { stack: frames }),
    ...(cause !== undefined && causes > 0 && { cause: describeError(cause, causes - 1) }),
  };
}

/** One line of the log, whatever wrote it: every text in it without what looks like a credential. */
export function redactLogLine(line: string): string {
  const redact = (key: string, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    return SECRET_KEY.test(key) ? "[redacted]" : redactSecrets(value);
  };
  try {
    return `${JSON.stringify(JSON.parse(line, redact))}\n`;
  } catch {
    // No line of ours; whoever wrote it gets the same treatment as far as that goes.
    return `${redactSecrets(line.trimEnd())}\n`;
  }
}

function codeOf(error: Error): string | number | undefined {
  const code: unknown = Reflect.get(error, "code") ?? Reflect.get(error, "status");
  if (typeof code === "number") return code;
  return typeof code === "string" && /^[\w-]{1,60}$/.test(code) ? code : undefined;
}

/** The places alone: the first lines of a stack repeat the message, which may have any number of lines. */
function framesOf({ stack = "" }: Error): readonly string[] {
  const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line));
  return frames.slice(0, MOST_FRAMES).map((line) => visibleText(line, 300));
}
