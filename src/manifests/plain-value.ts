// A YAML document as plain data: maps, lists, strings, numbers, booleans and null. What aliases blow up is refused
// instead of built, and keys that mean something to JavaScript are kept out.

import type { Document } from "yaml";

export type PlainRecord = Readonly<Record<string, unknown>>;

export type PlainReading = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "too-much" };

const MOST_ALIASES = 100;
const MOST_VALUES = 200_000;
const DEEPEST = 100;

export function readPlainValue(document: Document.Parsed): PlainReading {
  try {
    return { kind: "value", value: copy(document.toJS({ maxAliasCount: MOST_ALIASES }), { left: MOST_VALUES }, 0) };
  } catch (error) {
    // The library refuses too many aliases and those that point nowhere with a ReferenceError; the stack ends the rest.
    if (error instanceof ReferenceError || error instanceof RangeError) return { kind: "too-much" };
    throw error;
  }
}

/** Aliases share what they point to; the copy does not, so it is counted. */
function copy(value: unknown, budget: { left: number }, depth: number): unknown {
  budget.left -= 1;
  if (budget.left < 0 || depth > DEEPEST) throw new RangeError("The document holds too much.");
  if (Array.isArray(value)) return value.map((item) => copy(item, budget, depth + 1));
  // Kubernetes' reader leaves times as they are written.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString().replace(".000Z", "Z");
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([key]) => key !== "__proto__");
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, budget, depth + 1)]));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(record: PlainRecord, key: string): string | undefined {
  const value = record[key];
  return typeof value === "string" ? value : undefined;
}

/** The strings of a map of strings; others are left out. */
export function textsAt(record: PlainRecord, key: string): Readonly<Record<string, string>> {
  const value = record[key];
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text] as const] : [])),
  );
}

export function listAt(record: PlainRecord, key: string): readonly unknown[] {
  const value = record[key];
  return Array.isArray(value) ? value : [];
}
