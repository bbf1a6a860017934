// Shapes of single values, and lists of them. What a text means (a duration, an image, a path) is said by a check,
// which gives a sentence when the text is not what it should be.

import type { Hint } from "./gather-findings.ts";
import { suggestWord } from "./nearest-word.ts";
import { MOST_ITEMS } from "./parse-limits.ts";
import {
  describeNode,
  expectedInstead,
  type JsonSchema,
  listed,
  type Reading,
  type Rules,
  type Shape,
  type Written,
} from "./shape.ts";
import type { At } from "./source.ts";

export interface Complaint {
  readonly message: string;
  readonly hint?: Hint;
  readonly severity?: "warning";
}

export type Check = (text: string, rules: Rules) => Complaint | undefined;

const LONGEST_TEXT = 1000;

export interface TextOptions {
  readonly expected: string;
  readonly check?: Check;
  /** For the schema; it sees placeholders where `check` sees what stands for them. */
  readonly schema?: JsonSchema;
  /** How the value of a placeholder is written into this text. */
  readonly writing?: "nothing" | "expression";
}

export function text({ expected, check, schema = {}, writing = "nothing" }: TextOptions): Shape<string> {
  return {
    expected,
    schema: { type: "string", minLength: 1, maxLength: LONGEST_TEXT, ...schema },
    tables: [],
    read(at, reading) {
      if (at.node.kind !== "scalar" || typeof at.node.value !== "string") {
        return textInstead(at, { reading, expected, schema });
      }
      const value = reading.substitute(at.node.value, writing);
      const complaint =
        value.trim() === "" ? { message: `Expected ${expected}, found an empty text.` } : tooLong(value);
      const fault = complaint ?? check?.(value, reading.rules);
      if (fault !== undefined) reading.report({ at, ...fault });
      return complaint === undefined ? value : undefined;
    },
  };
}

/** YAML makes numbers and truths of unquoted text; where they would do as text, quotes are the cure. */
function textInstead(
  at: At,
  { reading, expected, schema }: { readonly reading: Reading; readonly expected: string; readonly schema: JsonSchema },
): undefined {
  const { node } = at;
  const source = node.file.text.slice(node.start, node.end);
  const isOther = node.kind === "scalar" && node.value !== null && source.length <= 60;
  const fits = typeof schema.pattern !== "string" || new RegExp(schema.pattern).test(source);
  if (!isOther || !fits) return expectedInstead(at, reading, expected);
  const message = `Expected ${expected}, found ${describeNode(at)}.`;
  reading.report({ at, message, hint: `If it is meant as text, put it in quotes: "${source}".` });
}

function tooLong(value: string): Complaint | undefined {
  if (value.length <= LONGEST_TEXT) return undefined;
  return { message: `This text has ${value.length} characters; the limit is ${LONGEST_TEXT}.` };
}

/** A text that becomes another value; `read` gives the value or says why there is none. */
export function parsedText<T>(options: {
  readonly expected: string;
  readonly schema?: JsonSchema;
  readonly read: (text: string, rules: Rules) => { readonly value: T } | Complaint;
}): Shape<T> {
  const plain = text({ expected: options.expected, ...(options.schema && { schema: options.schema }) });
  return {
    ...plain,
    read(at, reading) {
      const written = plain.read(at, reading);
      if (written === undefined) return undefined;
      const result = options.read(written, reading.rules);
      if ("value" in result) return result.value;
      reading.report({ at, ...result });
      return undefined;
    },
  };
}

export function word<W extends string>(...words: readonly W[]): Shape<W> {
  const expected = words.length === 1 ? listed(words) : `one of ${listed(words, "or")}`;
  return {
    expected,
    schema: { enum: words },
    tables: [],
    read(at, reading) {
      if (at.node.kind !== "scalar" || typeof at.node.value !== "string") return expectedInstead(at, reading, expected);
      const written = reading.substitute(at.node.value, "nothing");
      const known = words.find((each) => each === written);
      if (known !== undefined) return known;
      reading.report({
        at,
        message: `Expected ${expected}, found ${describeNode(at)}.`,
        hint: () => suggestWord(written, words),
      });
      return undefined;
    },
  };
}

