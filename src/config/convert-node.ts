// The library's nodes to ours: aliases followed, keys checked (text, once each, none that JavaScript treats specially),
// tags refused. An alias yields the very node that its anchor names, so nothing grows; how much it would grow if it
// were written out is added up instead, and refused beyond the limit.

import { type Alias, isAlias, isCollection, isMap, isScalar, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import type { Gathering } from "./gather-findings.ts";
import { DEEPEST_NESTING, MOST_ALIASES, nestedTooDeep } from "./parse-limits.ts";
import { locate, type SourceEntry, type SourceFile, type SourceNode, type SourceScalar } from "./source.ts";

/** A node and how many aliases it holds, each counted with those inside what it stands for. */
interface Converted {
  readonly node: SourceNode;
  readonly aliases: number;
}

interface Conversion {
  readonly file: SourceFile;
  readonly gathering: Gathering;
  /** `undefined` inside: what the anchor names was refused, and told. */
  readonly anchors: Map<string, Converted | undefined>;
  readonly depth: number;
}

interface Complaint {
  readonly start: number;
  readonly end?: number;
  readonly message: string;
  readonly hint?: string;
}

const SPECIAL_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** `undefined` when a limit was passed; lesser faults are findings and leave their part out. */
export function convertNode(
  root: ParsedNode,
  { file, gathering }: { readonly file: SourceFile; readonly gathering: Gathering },
): SourceNode | undefined {
  return convert(root, { file, gathering, anchors: new Map(), depth: 1 })?.node;
}

function convert(node: ParsedNode, conversion: Conversion): Converted | undefined {
  const [start, end] = node.range;
  if (isAlias(node)) return followAlias({ name: node.source, start, end }, conversion);
  if (node.tag !== undefined) {
    const hint = "Remove the tag; put a value in quotes to make it text.";
    return complain(conversion, { start, end, message: "Tags (`!…`) are not supported.", hint });
  }
  if (conversion.depth > DEEPEST_NESTING && isCollection(node)) {
    return complain(conversion, { start, message: nestedTooDeep() });
  }
  const converted = convertUntagged(node, { ...conversion, depth: conversion.depth + 1 });
  if (converted === undefined) return undefined;
  if (converted.aliases > MOST_ALIASES) {
    if (node.anchor !== undefined) conversion.anchors.set(node.anchor, undefined);
    const message = `The aliases in this would be followed more than ${MOST_ALIASES} times.`;
    const hint = "Use `defaults` or `for-each` instead of aliases.";
    return complain(conversion, { start, message, hint });
  }
  if (node.anchor !== undefined) conversion.anchors.set(node.anchor, converted);
  return converted;
}

function convertUntagged(node: Exclude<ParsedNode, Alias.Parsed>, conversion: Conversion): Converted | undefined {
  const [start, end] = node.range;
  if (isScalar(node)) {
    const { value } = node;
    const known =
      typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null;
    // Only other schemas give other types (dates, big integers); read them as the text that stands there.
    return {
      node: { kind: "scalar", file: conversion.file, start, end, value: known ? value : (node.source ?? "") },
      aliases: 0,
    };
  }
  return isMap(node) ? convertMap(node, conversion) : convertList(node, conversion);
}

function convertList(node: YAMLSeq.Parsed, conversion: Conversion): Converted | undefined {
  const items: SourceNode[] = [];
  let aliases = 0;
  for (const item of node.items) {
    // Inside a flow list the library gives a pair for `[a: b]`; it reads as a map of one.
    if ("key" in item) {
      complain(conversion, { start: node.range[0], message: "Write `{ key: value }` with braces inside a list." });
      continue;
    }
    const converted = convert(item, conversion);
    if (converted === undefined) continue;
    items.push(converted.node);
    aliases += converted.aliases;
  }
  const [start, end] = node.range;
  return { node: { kind: "list", file: conversion.file, start, end, items }, aliases };
}

function convertMap(node: YAMLMap.Parsed, conversion: Conversion): Converted | undefined {
  const entries: SourceEntry[] = [];
  const refused = new Set<string>();
  const places = new Map<string, number>();
  let aliases = 0;
  for (const pair of node.items) {
    const keyNode = convertKey(pair.key, conversion);
    if (keyNode === undefined) continue;
    const { value: key, start, end } = keyNode;
    const first = places.get(key);
    if (first !== undefined) {
      const { line } = locate(conversion.file, first);
      const hint = `It stands in line ${line} already; keep one of them.`;
      complain(conversion, { start, end, message: `The key \`${key}\` stands twice in the same map.`, hint });
      continue;
    }
    places.set(key, start);
    const absent: Converted = {
      node: { kind: "scalar", file: conversion.file, start: end, end, value: null },
      aliases: 0,
    };
    const converted = pair.value === null ? absent : convert(pair.value, conversion);
    if (converted === undefined) {
      refused.add(key);
      continue;
    }
    entries.push({ key, keyNode, value: converted.node });
    aliases += converted.aliases;
  }
  const [start, end] = node.range;
  return { node: { kind: "map", file: conversion.file, start, end, entries, refused }, aliases };
}

type KeyNode = SourceScalar & { readonly value: string };

function convertKey(node: ParsedNode, conversion: Conversion): KeyNode | undefined {
  const [start, end] = node.range;
  if (!isScalar(node) || typeof node.value !== "string" || node.tag !== undefined) {
    return complain(conversion, { start, end, message: "A key has to be plain text." });
  }
  const key = node.value;
  if (SPECIAL_KEYS.has(key)) {
    return complain(conversion, { start, end, message: `The key \`${key}\` is not allowed.` });
  }
  if (key === "<<") {
    const hint = "Write what all environments share under `defaults`.";
    return complain(conversion, { start, end, message: "Merge keys (`<<`) are not part of YAML 1.2.", hint });
  }
  return { kind: "scalar", file: conversion.file, start, end, value: key };
}

function followAlias(
  { name, start, end }: { readonly name: string; readonly start: number; readonly end: number },
  conversion: Conversion,
): Converted | undefined {
  const target = conversion.anchors.get(name);
  if (target === undefined && conversion.anchors.has(name)) return undefined;
  if (target === undefined) {
    const message = `No complete anchor \`&${name.slice(0, 60)}\` stands before this alias.`;
    return complain(conversion, { start, end, message });
  }
  return { node: target.node, aliases: target.aliases + 1 };
}

function complain({ file, gathering }: Conversion, { start, end, message, hint }: Complaint): undefined {
  gathering.add({ file, start, end: end ?? start + 1, path: "", message, ...(hint !== undefined && { hint }) });
}
