// A text that stands on GitHub, as a quotation in the story: rendered, with a bar at its left.

import { renderMarkdown } from "./render-markdown.ts";
import type { Terminal } from "./terminal.ts";

const MARGIN = "      ";

export function frameMarkdown(markdown: string, terminal: Terminal): readonly string[] {
  const { width, paint } = terminal;
  const bar = `${MARGIN}${paint("dim", "│")} `;
  const rendering = { ...terminal, width: width - MARGIN.length - 2, unfold: false };
  return renderMarkdown(markdown, rendering).map((line) => `${bar}${line}`.trimEnd());
}
