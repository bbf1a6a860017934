// What GitHub shows at the lines of the changed files: findings in the pipeline file, and what the guards found. It renders
// no Markdown there.

import type { CheckSubject } from "../domain/check-view.ts";
import type { Finding } from "../domain/finding.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { plainSentence } from "./escape-markdown.ts";

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning";
  /** Plain text. */
  readonly message: string;
}

/** As many as GitHub takes in one request. */
const ANNOTATIONS = 50;

export function annotate(subject: CheckSubject): readonly Annotation[] {
  switch (subject.kind) {
    case "findings":
      return atFindings(subject.findings).slice(0, ANNOTATIONS);
    case "change":
      return [...atFindings(subject.findings), ...atVerdicts(subject.verdicts)].slice(0, ANNOTATIONS);
    case "promotion":
    case "merge-group":
    case "removals":
    case "sandbox":
    case "nothing-of-ours":
      return [];
  }
}

function atFindings(findings: readonly Finding[]): readonly Annotation[] {
  return findings
    .filter(({ file }) => file !== "")
    .slice(0, ANNOTATIONS)
    .map(({ file, line, severity, message, hint }) => ({
      path: file,
      line: Math.max(1, line),
      level: severity === "error" ? "failure" : "warning",
      message: linesOf([message, ...(hint === undefined ? [] : [hint])]),
    }));
}

function atVerdicts(verdicts: readonly GuardVerdict[]): readonly Annotation[] {
  return verdicts.flatMap(({ guard, state, at, why, cure }): readonly Annotation[] => {
    if (at === undefined || state === "overridden") return [];
    const message = linesOf([`${guard}: ${why}.`, `${cure}.`]);
    return [{ path: at.path, line: Math.max(1, at.line), level: state === "failed" ? "failure" : "warning", message }];
  });
}

function linesOf(sentences: readonly string[]): string {
  return sentences.map((text) => plainSentence(text)).join("\n");
}
