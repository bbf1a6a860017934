// One parsed document as a tree of entries that know their key, their parent and their offset in the file.
// It answers what the editor must know and the parser does not say: which keys stand twice, which anchors are read
// elsewhere, what an alias points to, and whether the document is a template in disguise.

import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, visit } from "yaml";

export interface Entry {
  /** Key in the map or index in the sequence; absent for the root. */
  readonly key?: string | number;
  readonly node: Node | null;
  readonly parent?: Entry;
  readonly children: Entry[];
  /** Its key stands more than once in its map; readers differ in which one counts. */
  readonly twice: boolean;
  /** Where the node is an alias: what it points to, when that exists. */
  readonly target?: Entry;
}

export interface Outline {
  /** Index of the document in the file. */
  readonly index: number;
  /** The document's text, and where in the file it begins. */
  readonly text: string;
  readonly start: number;
  readonly root: Entry;
  /** Anchor name -> offset in the file of the first alias that reads it. */
  readonly readers: ReadonlyMap<string, number>;
}

export type Outlined =
  | { readonly kind: "outline"; readonly outline: Outline }
  | { readonly kind: "templated" | "too-deep"; readonly offset: number };

const DEEPEST = 100;

interface Walk {
  readonly text: string;
  readonly anchors: Map<string, Entry>;
  stopped?: { readonly kind: "templated" | "too-deep"; readonly offset: number };
}

export function outlineDocument(
  document: Document.Parsed,
  at: { readonly index: number; readonly text: string; readonly start: number },
): Outlined {
  const walk: Walk = { text: at.text, anchors: new Map() };
  const root = outlineNode(walk, { node: document.contents, twice: false }, 0);
  if (walk.stopped) return { kind: walk.stopped.kind, offset: at.start + walk.stopped.offset };
  const readers = new Map<string, number>();
  visit(document, {
    Alias: (_key, alias) => {
      if (!readers.has(alias.source)) readers.set(alias.source, at.start + (alias.range?.[0] ?? 0));
    },
  });
  return { kind: "outline", outline: { ...at, root, readers } };
}

type Start = Pick<Entry, "node" | "twice"> & { readonly key?: string | number; readonly parent?: Entry };

function outlineNode(walk: Walk, start: Start, depth: number): Entry {
  const { node } = start;
  const target = isAlias(node) ? walk.anchors.get(node.source) : undefined;
  const entry: Entry = { ...start, children: [], ...(target && { target }) };
  const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
  if (anchor !== undefined) walk.anchors.set(anchor, entry);
  if (!isCollection(node) || walk.stopped) return entry;
  const offset = node.range?.[0] ?? 0;
  // `a: {{ .Values.x }}` is YAML by accident: a flow map whose key is a flow map.
  if (walk.text.startsWith("{{", offset)) walk.stopped = { kind: "templated", offset };
  else if (depth >= DEEPEST) walk.stopped = { kind: "too-deep", offset };
  else if (isMap(node)) {
    const keys = node.items.map((pair) => keyOf(walk, pair.key));
    const twice = repeated(keys);
    node.items.forEach((pair, index) => {
      const key = keys[index];
      // A key that is itself a collection leads to nothing that we look for.
      if (key === undefined) return;
      const value = pair.value as Node | null;
      entry.children.push(outlineNode(walk, { key, node: value, parent: entry, twice: twice.has(key) }, depth + 1));
    });
  } else if (isSeq(node)) {
    node.items.forEach((item, key) => {
      entry.children.push(outlineNode(walk, { key, node: item as Node, parent: entry, twice: false }, depth + 1));
    });
  }
  return entry;
}

function keyOf(walk: Walk, key: unknown): string | undefined {
  if (isAlias(key)) return keyOf(walk, walk.anchors.get(key.source)?.node);
  if (!isScalar(key)) return undefined;
  if (key.anchor !== undefined) walk.anchors.set(key.anchor, { node: key, children: [], twice: false });
  // `on:` and `1.10:` are what was written, not what one schema makes of them.
  return key.type === "PLAIN" ? (key.source ?? "") : String(key.value);
}

function repeated(keys: readonly (string | undefined)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const key of keys) {
    if (key === undefined) continue;
    if (seen.has(key) && key !== "<<") twice.add(key);
    seen.add(key);
  }
  return twice;
}

export function childOf(entry: Entry | undefined, key: string | number): Entry | undefined {
  return entry?.children.find((child) => String(child.key) === String(key));
}

export function pointerOf(entry: Entry): readonly (string | number)[] {
  if (entry.parent === undefined || entry.key === undefined) return [];
  return [...pointerOf(entry.parent), entry.key];
}

/** The entry and all that contain it, innermost first. */
export function* withAncestors(entry: Entry): Generator<Entry> {
  for (let current: Entry | undefined = entry; current; current = current.parent) yield current;
}

/** The entry and everything below it, in the order of the file. */
export function* withDescendants(entry: Entry): Generator<Entry> {
  yield entry;
  for (const child of entry.children) yield* withDescendants(child);
}

/** Offset in the file; for an absent value that of the nearest thing around it. */
export function offsetOf(outline: Outline, entry: Entry): number {
  for (const { node } of withAncestors(entry)) {
    if (node?.range) return outline.start + node.range[0];
  }
  return outline.start;
}
