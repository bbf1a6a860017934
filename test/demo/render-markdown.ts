// GitHub's Markdown as text for a terminal: what a person would see on the page, without its syntax. Folded parts are
// named and digests shortened, unless the caller wants to see all.

import type { List, Nodes, PhrasingContent, RootContent, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { layOutTable } from "./lay-out-table.ts";
import { type Colour, fillLines, shortenDigests, type Terminal } from "./terminal.ts";

export interface Rendering extends Terminal {
  readonly unfold: boolean;
}

export function renderMarkdown(markdown: string, rendering: Rendering): readonly string[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const blocks: (readonly string[])[] = [];
  let folded = false;
  for (const node of tree.children) {
    if (node.type === "html" && node.value.startsWith("<details>")) {
      blocks.push([renderSummary(node.value, rendering)]);
      folded = !rendering.unfold;
    } else if (node.type === "html" && node.value === "</details>") folded = false;
    else if (!folded && !isMarker(node)) blocks.push(renderBlock(node, rendering));
  }
  return join(blocks);
}

function renderSummary(html: string, { unfold, paint }: Rendering): string {
  const summary = /<summary>(.*)<\/summary>/.exec(html)?.[1] ?? "Details";
  return unfold ? paint("bold", `▾ ${summary}`) : paint("dim", `▸ ${summary} (folded)`);
}

function isMarker(node: RootContent): boolean {
  return node.type === "html" && node.value.startsWith("<!--");
}

/** A blank line between blocks, but none between folded parts that follow each other. */
function join(blocks: readonly (readonly string[])[]): readonly string[] {
  return blocks.flatMap((block, index) => {
    const follows = block[0]?.includes("▸") === true && blocks[index - 1]?.[0]?.includes("▸") === true;
    return index === 0 || follows ? block : ["", ...block];
  });
}

function renderBlock(node: RootContent, rendering: Rendering): readonly string[] {
  const { width, paint } = rendering;
  if (node.type === "paragraph") return fillLines(wordsOf(node.children, rendering), width);
  if (node.type === "heading")
    return fillLines(wordsOf(node.children, rendering), width).map((line) => paint("bold", line));
  if (node.type === "list") return renderList(node, rendering);
  if (node.type === "table") return renderTable(node, rendering);
  if (node.type === "code") return node.value.split("\n").map((line) => `  ${line}`);
  if (node.type === "blockquote")
    return node.children.flatMap((child) => renderBlock(child, rendering).map((line) => `│ ${line}`));
  if (node.type === "thematicBreak") return ["─".repeat(width)];
  return "value" in node ? [node.value] : [];
}

function renderList({ children }: List, rendering: Rendering): readonly string[] {
  const inner = { ...rendering, width: rendering.width - 2 };
  return children.flatMap((item) =>
    item.children
      .flatMap((child) => renderBlock(child, inner))
      .map((line, index) => (index === 0 ? `• ${line}` : `  ${line}`)),
  );
}

function renderTable({ children }: Table, rendering: Rendering): readonly string[] {
  const rows = children.map((row) => row.children.map((cell) => wordsOf(cell.children, rendering)));
  return layOutTable(rows, rendering);
}

interface Run {
  readonly text: string;
  readonly colours: readonly Colour[];
}

/** Words are parted at blanks only, so that `a`: stays together; each is painted by itself, so that lines can break. */
function wordsOf(nodes: readonly PhrasingContent[], { paint, unfold }: Rendering): readonly string[] {
  const words: string[] = [""];
  for (const { text, colours } of nodes.flatMap((node) => runsOf(node, []))) {
    const shown = unfold ? text : shortenDigests(text);
    for (const [index, part] of shown.split(/\s+/).entries()) {
      if (index > 0) words.push("");
      const painted = colours.reduce((word, colour) => paint(colour, word), part);
      words.push(`${words.pop() ?? ""}${painted}`);
    }
  }
  return words.filter((word) => word !== "");
}

function runsOf(node: Nodes, colours: readonly Colour[]): readonly Run[] {
  if (node.type === "inlineCode") return [{ text: node.value, colours: [...colours, "cyan"] }];
  if (node.type === "strong") return node.children.flatMap((child) => runsOf(child, [...colours, "bold"]));
  if (node.type === "break") return [{ text: " ", colours }];
  if ("children" in node) return node.children.flatMap((child) => runsOf(child, colours));
  return "value" in node ? [{ text: node.value, colours }] : [];
}
