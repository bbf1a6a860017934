// The lines of a comment that could hold a command: plain text at the beginning of a line, in a paragraph that stands by
// itself. A real Markdown parser tells what is quoted, code, a link, a heading, a list or a table, as GitHub shows it to
// the people who read. What a line says is read elsewhere.

import type { Html, Nodes, Paragraph, PhrasingContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

export interface VisibleLine {
  /** As it was written. */
  readonly text: string;
  /** In their order; the first is plain and begins with `/`. */
  readonly pieces: readonly Piece[];
  /** Why a reader might not see it as it stands here; completes "it stands …". */
  readonly hidden?: string;
}

export interface Piece {
  readonly text: string;
  /** `foreign`: not text alone (HTML, an image), or it goes on in another line. */
  readonly form: "plain" | "code" | "formatted" | "foreign";
}

/** Bytes; what stands behind is not read. */
export const MOST_SCANNED = 16 * 1024;
/** Signs of Markdown, lines, and lists and quotes in each other: the parser's work grows with their square, or it fails. */
const MOST_MARKS = 1_000;
const MOST_LINES = 1_000;
const NESTED = /^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){11}/m;
const DEEPEST_FORMATTING = 20;

const GITHUB = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
const ADDRESS = /www\.|:\/\/|@/i;
/** Codes of `[`, `]` and `~`, at which footnotes, tasks and what is struck out begin. */
const SIGNS: ReadonlySet<string> = new Set(["91", "93", "126"]);
/** Addresses without brackets are looked for at every letter: half of the work, and for nothing where there is none. */
const WITHOUT_ADDRESSES = { ...GITHUB, extensions: GITHUB.extensions.map(withoutAddresses) };

function withoutAddresses({ text = {}, ...blocks }: ReturnType<typeof gfm>): ReturnType<typeof gfm> {
  return { ...blocks, text: Object.fromEntries(Object.entries(text).filter(([code]) => SIGNS.has(code))) };
}

/** `concerns`: whether a line that begins with this word is worth looking at. Without such a line nothing is parsed. */
export function findVisibleLines(written: string, concerns: (word: string) => boolean): readonly VisibleLine[] {
  const { text, isCut } = cut(written.replace(/\r\n?/g, "\n"));
  const source = text.split("\n");
  if (!source.some((line) => concerns(firstWord(line))) || isTangled(text)) return [];
  const blocks = fromMarkdown(text, ADDRESS.test(text) ? GITHUB : WITHOUT_ADDRESSES).children;
  const lines: VisibleLine[] = [];
  let isAfterHtml = false;
  // What was cut off could have made something else of the last block.
  for (const block of isCut ? blocks.slice(0, -1) : blocks) {
    if (block.type === "paragraph") lines.push(...linesOf(block, { source, isAfterHtml }));
    isAfterHtml ||= opensHtml(block);
  }
  return lines;
}

/** A text that was cut before is as long as it may be, but for the bytes of a character that was not cut in two. */
function cut(text: string): { readonly text: string; readonly isCut: boolean } {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length < MOST_SCANNED - 3) return { text, isCut: false };
  return { text: bytes.toString("utf8", 0, MOST_SCANNED), isCut: true };
}

