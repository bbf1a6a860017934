// The proof of an edit: both texts are parsed again, as YAML 1.1 and as YAML 1.2, and compared node by node. It holds
// only when the values that were meant to change are now exactly those strings, every other value, key, tag, anchor,
// alias and comment is the same, and every byte outside the splices is. It shares nothing with the code that edits
// but the parser.

import { type Document, isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import { parseDocuments, type YamlVersion } from "./parse-documents.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";

export interface Splice {
  /** Offsets in the text before. */
  readonly start: number;
  readonly end: number;
  /** The new bytes, and the string that they stand for. */
  readonly bytes: string;
  readonly value: string;
}

export interface Flaw {
  /** Offset in the text before. */
  readonly offset: number;
  /** A clause: what the proof found. */
  readonly why: string;
}

/** `splices` in the order of the file, without overlap. `undefined`: proven. */
export function findFlaw(edit: {
  readonly before: string;
  readonly after: string;
  readonly splices: readonly Splice[];
  readonly json: boolean;
}): Flaw | undefined {
  const { before, after, splices } = edit;
  const strayed = findStrayByte(edit);
  if (strayed) return strayed;
  if (edit.json && isJson(before) && !isJson(after)) return { offset: 0, why: "the file would no longer be JSON" };
  const [old, now] = [splitDocuments(before), splitDocuments(after)];
  if (old.length !== now.length) return { offset: 0, why: "the number of documents would change" };
  let done = 0;
  for (const [position, chunk] of old.entries()) {
    let next = done;
    while ((splices[next]?.start ?? chunk.end) < chunk.end) next += 1;
    const inside = splices.slice(done, next);
    done = next;
    const twin = now[position];
    if (inside.length === 0 || !twin) continue;
    for (const version of ["1.1", "1.2"] as const) {
      const flaw = compareChunk({ ...edit, chunk, twin, splices: inside, version });
      if (flaw) return flaw;
    }
  }
  return undefined;
}

function findStrayByte({ before, after, splices }: Parameters<typeof findFlaw>[0]): Flaw | undefined {
  let [from, to] = [0, 0];
  for (const { start, end, bytes } of splices) {
    if (start < from || before.slice(from, start) !== after.slice(to, to + start - from)) {
      return { offset: from, why: "bytes outside the value would change" };
    }
    to += start - from + bytes.length;
    from = end;
  }
  return before.slice(from) === after.slice(to)
    ? undefined
    : { offset: from, why: "bytes outside the value would change" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Comparison {
  readonly chunk: Chunk;
  readonly expected: Map<number, string>;
}

function compareChunk(edit: {
  readonly before: string;
  readonly after: string;
  readonly chunk: Chunk;
  readonly twin: Chunk;
  readonly splices: readonly Splice[];
  readonly version: YamlVersion;
}): Flaw | undefined {
  const { chunk, twin, version } = edit;
  const old = parseDocuments(edit.before.slice(chunk.start, chunk.end), version);
  const now = parseDocuments(edit.after.slice(twin.start, twin.end), version);
  if (old.kind === "broken")
    return { offset: chunk.start + old.offset, why: `as YAML ${version} it does not parse: ${old.why}` };
  if (now.kind === "broken") return { offset: chunk.start, why: `as YAML ${version} it would not parse: ${now.why}` };
  if (old.documents.length !== now.documents.length)
    return { offset: chunk.start, why: "the number of documents would change" };
  const comparison: Comparison = {
    chunk,
    expected: new Map(edit.splices.map(({ start, value }) => [start - chunk.start, value])),
  };
  for (const [position, document] of old.documents.entries()) {
    const flaw = compareDocuments(document, now.documents[position], comparison);
    if (flaw) return { ...flaw, why: `as YAML ${version} ${flaw.why}` };
  }
  const missed = [...comparison.expected.keys()][0];
  return missed === undefined
    ? undefined
    : { offset: chunk.start + missed, why: `as YAML ${version} the value is not where it was found` };
}

function compareDocuments(
  old: Document.Parsed,
  now: Document.Parsed | undefined,
  comparison: Comparison,
): Flaw | undefined {
  if (old.comment !== now?.comment || old.commentBefore !== now?.commentBefore) {
    return { offset: comparison.chunk.start, why: "a comment would change" };
  }
  return compareNodes(old.contents, now.contents, comparison);
}

function compareNodes(old: unknown, now: unknown, comparison: Comparison): Flaw | undefined {
  if (isPair(old) && isPair(now)) {
    return compareNodes(old.key, now.key, comparison) ?? compareNodes(old.value, now.value, comparison);
  }
  if (isScalar(old) && isScalar(now)) {
    const at = old.range?.[0] ?? -1;
    const wanted = comparison.expected.get(at);
    const same = sameSurroundings(old, now);
    if (wanted === undefined) return same && sameValue(old.value, now.value) ? undefined : differs(old, comparison);
    comparison.expected.delete(at);
    return same && now.value === wanted ? undefined : differs(old, comparison);
  }
  if ((isMap(old) && isMap(now)) || (isSeq(old) && isSeq(now))) {
    const [was, is]: [readonly unknown[], readonly unknown[]] = [old.items, now.items];
    if (was.length !== is.length || old.flow !== now.flow || !sameSurroundings(old, now))
      return differs(old, comparison);
    for (const [index, item] of was.entries()) {
      const flaw = compareNodes(item, is[index], comparison);
      if (flaw) return flaw;
    }
    return undefined;
  }
  if (isAlias(old) && isAlias(now) && old.source === now.source && sameSurroundings(old, now)) return undefined;
  return (old === null || old === undefined) && old === now ? undefined : differs(old, comparison);
}

const SURROUNDINGS = ["tag", "anchor", "comment", "commentBefore", "spaceBefore"] as const;

function sameSurroundings(old: object, now: object): boolean {
  return SURROUNDINGS.every((name) => Reflect.get(old, name) === Reflect.get(now, name));
}

function sameValue(old: unknown, now: unknown): boolean {
  if (old instanceof Date && now instanceof Date) return Object.is(old.getTime(), now.getTime());
  // The merge key `<<` is a symbol of its own in YAML 1.1.
  if (typeof old === "symbol" && typeof now === "symbol") return old.description === now.description;
  if (old instanceof Uint8Array && now instanceof Uint8Array) return Buffer.compare(old, now) === 0;
  return Object.is(old, now);
}

function differs(node: unknown, { chunk }: Comparison): Flaw {
  const range: unknown = typeof node === "object" && node !== null ? Reflect.get(node, "range") : undefined;
  const offset = Array.isArray(range) && typeof range[0] === "number" ? range[0] : 0;
  return { offset: chunk.start + offset, why: "another value than the one meant would change" };
}
