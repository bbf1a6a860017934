// The JSON Schema of a written file, made from the reader's own tables, so that editors complete and check what the
// reader reads. Draft 7, which is what YAML editors know. The rules that look at several values at once are the reader's alone.

import { parse } from "yaml";
import { definitionName, type JsonSchema, type JsonValue, type Key, type Table } from "./shape.ts";

export function makeSchema({ root, title }: { readonly root: Table; readonly title: string }): JsonSchema {
  const definitions = Object.fromEntries(
    tablesOf(root)
      .filter((table) => table !== root)
      .map((table) => [definitionName(table), schemaOf(table)]),
  );
  return { $schema: "http://json-schema.org/draft-07/schema#", title, ...schemaOf(root), definitions };
}

/** The root and every table that can be written below it, each once, in the order of reading. */
export function tablesOf(root: Table): readonly Table[] {
  const found = new Set<Table>([root]);
  for (const table of found) {
    for (const key of Object.values(table.keys)) {
      for (const inner of key.shape.tables) found.add(inner);
    }
  }
  return [...found];
}

function schemaOf(table: Table): JsonSchema {
  const keys = Object.entries(table.keys);
  const required = keys.filter(([, key]) => key.required === true).map(([name]) => name);
  return {
    type: "object",
    description: table.says,
    properties: Object.fromEntries(keys.map(([name, key]) => [name, propertyOf(key)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...choiceOf(table),
  };
}

function propertyOf(key: Key<unknown>): JsonSchema {
  // Draft 7 reads nothing beside a $ref.
  const schema = "$ref" in key.shape.schema ? { allOf: [key.shape.schema] } : key.shape.schema;
  return {
    ...schema,
    description: key.says,
    ...(key.default !== undefined && { default: parsed(key.default) }),
    examples: [parsed(key.example)],
  };
}

function choiceOf({ choice }: Table): JsonSchema {
  if (choice === undefined) return {};
  const each = choice.of.map((name): JsonSchema => ({ required: [name] }));
  return { oneOf: choice.least === 1 ? each : [...each, { not: { anyOf: each } }] };
}

/** What is written in the tables is ours, so it can be parsed without care. */
function parsed(written: string): JsonValue {
  return parse(written, { version: "1.2", schema: "core" });
}
