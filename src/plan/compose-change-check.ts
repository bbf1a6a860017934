// Puts together what the check on somebody's pull request says: its pipeline file, the guards, and what it takes out of
// environments. The worst of them decides, and gives the title.

import type { CheckSubject, CheckView } from "../domain/check-view.ts";
import { countOf, listOf } from "../domain/count-words.ts";
import type { Finding } from "../domain/finding.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import type { ProposedPipelineFile } from "../domain/proposed-change.ts";
import type { ChangeVerdict } from "./guard-change.ts";
import type { RemovalVerdict } from "./guard-removals.ts";
import { code } from "./wording.ts";

type Composed = Omit<CheckView, "fingerprint">;

interface Opinion {
  readonly state: CheckView["state"];
  readonly title: string;
}

export interface Judgements {
  readonly change: Exclude<ChangeVerdict, { readonly kind: "needs" }>;
  readonly removals: Exclude<RemovalVerdict, { readonly kind: "needs" }>;
}

const WORST_FIRST: readonly CheckView["state"][] = ["failure", "in-progress", "success"];

export function composeChangeCheck({ change, removals }: Judgements): Composed {
  const { verdicts, pipelineFile } = change.kind === "judged" ? change : { verdicts: [], pipelineFile: undefined };
  const removed = removals.kind === "check" ? removals.check : undefined;
  const unknown = change.kind === "unknown" ? notKnown(change.why) : [];
  if (verdicts.length === 0 && pipelineFile === undefined && unknown.length === 0)
    return removed ?? nothingOfOurs(removals);
  const opinions: readonly Opinion[] = [
    ...ofPipelineFile(pipelineFile),
    ...ofGuards(verdicts),
    ...(removed ? [removed] : []),
    ...unknown,
  ];
  const worst = [...opinions].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state))[0];
  const { state, title } = worst ?? { state: "success" as const, title: "Nothing here stops it" };
  const notes = [
    ...unknown.map((each) => each.title),
    ...notesOf(pipelineFile),
    ...(removals.kind === "check" ? removals.check.subject.notes : removals.notes),
  ];
  const subject: CheckSubject = { ...partsOf(removed), ...fileOf(pipelineFile), kind: "change", verdicts, notes };
  return { state, title, subject, ...(removed?.actions && { actions: removed.actions }) };
}

function nothingOfOurs(removals: Judgements["removals"]): Composed {
  const notes = removals.kind === "nothing-removed" ? removals.notes : [];
  return { state: "success", title: "No promotion of Stagecoach's", subject: { kind: "nothing-of-ours", notes } };
}

function notKnown(why: string): readonly Opinion[] {
  return [{ state: "in-progress", title: `Not known yet what this changes: ${why}` }];
}

function partsOf(
  removed: Composed | undefined,
): Pick<Extract<CheckSubject, { kind: "removals" }>, "removals" | "approvals"> {
  const subject = removed?.subject;
  return subject?.kind === "removals" ? subject : { removals: [], approvals: [] };
}

function fileOf(
  file: ProposedPipelineFile | undefined,
): Pick<Extract<CheckSubject, { kind: "change" }>, "findings" | "preview"> {
  return file?.kind === "read" ? file : { findings: [], preview: [] };
}

function ofPipelineFile(file: ProposedPipelineFile | undefined): readonly Opinion[] {
  if (file === undefined) return [];
  switch (file.kind) {
    case "gone":
      return [{ state: "success", title: "No pipeline file would be left" }];
    case "unread":
      return [{ state: "in-progress", title: `The pipeline file could not be read: ${file.why}` }];
    case "read":
      return [judgeFindings(file.findings)];
  }
}

function judgeFindings(findings: readonly Finding[]): Opinion {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const title = `${countOf(errors.length, "error")} in the pipeline file: ${errors[0]?.message ?? ""}`;
    return { state: "failure", title };
  }
  const warnings = findings.length > 0 ? `, with ${countOf(findings.length, "warning")}` : "";
  return { state: "success", title: `The pipeline file can be read${warnings}` };
}

function notesOf(file: ProposedPipelineFile | undefined): readonly string[] {
  if (file?.kind === "gone")
    return ["Without a pipeline file Stagecoach does nothing here any more, and what is open stays as it is"];
  if (file?.kind === "read")
    return ["Nothing of this pipeline file counts before it is on the default branch, for this pull request neither"];
  return [];
}

function ofGuards(verdicts: readonly GuardVerdict[]): readonly Opinion[] {
  const [failed, waiting] = [inState("failed", verdicts), inState("waiting", verdicts)];
  if (failed.length > 0) return [{ state: "failure", title: titleOf(failed) }];
  if (waiting.length > 0) return [{ state: "in-progress", title: titleOf(waiting) }];
  if (verdicts.length === 0) return [];
  const words = listOf([...new Set(verdicts.map(({ guard }) => guard))]);
  return [
    {
      state: "success",
      title: `${countOf(verdicts.length, "remark")}, which ${verdicts.length === 1 ? "stops" : "stop"} nothing: ${words}`,
    },
  ];
}

function inState(state: GuardVerdict["state"], verdicts: readonly GuardVerdict[]): readonly GuardVerdict[] {
  return verdicts.filter((verdict) => verdict.state === state);
}

function titleOf([first, ...others]: readonly GuardVerdict[]): string {
  if (first === undefined) return "";
  const more = others.length > 0 ? `, and ${countOf(others.length, "more finding")}` : "";
  const where = first.keys.length === 1 && first.keys[0] !== undefined ? ` ${code(first.keys[0])}:` : "";
  return `${first.guard}:${where} ${first.why}${more}`;
}