/** No text for people is like this. */
function isTangled(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return count(/[*_~[<`&>!]/g) > MOST_MARKS || count(/\n/g) >= MOST_LINES || NESTED.test(text);
}

interface Surroundings {
  readonly source: readonly string[];
  readonly isAfterHtml: boolean;
}

function linesOf(paragraph: Paragraph, { source, isAfterHtml }: Surroundings): readonly VisibleLine[] {
  const first = (paragraph.position?.start.line ?? 0) - 1;
  const last = (paragraph.position?.end.line ?? 0) - 1;
  const lines: { readonly pieces: Piece[]; readonly isAfterHtml: boolean }[] = [{ pieces: [], isAfterHtml }];
  let isOpen = isAfterHtml;
  for (const child of paragraph.children) {
    isOpen ||= opensHtml(child);
    for (const [index, piece] of piecesOf(child).entries()) {
      if (index > 0) lines.push({ pieces: [], isAfterHtml: isOpen });
      lines.at(-1)?.pieces.push(piece);
    }
  }
  // A line break written as a character reference breaks no line that people see; then the two do not go together.
  if (lines.length !== last - first + 1) return [];
  return lines.flatMap((line, index): readonly VisibleLine[] => {
    const text = (source[first + index] ?? "").replace(/^[ \t]+|[ \t]+$/g, "");
    const pieces = line.pieces.filter((piece) => piece.text !== "" || piece.form === "foreign");
    if (!beginsWithCommand(text, pieces)) return [];
    const formula = isInFormula(source, { first, at: first + index, last }) ? IN_FORMULA : undefined;
    const hidden = line.isAfterHtml ? AFTER_HTML : formula;
    return [{ text, pieces, ...(hidden !== undefined && { hidden }) }];
  });
}

const AFTER_HTML = "behind HTML, in which it may be folded away";
const IN_FORMULA = "between `$` signs, which GitHub shows as a formula";

function firstWord(line: string): string {
  return /^[ \t]*(\/\S*)/.exec(line)?.[1] ?? "";
}

/** The source has to say the same: `\/promote` and `&#47;promote` are ways to write about a command. */
function beginsWithCommand(text: string, [first]: readonly Piece[]): boolean {
  const word = firstWord(text);
  return word !== "" && first?.form === "plain" && word === firstWord(first.text);
}

/** The pieces of one node, a new one for each line that it reaches. */
function piecesOf(node: PhrasingContent): readonly Piece[] {
  switch (node.type) {
    case "text":
      return node.value.split("\n").map((text) => ({ text, form: "plain" }));
    case "break":
      return ["", ""].map((text) => ({ text, form: "plain" }));
    default: {
      const { start, end } = node.position ?? { start: { line: 0 }, end: { line: 0 } };
      const text = start.line === end.line ? textOf(node, 0) : undefined;
      const form = text === undefined ? "foreign" : node.type === "inlineCode" ? "code" : "formatted";
      return Array.from({ length: end.line - start.line + 1 }, () => ({ text: text ?? "", form }));
    }
  }
}

/** What people see of it; `undefined` where that is not text alone. */
function textOf(node: PhrasingContent, depth: number): string | undefined {
  switch (node.type) {
    case "text":
    case "inlineCode":
      return node.value.replaceAll("\n", " ");
    case "emphasis":
    case "strong":
    case "link":
    case "linkReference": {
      const parts = depth === DEEPEST_FORMATTING ? [undefined] : node.children.map((each) => textOf(each, depth + 1));
      return parts.includes(undefined) ? undefined : parts.join("");
    }
    default:
      return undefined;
  }
}

/** Whether HTML begins in it that is more than a comment, a line or an image: nobody knows where it ends. */
function opensHtml(block: Nodes): boolean {
  const remaining: Nodes[] = [block];
  for (let node = remaining.pop(); node !== undefined; node = remaining.pop()) {
    if (node.type === "html" && !isHarmless(node)) return true;
    if ("children" in node) remaining.push(...node.children);
  }
  return false;
}

const HARMLESS = /^(?:<!--(?!-?>)(?:(?!--|<!)[\s\S])*-->|<(?:br|hr)\s*\/?>|<img(?:\s+[a-z-]+="[^"<>]*")*\s*\/?>|\s)*$/i;

function isHarmless({ value }: Html): boolean {
  return HARMLESS.test(value);
}

/** `$ … $` within a paragraph, `$$ … $$` anywhere: a formula can hide what stands in it. */
function isInFormula(
  source: readonly string[],
  { first, at, last }: { readonly first: number; readonly at: number; readonly last: number },
): boolean {
  const isBetween = (sign: string, [from, to]: readonly [number, number]): boolean =>
    source.slice(from, at).some((line) => line.includes(sign)) &&
    source.slice(at, to).some((line) => line.includes(sign));
  return isBetween("$", [first, last + 1]) || isBetween("$$", [0, source.length]);
}
