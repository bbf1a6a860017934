// Gathers what is wrong while files are read: everything at once, each place once, and never more than people can use.
// A mistake in a pipeline that stands for five hundred folders is one finding.

import type { Finding } from "../domain/finding.ts";
import { lineText, locate, type SourceFile } from "./source.ts";

export const MOST_FINDINGS = 100;
const LONGEST_EXCERPT = 300;

/** Looking for the nearest word is work, so it may wait until somebody is going to read it. */
export type Hint = string | (() => string | undefined);

export interface Problem {
  readonly file: SourceFile;
  /** Offsets into the file's text. */
  readonly start: number;
  readonly end: number;
  readonly path: string;
  readonly message: string;
  readonly hint?: Hint;
  readonly severity?: "error" | "warning";
  readonly pipeline?: string;
  /** How many faults the same reader had found at this very place before: what makes them one across readers. */
  readonly occurrence?: number;
}

export interface Gathering {
  /** Gives the finding also where it is not kept: what is not told must still stop its pipeline. */
  readonly add: (problem: Problem) => Finding;
  readonly findings: () => readonly Finding[];
}

/** `discreet`: what stands in the file may be a secret in the wrong place, so nothing of it is shown. */
export function gatherFindings({ discreet = false }: { readonly discreet?: boolean } = {}): Gathering {
  const found = new Map<string, Finding>();
  const omitted = new Set<string>();
  return {
    add(problem) {
      const finding = discreet ? withoutText(findingOf(problem)) : findingOf(problem);
      const identity = `${finding.file} ${problem.start} ${finding.path} ${problem.occurrence ?? finding.message}`;
      if (found.has(identity)) return finding;
      if (found.size < MOST_FINDINGS) found.set(identity, withHint(finding, problem.hint));
      else omitted.add(identity);
      return finding;
    },
    findings: () => withRemark([...found.values()].sort(byPlace), omitted.size),
  };
}

function findingOf({ file, start, end, path, message, severity = "error", pipeline }: Problem): Finding {
  const { line, column } = locate(file, start);
  const excerpt = lineText(file, line);
  return {
    severity,
    file: file.path,
    line,
    column,
    path,
    message,
    // A line that no screen holds helps nobody, and a hundred of them are the whole file a hundred times.
    ...(excerpt.length <= LONGEST_EXCERPT && excerpt.trim() !== "" && { excerpt }),
    length: Math.max(1, Math.min(end - start, excerpt.length - column + 1)),
    ...(pipeline !== undefined && { pipeline }),
  };
}

function withoutText({ excerpt: _, ...finding }: Finding): Finding {
  return { ...finding, message: finding.message.replace(/, found .*$/s, ".") };
}

function withHint(finding: Finding, written: Hint | undefined): Finding {
  const hint = typeof written === "function" ? written() : written;
  return hint === undefined ? finding : { ...finding, hint };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function withRemark(findings: readonly Finding[], omitted: number): readonly Finding[] {
  const last = findings.at(-1);
  if (omitted === 0 || last === undefined) return findings;
  const { file, line, column } = last;
  const message = `${omitted} more findings are not shown.`;
  return [...findings, { severity: "warning", file, line, column, path: "", message, hint: "Mend these first." }];
}
