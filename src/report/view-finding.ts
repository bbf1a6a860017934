// One finding for the check's summary: where, what, how to mend it, and the line itself with a caret under the fault.

import type { Finding } from "../domain/finding.ts";
import { code, fenced, NOTHING, type SafeMarkdown, sentence, trusted, visibleLine } from "./escape-markdown.ts";

/** How much of a long line is shown before and after the fault. */
const BEFORE = 80;
const AFTER = 120;

export function viewFinding({ severity, file, line, column, message, hint, excerpt, length }: Finding) {
  return {
    mark: trusted(severity === "error" ? "❌" : "⚠️"),
    at: code(`${file}:${line}:${column}`),
    message: sentence(message),
    hint: hint === undefined ? NOTHING : sentence(hint, 300),
    excerpt: excerpt === undefined ? NOTHING : pointAt({ excerpt, line, column, length: length ?? 1 }),
  };
}

function pointAt(fault: {
  readonly excerpt: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}): SafeMarkdown {
  const { excerpt, line, column, length } = fault;
  const start = Math.max(0, column - 1 - BEFORE);
  // Measured after cleaning: an invisible character before the fault must not push the caret aside.
  const before = visibleLine(excerpt.slice(start, column - 1), 1_000);
  const marked = visibleLine(excerpt.slice(column - 1, column - 1 + Math.min(length, AFTER)), 1_000);
  const after = visibleLine(excerpt.slice(column - 1 + length, column - 1 + AFTER), 1_000);
  const margin = `${line} | `;
  const caret = "^".repeat(Math.max(1, marked.length));
  return fenced([
    `${margin}${before}${marked}${after}`,
    `${" ".repeat(margin.length - 2)}| ${" ".repeat(before.length)}${caret}`,
  ]);
}
