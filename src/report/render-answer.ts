// The one answer to a comment with commands: for each of them what was done, or why not and what would help. Short, since
// it is also an e-mail; what was asked for comes as a table below its sentence.

import type { AnswerReport, AnswerView, CommandAnswer, EnvironmentStatus } from "../domain/conversation-actions.ts";
import { countOf } from "../domain/count-words.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import {
  cell,
  code,
  NOTHING,
  reference,
  type SafeMarkdown,
  sentence,
  trusted,
  wholeSentence,
} from "./escape-markdown.ts";
import { assertSafeMarkdown, findUnsafeMarkdown } from "./find-unsafe-markdown.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { viewGates } from "./view-gates.ts";
import { answerMark } from "./write-marks.ts";

/** The least important first. */
const SECTIONS = ["reports", "notes"] as const;
type Section = (typeof SECTIONS)[number];

const SECTION_NAMES: Readonly<Record<Section, string>> = {
  reports: "the tables",
  notes: "the remarks",
};

const MARKS: Readonly<Record<CommandAnswer["reaction"], string>> = {
  done: "🚀",
  noted: "👍",
  refused: "👎",
  confused: "😕",
};

const LONGEST_LINE = 200;
const NOTES_SHOWN = 20;

export function renderAnswer(view: AnswerView, templates: CompiledTemplates): string {
  const references = view.answers.flatMap(pullRequestsOf);
  const body = renderBody(view, templates);
  if (findUnsafeMarkdown(body, { references }).length === 0) return body;
  // Whoever finds words that cannot be shown must not keep everybody else waiting: how it ended is in our own words.
  const bare = view.answers.map(({ reaction }) => ({ line: "", reaction, what: UNSHOWN, notes: [] }));
  const verdict = renderBody({ ...view, answers: bare }, templates);
  assertSafeMarkdown(verdict);
  return verdict;
}

const UNSHOWN = "the details cannot be shown here safely; the check and the ledger have them";

function renderBody(view: AnswerView, templates: CompiledTemplates): string {
  return renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) =>
      templates.answer({
        answers: view.answers.map((answer) => viewAnswer(answer, leftOut)),
        leftOut: tellLeftOut(leftOut, SECTION_NAMES),
        marker: answerMark(view.comment),
      }),
  });
}

function pullRequestsOf({ report }: CommandAnswer): readonly number[] {
  if (report?.kind !== "status") return [];
  return report.environments.flatMap(({ proposed }) => proposed?.number ?? []);
}

function viewAnswer({ line, reaction, what, notes, report }: CommandAnswer, leftOut: ReadonlySet<Section>) {
  return {
    mark: trusted(MARKS[reaction]),
    line: code(line, LONGEST_LINE),
    what: trusted(`${sentence(what)}.`),
    notes: leftOut.has("notes") ? [] : notes.slice(0, NOTES_SHOWN).map((note) => wholeSentence(note)),
    ...viewReport(leftOut.has("reports") ? undefined : report),
  };
}

function viewReport(report: AnswerReport | undefined) {
  const of = <Kind extends AnswerReport["kind"]>(kind: Kind) =>
    report?.kind === kind ? (report as Extract<AnswerReport, { kind: Kind }>) : undefined;
  const more = of("status")?.more ?? 0;
  return {
    environments: (of("status")?.environments ?? []).map(viewEnvironment),
    gated: (of("gates")?.environments ?? []).map(({ key, release, gates }) => ({
      title: trusted(`${code(key)} ${release === "" ? "" : code(release)}`.trim()),
      gates: viewGates(gates).gates,
    })),
    changes: (of("changes")?.changes ?? []).map(({ path, line, from, to }) => ({
      at: code(`${path}:${line}`),
      from: code(from),
      to: code(to),
    })),
    commands: (of("help")?.commands ?? []).map(({ usage, says, who }) => ({
      usage: cell(code(usage)),
      says: cell(sentence(says)),
      who: cell(sentence(who)),
    })),
    more: more > 0 ? trusted(`${countOf(more, "more environment")} not shown here.`) : NOTHING,
  };
}

function viewEnvironment({ key, declared, proposed, what }: EnvironmentStatus) {
  return {
    key: cell(code(key)),
    declared: declared === undefined ? NOTHING : cell(code(declared)),
    proposed: proposed === undefined ? NOTHING : cell(proposedIn(proposed)),
    what: cell(sentence(what)),
  };
}

function proposedIn({ release, number }: NonNullable<EnvironmentStatus["proposed"]>): SafeMarkdown {
  return trusted(`${code(release)} in ${reference(number)}`);
}
