// What the check run on a head says: the title beside its name, the summary behind it, and findings at their lines.
// The state and the title are the planner's.

import type { CheckSubject, CheckView } from "../domain/check-view.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import { type Annotation, annotate } from "./annotate.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import { NOTHING, plainSentence, reference, sentence, trusted, wholeSentence } from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { LONGEST_SUMMARY, renderWithin } from "./render-within.ts";
import { type CheckButton, viewButtons } from "./view-buttons.ts";
import { viewFindings } from "./view-findings.ts";
import { countGates, viewGates } from "./view-gates.ts";
import { viewGuards } from "./view-guards.ts";
import { viewRemovals } from "./view-removals.ts";

/** What the forge sets on a head. */
export interface CheckReport {
  readonly state: CheckView["state"];
  readonly title: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckButton[];
}

const LONGEST_TITLE = 120;
const NOTES_SHOWN = 30;
const PROMOTIONS_SHOWN = 30;

const SANDBOX_OPENING = trusted("Stagecoach opened this because of `/sandbox`.");

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
    annotations: annotate(subject),
    actions: viewButtons(view.actions ?? []),
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
      return templates["check-findings"]({ ...viewFindings(subject.findings, leftOut.has("details")), ...notes });
    case "removals":
      return templates["check-removals"]({ ...viewRemovals(subject, leftOut.has("details")), ...notes });
    case "change":
      return templates["check-change"]({ ...viewChange(subject, leftOut.has("details")), ...notes });
    case "sandbox":
      return templates["check-sandbox"]({ opening: SANDBOX_OPENING, ...notes });
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

function viewChange(subject: Extract<CheckSubject, { kind: "change" }>, short: boolean) {
  return {
    ...viewGuards(subject.verdicts, short),
    ...viewFindings(subject.findings, short),
    preview: (short ? [] : subject.preview).map((line) => wholeSentence(line, 400)),
    ...viewRemovals(subject, short),
  };
}
