// Reads one value as its author wrote it (`1.10` stays `1.10`), and says whether its bytes may be replaced alone:
// not through an alias, not under an anchor that something else reads, not in a block scalar, not where a key stands twice.

import { isAlias, isCollection, isScalar, type Scalar } from "yaml";
import type { ScalarText } from "./found-place.ts";
import { type LineIndex, positionAt } from "./line-index.ts";
import { type Entry, type Outline, offsetOf, withAncestors } from "./outline.ts";

export interface ScalarReading {
  /** Empty for an absent value, `null` and `""`. */
  readonly text: string;
  readonly offset: number;
  /** Present unless the value is absent or cannot be edited. */
  readonly scalar?: ScalarText;
  readonly refusal?: string;
}

const STRING_TAG = "tag:yaml.org,2002:str";

/** `undefined` when a map, a sequence or nothing resolvable stands there. */
export function readScalar(entry: Entry, at: { outline: Outline; lines: LineIndex }): ScalarReading | undefined {
  const { node } = entry;
  const offset = offsetOf(at.outline, entry);
  if (isAlias(node)) {
    const original = entry.target && readScalar(entry.target, at);
    if (!original) return undefined;
    const refusal = `The value is the alias *${node.source}. Write the version itself here.`;
    return { text: original.text, offset, refusal };
  }
  if (isCollection(node)) return undefined;
  if (!isScalar(node) || (node.type === "PLAIN" && node.value === null)) return { text: "", offset };
  const text = writtenText(node);
  const refusal = refuseNode(node, at.outline) ?? refuseSurroundings(entry, at);
  if (refusal !== undefined) return { text, offset, refusal };
  const end = at.outline.start + (node.range?.[1] ?? 0);
  return { text, offset, scalar: { start: offset, end, style: styleOf(node), text } };
}

function writtenText(node: Scalar): string {
  if (node.type === "PLAIN") return node.source ?? "";
  // A block scalar ends in a line break that nobody means.
  return node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL" ? String(node.value).trim() : String(node.value);
}

function styleOf(node: Scalar): ScalarText["style"] {
  if (node.type === "QUOTE_SINGLE") return "single";
  return node.type === "QUOTE_DOUBLE" ? "double" : "plain";
}

function refuseNode(node: Scalar, outline: Outline): string | undefined {
  if (node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL") {
    return "The value is a block scalar (`|` or `>`). Write it on the line of its key.";
  }
  if (node.tag !== undefined && node.tag !== STRING_TAG) {
    return `The value carries the YAML tag ${node.tag}. Remove the tag, so that the value is a plain string.`;
  }
  const [start = 0, end = 0] = node.range ?? [];
  if (outline.text.slice(start, end).includes("\n")) return "The value spans several lines. Write it on one line.";
  return undefined;
}

function refuseSurroundings(entry: Entry, at: { outline: Outline; lines: LineIndex }): string | undefined {
  for (const { node, key, twice } of withAncestors(entry)) {
    if (twice)
      return `The key ${key} stands more than once in its map, and readers differ in which one counts. Keep one.`;
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
    const reader = anchor === undefined ? undefined : at.outline.readers.get(anchor);
    if (reader === undefined) continue;
    const { line } = positionAt(at.lines, reader);
    return `Line ${line} reads this value through the alias *${anchor} and would change with it. Write the value out at both places.`;
  }
  return undefined;
}
