// What the check run on a head says: the title beside its name, the summary behind it, and findings at their lines.
// The state and the title are the planner's.

import { countOf, listOf } from "../domain/count-words.ts";
import type { Finding } from "../domain/finding.ts";
import type { CheckSubject, CheckView } from "../domain/plan.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { NOTHING, plainSentence, reference, sentence, trusted } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { LONGEST_SUMMARY, renderWithin } from "./render-within.ts";
import { viewFinding } from "./view-finding.ts";
import { countGates, viewGates } from "./view-gates.ts";
import { viewRemovals } from "./view-removals.ts";

/** What the forge sets on a head. */
export interface CheckReport {
  readonly state: CheckView["state"];
  readonly title: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly annotations: readonly Annotation[];
}

interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning";
  /** Plain text. */
  readonly message: string;
}

const LONGEST_TITLE = 120;
const FINDINGS_SHOWN = 25;
const NOTES_SHOWN = 30;
const PROMOTIONS_SHOWN = 30;
/** As many as GitHub takes in one request. */
const ANNOTATIONS = 50;

/** The least important first. */
const SECTIONS = ["notes", "details"] as const;
type Section = (typeof SECTIONS)[number];

export function renderCheck(view: CheckView, templates: CompiledTemplates): CheckReport {
  const { subject } = view;
  const summary = renderWithin({
    limit: LONGEST_SUMMARY,
    droppable: SECTIONS,
    render: (leftOut) => renderSummary({ subject, templates, leftOut }),
  });
  assertSafeMarkdown(summary, { references: subject.kind === "merge-group" ? subject.promotions : [] });
  return {
    state: view.state,
    title: plainSentence(view.title, LONGEST_TITLE),
    summary,
    fingerprint: view.fingerprint,
    annotations: subject.kind === "findings" ? annotate(subject.findings) : [],
  };
}

function renderSummary(parts: {
  readonly subject: CheckSubject;
  readonly templates: CompiledTemplates;
  readonly leftOut: ReadonlySet<Section>;
}): string {
  const { subject, templates, leftOut } = parts;
  const notes = viewNotes(subject.notes, leftOut);
  switch (subject.kind) {
    case "promotion": {
      const gates = leftOut.has("details") ? [] : subject.gates;
      return templates["check-promotion"]({
        progress: trusted(countGates(subject.gates)),
        ...viewGates(gates),
        ...notes,
      });
    }
    case "merge-group":
      return templates["check-merge-group"]({ opening: trusted(describeGroup(subject.promotions)), ...notes });
    case "findings":
      return templates["check-findings"]({ ...viewFindings(subject.findings, leftOut), ...notes });
    case "removals":
      return templates["check-removals"]({ ...viewRemovals(subject, leftOut.has("details")), ...notes });
    case "nothing-of-ours":
      return templates["check-nothing-of-ours"](notes);
  }
}

function viewNotes(notes: readonly string[], leftOut: ReadonlySet<Section>) {
  const shown = leftOut.has("notes") ? [] : notes.slice(0, NOTES_SHOWN);
  const hidden = notes.length - shown.length;
  return {
    notes: shown.map((note) => sentence(note)),
    moreNotes: hidden > 0 ? trusted(`${countOf(hidden, "more remark")} not shown here.`) : NOTHING,
  };
}

function describeGroup(promotions: readonly number[]): string {
  if (promotions.length === 0) return "This merge group contains no promotion.";
  const hidden = promotions.length - PROMOTIONS_SHOWN;
  const shown = promotions.slice(0, PROMOTIONS_SHOWN).map(reference);
  return `This merge group contains ${listOf([...shown, ...(hidden > 0 ? [`${hidden} more`] : [])])}.`;
}

function viewFindings(findings: readonly Finding[], leftOut: ReadonlySet<Section>) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const counts = [
    ...(errors > 0 ? [countOf(errors, "error")] : []),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
  ];
  const consequence =
    errors === 0 ? "A warning stops nothing." : "A pipeline with an error stands still; the others go on.";
  const shown = leftOut.has("details") ? [] : findings.slice(0, FINDINGS_SHOWN);
  const hidden = findings.length - shown.length;
  return {
    opening: findings.length === 0 ? NOTHING : trusted(`${listOf(counts)}. ${consequence}`),
    findings: shown.map(viewFinding),
    moreFindings:
      hidden > 0
        ? trusted(`${countOf(hidden, "more finding")} not shown here; \`stagecoach validate\` lists all.`)
        : NOTHING,
  };
}

/** Findings as GitHub shows them in the changed files. It renders no Markdown there. */
function annotate(findings: readonly Finding[]): readonly Annotation[] {
  return findings
    .filter(({ file }) => file !== "")
    .slice(0, ANNOTATIONS)
    .map(({ file, line, severity, message, hint }) => ({
      path: file,
      line: Math.max(1, line),
      level: severity === "error" ? "failure" : "warning",
      message: [message, ...(hint === undefined ? [] : [hint])].map((text) => plainSentence(text)).join("\n"),
    }));
}
