// Reads what stands after a command's name by the command's own list of options. Every mistake is a sentence that says
// what to write instead. What the values mean is the command's to say.

import { parseArgs } from "node:util";
import { suggestWord } from "../config/nearest-word.ts";

export interface OptionForm {
  /** Without the dashes. */
  readonly name: string;
  /** What stands behind it, as in `--settings <file>`; absent: it is a switch. */
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly description: string;
}

export interface Given {
  readonly positionals: readonly string[];
  has(option: string): boolean;
  /** The last value that was given for it. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
}

export type ArgumentsReading =
  | { readonly kind: "given"; readonly given: Given }
  /** A sentence. */
  | { readonly kind: "wrong"; readonly why: string };

export interface ArgumentsForm {
  readonly options: readonly OptionForm[];
  readonly mostPositionals: number;
}

export const HELP_OPTION: OptionForm = { name: "help", description: "this text" };

export function readArguments(written: readonly string[], form: ArgumentsForm): ArgumentsReading {
  const options = [...form.options, HELP_OPTION];
  const { tokens, positionals } = parseArgs({
    args: [...written],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      options.map((option) => [
        option.name,
        {
          type: option.value === undefined ? ("boolean" as const) : ("string" as const),
          ...(option.name === "help" && { short: "h" }),
        },
      ]),
    ),
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const mistake = mistakeIn(token, options);
    if (mistake !== undefined) return { kind: "wrong", why: mistake };
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? ""]);
  }
  const again = options.find(
    ({ name, value, repeatable }) => value !== undefined && !repeatable && (values.get(name)?.length ?? 0) > 1,
  );
  if (again !== undefined) return { kind: "wrong", why: `\`--${again.name}\` may be given once.` };
  const surplus = positionals[form.mostPositionals];
  if (surplus !== undefined && !values.has("help"))
    return { kind: "wrong", why: `Nothing was expected where \`${surplus}\` stands.` };
  return { kind: "given", given: givenOf(values, positionals) };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function mistakeIn(token: OptionToken, options: readonly OptionForm[]): string | undefined {
  const option = options.find(({ name }) => name === token.name);
  if (option === undefined) {
    const names = options.map(({ name }) => name);
    const hint = suggestWord(token.name, names)
      ?.replaceAll("`", "`--")
      .replaceAll(/`--([.,?])/g, "`$1");
    return `There is no option \`${token.rawName}\`.${hint === undefined ? "" : ` ${hint}`}`;
  }
  if (option.value === undefined)
    return token.value === undefined ? undefined : `\`--${option.name}\` is a switch and takes no value.`;
  // `--settings --json` is a forgotten value, not a file of that name.
  const isMissing = token.value === undefined || (!token.inlineValue && token.value.startsWith("-"));
  return isMissing || token.value === "" ? `\`--${option.name}\` needs ${option.value} behind it.` : undefined;
}

function givenOf(values: ReadonlyMap<string, readonly string[]>, positionals: readonly string[]): Given {
  return {
    positionals,
    has: (option) => values.has(option),
    text: (option) => values.get(option)?.at(-1),
    texts: (option) => values.get(option) ?? [],
  };
}