export function wholeNumber({ least, most }: { readonly least: number; readonly most: number }): Shape<number> {
  const expected = `a whole number from ${least} to ${most}`;
  return {
    expected,
    schema: { type: "integer", minimum: least, maximum: most },
    tables: [],
    read(at, reading) {
      const value = at.node.kind === "scalar" ? at.node.value : undefined;
      if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
      reading.report({ at, message: `Expected ${expected}, found ${describeNode(at)}.` });
      return undefined;
    },
  };
}

export function flag(): Shape<boolean> {
  return {
    expected: "`true` or `false`",
    schema: { type: "boolean" },
    tables: [],
    read(at, reading) {
      if (at.node.kind === "scalar" && typeof at.node.value === "boolean") return at.node.value;
      reading.report({ at, message: `Expected \`true\` or \`false\`, found ${describeNode(at)}.` });
      return undefined;
    },
  };
}

export function yes(): Shape<true> {
  return {
    expected: "`true`",
    schema: { const: true },
    tables: [],
    read(at, reading) {
      if (at.node.kind === "scalar" && at.node.value === true) return true;
      reading.report({
        at,
        message: `Expected \`true\`, found ${describeNode(at)}.`,
        hint: "Leave the key out otherwise.",
      });
      return undefined;
    },
  };
}

export type WrittenList<T> = readonly Written<T>[];

/** A list; where `orOne` is set, a single value counts as a list of one. */
export function listOf<T>(
  item: Shape<T>,
  { orOne = false, least = 0 }: { readonly orOne?: boolean; readonly least?: 0 | 1 } = {},
): Shape<WrittenList<T>> {
  const expected = `a list, each item ${item.expected}`;
  const list: JsonSchema = {
    type: "array",
    items: item.schema,
    maxItems: MOST_ITEMS,
    ...(least > 0 && { minItems: least }),
  };
  return {
    expected: orOne ? `${item.expected}, or a list of such` : expected,
    schema: orOne ? { anyOf: [item.schema, list] } : list,
    tables: item.tables,
    read(at, reading) {
      if (at.node.kind !== "list") {
        // An empty value is a forgotten list, not an item.
        const empty = at.node.kind === "scalar" && at.node.value === null;
        if (!orOne || empty) return expectedInstead(at, reading, this.expected);
        const value = item.read(at, reading);
        return value === undefined ? undefined : [{ value, at }];
      }
      if (at.node.items.length < least) reading.report({ at, message: `Expected ${expected}, found an empty list.` });
      const values: Written<T>[] = [];
      for (const [index, node] of at.node.items.entries()) {
        if (index === MOST_ITEMS) {
          const message = `A list has at most ${MOST_ITEMS} items; this one has ${at.node.items.length}.`;
          reading.report({ at: { node, path: at.path }, message });
        }
        if (index >= MOST_ITEMS || !reading.spend()) break;
        const itemAt: At = { node, path: `${at.path}[${index}]` };
        const value = item.read(itemAt, reading);
        if (value !== undefined) values.push({ value, at: itemAt });
      }
      return values;
    },
  };
}

/** A short way to write it as a single value, and the full way as a map. */
export function shortOrFull<S, F>(short: Shape<S>, full: Shape<F>): Shape<S | F> {
  const expected = `${short.expected}, or ${full.expected}`;
  return {
    expected,
    schema: { anyOf: [short.schema, full.schema] },
    tables: [...short.tables, ...full.tables],
    read(at, reading) {
      switch (at.node.kind) {
        case "map":
          return full.read(at, reading);
        case "scalar":
          return at.node.value === null ? expectedInstead(at, reading, expected) : short.read(at, reading);
        case "list":
          return short.schema.type === "array" ? short.read(at, reading) : expectedInstead(at, reading, expected);
      }
    },
  };
}
