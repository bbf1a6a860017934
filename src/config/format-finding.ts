// A finding as text for a terminal or a log: where, what, the line with a caret, what to do. What people wrote is shown
// without anything that a terminal would obey.

import type { Finding } from "../domain/finding.ts";

const WIDEST = 120;
const WIDEST_CARET = 60;

/**
 * `.github/stagecoach.yaml:12:9: error: Unknown key `mrege` in an environment.`, then the line, the caret and the hint.
 * Ends without a line break.
 */
export function formatFinding(finding: Finding): string {
  const { file, line, column, severity, message, hint } = finding;
  const lines = [`${file}:${line}:${column}: ${severity}: ${message}`, ...excerptOf(finding)];
  if (hint !== undefined) lines.push(`  ${hint}`);
  return lines.map(printable).join("\n");
}

/** `2 errors, 1 warning`. */
export function countFindings(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const parts = [counted(errors, "error"), counted(warnings, "warning")].filter((part) => part !== undefined);
  return parts.length === 0 ? "nothing to complain about" : parts.join(", ");
}

function counted(count: number, word: string): string | undefined {
  if (count === 0) return undefined;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function excerptOf({ line, column, excerpt, length = 1 }: Finding): readonly string[] {
  if (excerpt === undefined) return [];
  // The caret stays in view where a line is longer than a screen.
  const cut = column > WIDEST - WIDEST_CARET ? column - (WIDEST - WIDEST_CARET) : 0;
  const shown = excerpt.slice(cut, cut + WIDEST);
  const gutter = `${line}`;
  const before = shown.slice(0, column - 1 - cut).replace(/[^\t]/g, " ");
  const caret = "^".repeat(Math.max(1, Math.min(length, WIDEST_CARET, shown.length - before.length)));
  return [`  ${gutter} | ${shown}`, `  ${" ".repeat(gutter.length)} | ${before}${caret}`];
}

/** Control characters move cursors and set titles; bidirectional ones reorder what is read. */
function printable(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
}
