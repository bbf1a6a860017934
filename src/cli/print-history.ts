// The history of an environment for people and for programs. Everything in it was written by somebody: it is shown as
// text of one line.

import { countOf, listOf } from "../domain/count-words.ts";
import { plainSentence, visibleText } from "../report/escape-markdown.ts";
import { formatTime } from "../report/format-time.ts";
import type { HistoricalVersion, HistoryEntry } from "./history-entry.ts";
import type { ReadHistory } from "./read-history.ts";
import { writeJson } from "./write-json.ts";

export interface ShownHistory extends Pick<ReadHistory, "key" | "branch" | "head" | "notes"> {
  readonly repository: string;
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Where one point in time was asked for. */
  readonly asOf?: number;
}

export function historyText(shown: ShownHistory): string {
  const { key, repository, branch, head, entries, asOf, notes } = shown;
  const when = asOf === undefined ? "" : `, as of ${formatTime(asOf)}`;
  const heading = `${key} in ${visibleText(repository)}, ${visibleText(branch)} at ${head.slice(0, 7)}${when}`;
  const body = entries.length === 0 ? ["Nothing was ever declared there."] : entries.map(writeEntry);
  return [heading, ...body, ...(notes.length > 0 ? [notes.map((note) => plainSentence(note)).join("\n")] : [])].join(
    "\n\n",
  );
}

function writeEntry(entry: HistoryEntry): string {
  const { versions, unreadable } = entry;
  const first = versions.length === 0 ? ["nothing declared"] : versionLines(versions);
  const lines = [
    stretchOf(entry),
    originOf(entry),
    ...peopleOf(entry),
    ...healthOf(entry),
    ...unreadable.slice(0, MOST_FILES).map(({ path, why }) => visibleText(`not known: ${path}: ${why}`, 300)),
    ...(unreadable.length > MOST_FILES ? [`and ${countOf(unreadable.length - MOST_FILES, "more file")}`] : []),
  ];
  return [...first, ...lines.map((line) => `  ${line}`)].join("\n");
}

const MOST_FILES = 5;

function versionLines(versions: readonly HistoricalVersion[]): readonly string[] {
  const hasSeveral = new Set(versions.map(({ image }) => image)).size > 1;
  return versions.map(({ image, tag, digest, digestFrom }) => {
    const name = hasSeveral ? [image] : [];
    const source = digestFrom === undefined ? [] : [`(digest from the ${digestFrom})`];
    const shown = [...name, ...(tag === undefined ? [] : [tag]), ...(digest === undefined ? [] : [digest]), ...source];
    const isDisputed = versions.filter((version) => version.image === image).length > 1;
    return visibleText(`${shown.join(" ")}${isDisputed ? ", the places disagree" : ""}`);
  });
}

function stretchOf({ since, orEarlier, until }: HistoryEntry): string {
  const from = `since ${formatTime(since)}${orEarlier ? " or earlier" : ""}`;
  return until === undefined ? `${from}, and still` : `${from}, until ${formatTime(until)}`;
}

function originOf({ how, pullRequest, commit, title, author }: HistoryEntry): string {
  const what = how === "promotion" ? "promotion" : `commit of ${visibleText(author, 80) || "nobody"}`;
  const number = pullRequest === undefined ? "" : ` #${pullRequest}`;
  return `${what}${number}, ${commit.slice(0, 7)} ${visibleText(title, 100)}`.trimEnd();
}

function peopleOf({ requestedBy, overriddenBy, mergedBy, approvedBy }: HistoryEntry): readonly string[] {
  const parts = [
    ...(requestedBy.length > 0 ? [`requested by ${listOf(requestedBy)}`] : []),
    ...(mergedBy === undefined ? [] : [`merged by ${mergedBy}`]),
    ...(approvedBy === undefined
      ? []
      : [approvedBy.length === 0 ? "approved by nobody" : `approved by ${listOf(approvedBy)}`]),
    ...(overriddenBy.length > 0 ? [`gates overridden by ${listOf(overriddenBy)}`] : []),
  ];
  return parts.length === 0 ? [] : [visibleText(parts.join(", "))];
}

function healthOf({ healthyAt, soaked }: HistoryEntry): readonly string[] {
  if (healthyAt === undefined) return [];
  const soak = soaked === undefined ? "" : `, soaked for ${describeDuration(soaked)}`;
  return [`first healthy ${formatTime(healthyAt)}${soak}`];
}

const UNITS = [
  { unit: "day", length: 86_400_000 },
  { unit: "hour", length: 3_600_000 },
  { unit: "minute", length: 60_000 },
  { unit: "second", length: 1_000 },
] as const;

/** In the largest unit that says it without a rest: `24 hours` stay a day. */
function describeDuration(milliseconds: number): string {
  const { unit, length } = UNITS.find((each) => milliseconds > 0 && milliseconds % each.length === 0) ?? UNITS[3];
  return countOf(Math.round(milliseconds / length), unit);
}

export function historyJson({ key, repository, branch, head, entries, asOf, notes }: ShownHistory): string {
  return writeJson({
    environment: key,
    repository,
    branch,
    head,
    ...(asOf !== undefined && { asOf: iso(asOf) }),
    entries: entries.map(({ since, until, healthyAt, soaked, ...rest }) => ({
      since: iso(since),
      ...(until !== undefined && { until: iso(until) }),
      ...rest,
      ...(healthyAt !== undefined && { healthy: iso(healthyAt) }),
      ...(soaked !== undefined && { soakedSeconds: Math.floor(soaked / 1_000) }),
    })),
    notes,
  });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
