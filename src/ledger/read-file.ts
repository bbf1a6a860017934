// Reads one YAML file of the ledger against the table of its entries. What it cannot take in whole it refuses, with the
// file and the entry: half a memory is worse than none.

import { type Document, isAlias, parseDocument, visit } from "yaml";
import { type Fields, MOST_ENTRIES, rowsOf } from "./ledger-codecs.ts";
import { LARGEST_FILE } from "./ledger-format.ts";

export type Read<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly why: string };

export interface LedgerFile {
  readonly path: string;
  readonly text: string;
}

/** The top level of a file, which has these keys, perhaps the optional ones, and no others. */
export function readMap(
  file: LedgerFile,
  keys: readonly string[],
  { optional = [] }: { readonly optional?: readonly string[] } = {},
): Read<Readonly<Record<string, unknown>>> {
  const data = readYaml(file);
  if (data.kind === "unreadable") return data;
  const { value } = data;
  if (!isMap(value)) return unreadable(file, "is not a map");
  const unknown = Object.keys(value).find((key) => !keys.includes(key) && !optional.includes(key));
  if (unknown !== undefined) return unreadable(file, `has the key \`${unknown}\`, which this version does not know`);
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return unreadable(file, `lacks the key \`${missing}\``);
  return { kind: "read", value };
}

export function readEntries<T>(
  value: unknown,
  { file, key, fields }: { readonly file: LedgerFile; readonly key: string; readonly fields: Fields<T> },
): Read<readonly T[]> {
  if (!Array.isArray(value)) return unreadable(file, `has something else than a list under \`${key}\``);
  if (value.length > MOST_ENTRIES) return unreadable(file, `has more than ${MOST_ENTRIES} entries under \`${key}\``);
  const entries: T[] = [];
  for (const [index, item] of value.entries()) {
    const entry = readEntry(item, fields);
    if (entry.kind === "unreadable") return unreadable(file, `has under \`${key}[${index}]\` ${entry.why}`);
    entries.push(entry.value);
  }
  return { kind: "read", value: entries };
}

export function unreadable(file: LedgerFile, what: string): { readonly kind: "unreadable"; readonly why: string } {
  return { kind: "unreadable", why: `\`${file.path}\` ${what}` };
}

function readEntry<T>(item: unknown, fields: Fields<T>): Read<T> {
  if (!isMap(item)) return { kind: "unreadable", why: "something else than a map" };
  const table = rowsOf(fields);
  const entry: Record<string, unknown> = {};
  for (const [property, { key, codec, optional }] of table) {
    if (!Object.hasOwn(item, key)) {
      if (optional) continue;
      return { kind: "unreadable", why: `no \`${key}\`` };
    }
    const value = codec.read(item[key]);
    if (value === undefined) return { kind: "unreadable", why: `a \`${key}\` that is not ${codec.expected}` };
    entry[property] = value;
  }
  const unknown = Object.keys(item).find((name) => !table.some(([, { key }]) => key === name));
  if (unknown !== undefined)
    return { kind: "unreadable", why: `the key \`${unknown}\`, which this version does not know` };
  return { kind: "read", value: entry as T };
}

function readYaml(file: LedgerFile): Read<unknown> {
  if (Buffer.byteLength(file.text) > LARGEST_FILE) return unreadable(file, `is larger than ${LARGEST_FILE} bytes`);
  try {
    const document = parseDocument(file.text, { prettyErrors: false, logLevel: "error", uniqueKeys: true });
    const [error] = document.errors;
    if (error) return unreadable(file, `is not YAML: ${error.code.toLowerCase()} at character ${error.pos[0]}`);
    if (hasAliases(document)) return unreadable(file, "has an alias, which Stagecoach never writes");
    return { kind: "read", value: document.toJS({ maxAliasCount: 0 }) };
  } catch (error) {
    // A nesting that is deeper than the stack; the parser reports everything else.
    return unreadable(file, `cannot be parsed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node) && !node.anchor && !node.tag?.startsWith("!")) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
