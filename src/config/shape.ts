// A shape says of one value what may be written there, three times from one description: it reads it, it gives the
// JSON Schema, and it tells the documentation what to call it. Tables of keys are made of shapes.

import type { Hint } from "./gather-findings.ts";
import { nearestWord, suggestWord } from "./nearest-word.ts";
import { type At, keyAt, type SourceEntry, type SourceMap } from "./source.ts";

export type JsonSchema = { readonly [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonSchema | readonly JsonValue[];

export interface Shape<T> {
  /** Completes "Expected …": `a duration such as 30m`. */
  readonly expected: string;
  readonly schema: JsonSchema;
  /** The tables that can be written here, for the schema's definitions and the documentation. */
  readonly tables: readonly Table[];
  /** `undefined` after a finding. A value with a fault of its own is reported and still given, so that what names it is found. */
  readonly read: (at: At, reading: Reading) => T | undefined;
}

export interface Written<T> {
  readonly value: T;
  readonly at: At;
}

/** What reading needs besides the node. */
export interface Reading {
  readonly report: (fault: Fault) => void;
  /** Fills in the placeholders of `for-each`. */
  readonly substitute: (text: string, writing: "nothing" | "expression") => string;
  readonly rules: Rules;
  /** Counts one piece of work; false when the limit is reached and reading has to end. */
  readonly spend: () => boolean;
}

/** What the planner knows better; each says what is wrong, a clause without a full stop. */
export interface Rules {
  readonly range: (text: string) => string | undefined;
  readonly pattern: (text: string) => string | undefined;
  /** Where the repositories are that `git` names; `github.com` unless given. */
  readonly gitHost?: string;
}

export interface Fault {
  readonly at: At;
  readonly message: string;
  readonly hint?: Hint | undefined;
  readonly severity?: "error" | "warning";
}

export interface Key<T> {
  readonly shape: Shape<T>;
  /** One or two sentences for people. */
  readonly says: string;
  readonly required?: true;
  /** As it would be written. */
  readonly default?: string;
  readonly example: string;
}

export type Keys = Readonly<Record<string, Key<unknown>>>;

export interface Table<K extends Keys = Keys> {
  /** Unique; the name of the schema's definition and of the documentation's section. */
  readonly name: string;
  readonly says: string;
  readonly keys: K;
  /** Keys of which exactly one, or at most one, may be written. */
  readonly choice?: { readonly of: readonly string[]; readonly least: 0 | 1 };
  /** Hints for keys that people are likely to try here, in place of the nearest word. */
  readonly misplaced?: Readonly<Record<string, string>>;
}

export type ReadKeys<K extends Keys> = {
  readonly [Name in keyof K]: K[Name] extends Key<infer T> ? Written<T> | undefined : never;
};

export function table<K extends Keys>(definition: Table<K>): Table<K> {
  return definition;
}

export function mapOf<K extends Keys>(definition: Table<K>): Shape<ReadKeys<K>> {
  const names = Object.keys(definition.keys);
  return {
    expected: `a map with ${names.length > 4 ? `keys such as ${listed(names.slice(0, 3))}` : listed(names)}`,
    schema: { $ref: `#/definitions/${definitionName(definition)}` },
    tables: [definition],
    read(at, reading) {
      if (at.node.kind !== "map") return expectedInstead(at, reading, this.expected);
      return readKeys({ ...at, node: at.node }, { definition, reading });
    },
  };
}

/** `the limits` is `limits` in the schema, `image alias` is `image-alias`. */
export function definitionName({ name }: Pick<Table, "name">): string {
  return name.replace(/^the /, "").replaceAll(" ", "-");
}

interface MapAt extends At {
  readonly node: SourceMap;
}

function readKeys<K extends Keys>(
  at: MapAt,
  { definition, reading }: { readonly definition: Table<K>; readonly reading: Reading },
): ReadKeys<K> {
  const values = new Map<string, Written<unknown>>();
  const present = new Set<string>();
  for (const entry of at.node.entries) {
    if (!reading.spend()) break;
    const key = Object.hasOwn(definition.keys, entry.key) ? definition.keys[entry.key] : undefined;
    const path = keyAt(at.path, entry.key);
    if (key === undefined) {
      reportUnknownKey({ node: entry.keyNode, path }, { entry, definition, reading });
      continue;
    }
    present.add(entry.key);
    const value = key.shape.read({ node: entry.value, path }, reading);
    if (value !== undefined) values.set(entry.key, { value, at: { node: entry.value, path } });
  }
  reportMissing(at, { definition, present, reading });
  reportChoice(at, { definition, present, reading });
  // The type of each value is what its shape's `read` gave, key by key.
  return Object.fromEntries(Object.keys(definition.keys).map((name) => [name, values.get(name)])) as ReadKeys<K>;
}

function reportUnknownKey(
  at: At,
  {
    entry,
    definition,
    reading,
  }: { readonly entry: SourceEntry; readonly definition: Table; readonly reading: Reading },
): void {
  const known = Object.keys(definition.keys);
  const misplaced = definition.misplaced ?? {};
  const hint = Object.hasOwn(misplaced, entry.key) ? misplaced[entry.key] : undefined;
  const message = `Unknown key \`${entry.key.slice(0, 60)}\` in ${article(definition.name)}.`;
  reading.report({ at, message, hint: hint ?? (() => suggestWord(entry.key, known)) });
}

interface Present {
  readonly definition: Table;
  readonly present: ReadonlySet<string>;
  readonly reading: Reading;
}

function reportMissing(at: MapAt, { definition, present, reading }: Present): void {
  for (const [name, key] of Object.entries(definition.keys)) {
    if (key.required !== true || present.has(name) || at.node.refused.has(name)) continue;
    // A misspelt key is one mistake, not two.
    if (at.node.entries.some((entry) => !present.has(entry.key) && nearestWord(entry.key, [name]) === name)) continue;
    const hint = `Add \`${name}: ${key.example}\`: ${key.shape.expected}.`;
    reading.report({
      at: startOf(at),
      message: `The key \`${name}\` is missing in ${article(definition.name)}.`,
      hint,
    });
  }
}

function reportChoice(at: MapAt, { definition, present, reading }: Present): void {
  const { choice } = definition;
  if (choice === undefined) return;
  const chosen = at.node.entries.filter((entry) => choice.of.includes(entry.key) && present.has(entry.key));
  const second = chosen[1];
  if (second !== undefined) {
    const message = `Only one of ${listed(choice.of, "or")} may stand in ${article(definition.name)}; here are ${listed(chosen.map(({ key }) => key))}.`;
    reading.report({ at: { node: second.keyNode, path: keyAt(at.path, second.key) }, message });
  }
  if (chosen.length === 0 && choice.least === 1 && present.size === at.node.entries.length + at.node.refused.size) {
    reading.report({
      at: startOf(at),
      message: `Expected one of ${listed(choice.of, "or")} in ${article(definition.name)}.`,
    });
  }
}

/** A map is pointed at by its first key: its whole range would run over many lines. */
export function startOf(at: At): At {
  const first = at.node.kind === "map" ? at.node.entries[0] : undefined;
  return first === undefined ? at : { node: first.keyNode, path: at.path };
}

export function expectedInstead(at: At, reading: Reading, expected: string): undefined {
  reading.report({ at, message: `Expected ${expected}, found ${describeNode(at)}.` });
}

export function describeNode({ node }: At): string {
  switch (node.kind) {
    case "map":
      return "a map";
    case "list":
      return "a list";
    case "scalar": {
      if (node.value === null) return "nothing";
      if (typeof node.value === "string") return `the text \`${node.value.slice(0, 60)}\``;
      return typeof node.value === "number" ? `the number ${node.value}` : `${node.value}`;
    }
  }
}

export function listed(words: readonly string[], conjunction: "and" | "or" = "and"): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} ${conjunction} ${last}`;
}

function article(name: string): string {
  if (name.startsWith("the ")) return name;
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}
