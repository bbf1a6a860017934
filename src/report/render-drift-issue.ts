// The issue about drift in one environment: what differs, what the reconciler does about it by itself, what people can
// do, and what waits because of it. Only what was seen live is told as true; the rest is folded away with its verdict.

import { countOf, listOf } from "../domain/count-words.ts";
import type { DriftFinding, DriftVerdict } from "../domain/drift.ts";
import type { DriftIssueView } from "../domain/live-view.ts";
import type { CompiledTemplates } from "./compile-templates.ts";
import {
  cell,
  code,
  NOTHING,
  name,
  reference,
  type SafeMarkdown,
  sentence,
  trusted,
  wholeSentence,
} from "./escape-markdown.ts";
import { assertSafeMarkdown } from "./find-unsafe-markdown.ts";
import { formatTime } from "./format-time.ts";
import { fieldName, objectName, sidesOf } from "./live-words.ts";
import { plainWord } from "./name-release.ts";
import { LONGEST_BODY, renderWithin, tellLeftOut } from "./render-within.ts";
import { driftMark } from "./write-marks.ts";

/** What the forge sets on an issue. */
export interface DriftIssue {
  readonly title: string;
  readonly body: string;
}

const FINDINGS_SHOWN = 40;
const OTHERS_SHOWN = 20;
const LINES_SHOWN = 20;

/** The least important first. */
const SECTIONS = ["others", "healing", "ways", "findings"] as const;
type Section = (typeof SECTIONS)[number];

const SECTION_NAMES: Readonly<Record<Section, string>> = {
  others: "what is no drift",
  healing: "what happens by itself",
  ways: "what you can do",
  findings: "what differs",
};

const VERDICTS: Readonly<Record<DriftVerdict, string>> = {
  confirmed: "confirmed",
  healed: "healed",
  stale: "out of date",
  "wrong-revision": "said of another revision",
  "changed-since": "changed since",
  ignored: "allowed",
  unverifiable: "could not be looked at",
};

export function renderDriftIssue(view: DriftIssueView, templates: CompiledTemplates): DriftIssue {
  const body = renderWithin({
    limit: LONGEST_BODY,
    droppable: SECTIONS,
    render: (leftOut) => templates.drift(viewDrift(view, leftOut)),
  });
  assertSafeMarkdown(body, { references: view.pullRequest === undefined ? [] : [view.pullRequest] });
  return { title: `Drift in ${plainWord(view.pipeline)}/${plainWord(view.environment)}`, body };
}

function viewDrift(view: DriftIssueView, leftOut: ReadonlySet<Section>) {
  const unlessLeftOut = <T>(section: Section, items: readonly T[]) => (leftOut.has(section) ? [] : items);
  const confirmed = unlessLeftOut(
    "findings",
    view.findings.filter(({ verdict }) => verdict === "confirmed"),
  );
  const others = view.findings.filter(({ verdict }) => verdict !== "confirmed");
  const hidden = confirmed.length - FINDINGS_SHOWN;
  return {
    opening: openingSentence(view),
    findings: confirmed.slice(0, FINDINGS_SHOWN).map(viewFinding),
    moreFindings: hidden > 0 ? trusted(`${countOf(hidden, "more difference")} not shown here.`) : NOTHING,
    verified: verifiedSentence(confirmed),
    healing: unlessLeftOut("healing", view.healing)
      .slice(0, LINES_SHOWN)
      .map((text) => trusted(`${sentence(text)}.`)),
    ways: unlessLeftOut("ways", view.ways)
      .slice(0, LINES_SHOWN)
      .map((text) => wholeSentence(text)),
    waits: waitsSentence(view),
    others: unlessLeftOut("others", others).slice(0, OTHERS_SHOWN).map(viewOther),
    leftOut: tellLeftOut(leftOut, SECTION_NAMES),
    closing: trusted("Stagecoach closes this issue when nothing differs any more."),
    marker: driftMark(view.key, view.fingerprint),
  };
}

function openingSentence({ pipeline, environment, since, pullRequest }: DriftIssueView): SafeMarkdown {
  const sentences = [
    `What runs in ${name(environment)} of ${name(pipeline)} is not what Git says, and no promotion made the difference.`,
    ...(since === undefined ? [] : [`As far as is known it has been so since ${formatTime(since)}.`]),
    ...(pullRequest === undefined ? [] : [`The last promotion there was ${reference(pullRequest)}.`]),
  ];
  return trusted(sentences.join(" "));
}

function viewFinding(finding: DriftFinding) {
  const { desired, live } = sidesOf(finding);
  const { manager, subresource, time } = finding.field ?? {};
  const writer = manager === undefined ? trusted("–") : code(manager, 120);
  return {
    object: cell(objectName(finding)),
    field: cell(fieldName(finding)),
    desired: cell(desired),
    live: cell(live),
    writer: cell(subresource === undefined ? writer : trusted(`${writer} (${code(subresource, 60)})`)),
    since: trusted(time === undefined ? "–" : formatTime(time)),
  };
}

function verifiedSentence(confirmed: readonly DriftFinding[]): SafeMarkdown {
  const claims = [...new Set(confirmed.flatMap(({ claimedBy }) => claimedBy ?? []))].slice(0, 5);
  const told = claims.length === 0 ? "" : ` ${listOf(claims.map((claim) => code(claim, 120)))} told of it first.`;
  const who = confirmed.some(({ field }) => field?.manager !== undefined)
    ? " *Written by* names the tool that wrote the field, not a person; who used it is in the cluster's audit log."
    : "";
  return trusted(`Stagecoach saw this in the cluster itself, at the revision that runs there.${told}${who}`);
}

function waitsSentence({ environment, holds }: DriftIssueView): SafeMarkdown {
  const where = holds ? `out of ${name(environment)} and into it` : `out of ${name(environment)}`;
  return trusted(`promotions ${where}, until nothing differs any more.`);
}

function viewOther(finding: DriftFinding): SafeMarkdown {
  const what = `${objectName(finding)}, ${fieldName(finding)}`;
  return trusted(`${what}: ${VERDICTS[finding.verdict]}${finding.why === "" ? "" : `, ${sentence(finding.why, 300)}`}`);
}
