// What runs in an environment, as a person reads it in a terminal: everything that is known, in the words of the model,
// and what is not known with the reason. Values from clusters are shown as text of one line.

import { countOf } from "../domain/count-words.ts";
import type { DriftField, DriftSuspect, DriftValue } from "../domain/drift.ts";
import type { LiveResource, LiveRevision, LiveState, PruneCandidate, RunningContainer } from "../domain/live-state.ts";
import { nameObject } from "../domain/object-reference.ts";
import type { LiveTarget } from "../domain/pipeline.ts";
import type { Seen } from "../domain/seen.ts";
import { visibleText } from "../report/escape-markdown.ts";
import { formatTime } from "../report/format-time.ts";

export interface ShownPlace {
  readonly target: LiveTarget;
  readonly state: Seen<LiveState>;
}

type Row = readonly [label: string, text: string];

const WIDTH = 12;
const MOST_ROWS = 40;

export function placeText({ target, state }: ShownPlace): string {
  const heading = visibleText(`${target.name} in ${target.source} (${target.kind})`);
  if (state.kind === "unknown") return `${heading}\n  not known: ${visibleText(state.why, 1_000)}`;
  const rows = rowsOf(state.value).map(([label, text]) => `  ${label.padEnd(WIDTH)}${visibleText(text, 1_000)}`);
  return [heading, ...rows, ...listsOf(state.value)].join("\n");
}

function rowsOf(state: LiveState): readonly Row[] {
  const { object, sync, suspended, blocked, link, healing } = state;
  const generation = object.generation === undefined ? "" : `, generation ${object.generation}`;
  return [
    ["object", `${nameObject(object)} (${object.apiVersion}${generation})`],
    ["desired", revisionsOf(state.desired)],
    ["attempted", revisionsOf(state.attempted)],
    ["observed", revisionsOf(state.observed)],
    ["sync", join([[sync.state, sync.cause].filter((word) => word !== undefined).join(", "), sync.message])],
    ["health", healthOf(state)],
    ...(suspended === undefined ? [] : [["suspended", suspended] as const]),
    ...(blocked === undefined ? [] : [["blocked", blockedBy(blocked)] as const]),
    ["freshness", freshnessOf(state)],
    ...(state.lastResult === undefined ? [] : [["last result", resultOf(state.lastResult)] as const]),
    ["healing", healingOf(healing)],
    ...(link === undefined ? [] : [["link", link] as const]),
  ];
}

function revisionsOf(revisions: readonly LiveRevision[] | undefined): string {
  if (revisions === undefined) return "not known";
  if (revisions.length === 0) return "none";
  return revisions
    .map(({ kind, id, reference, repository }) => {
      const where = [reference, repository].filter((word) => word !== undefined).join(" of ");
      return `${kind} ${id}${where === "" ? "" : ` (${where})`}`;
    })
    .join(", ");
}

function healthOf({ health }: LiveState): string {
  const who = { reconciler: "the reconciler says", kstatus: "by its objects", none: "nobody looked" }[health.basis];
  const since = health.since === undefined ? "" : `, since ${formatTime(health.since)}`;
  return join([`${health.state} (${who})${since}`, health.message]);
}

function blockedBy({ code, message, retrying }: NonNullable<LiveState["blocked"]>): string {
  return `${code}: ${message} (${retrying ? "it is tried again" : "it is not tried again by itself"})`;
}

function freshnessOf({ freshness }: LiveState): string {
  const { readAt, reconciledAt, proof, stale } = freshness;
  const looked = reconciledAt === undefined ? "" : `, the reconciler looked at Git ${formatTime(reconciledAt)}`;
  return join([
    `read ${formatTime(readAt)}${looked}, proof: ${proof}`,
    stale === undefined ? undefined : `stale, ${stale}`,
  ]);
}

function resultOf({ phase, startedAt, at, by, message }: NonNullable<LiveState["lastResult"]>): string {
  const begun = startedAt === undefined ? "" : `, begun ${formatTime(startedAt)}`;
  const ended = at === undefined ? "" : `, ended ${formatTime(at)}`;
  return join([`${phase}${begun}${ended}${by === undefined ? "" : `, by ${by}`}`, message]);
}

function healingOf({ on, how, ignored }: LiveState["healing"]): string {
  const does = on === undefined ? "not known" : on ? "changes by hand are put back" : "changes by hand stay";
  const leaves = ignored.length === 0 ? undefined : `leaves alone ${ignored.join(", ")}`;
  return join([how === "" ? does : `${does} (${how})`, leaves]);
}

function join(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(": ");
}

function listsOf({ resources, containers, suspects, prunable }: LiveState): readonly string[] {
  return [
    ...listOf("resources", resources.map(resourceLine)),
    ...listOf("containers", containers.flatMap(containerLines)),
    ...listOf("differs at first sight, not verified", suspects.flatMap(suspectLines)),
    ...listOf("would be pruned", prunable.map(prunableLine)),
  ];
}

function listOf(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_ROWS).map((line) => `    ${line}`);
  const more =
    lines.length > MOST_ROWS ? [`    and ${countOf(lines.length - MOST_ROWS, "more line")}; --json has all`] : [];
  return [`  ${title}`, ...shown, ...more];
}

function resourceLine({ object, sync, health, message }: LiveResource): string {
  const state = [sync, health].filter((word) => word !== undefined).join(", ") || "not known";
  return visibleText(join([`${nameObject(object)}: ${state}`, message]), 400);
}

function containerLines({ workload, container, image, pods }: RunningContainer): readonly string[] {
  return [
    visibleText(`${workload}, ${container}: ${image}`, 400),
    ...pods.map(({ name, digest, ready, newest }) => {
      const what = [
        digest ?? "digest not known",
        ready ? "ready" : "not ready",
        ...(newest ? [] : ["of an older revision"]),
      ];
      return `  ${visibleText(`${name}: ${what.join(", ")}`, 400)}`;
    }),
  ];
}

function suspectLines({ object, change, fields, evidence }: DriftSuspect): readonly string[] {
  return [visibleText(`${nameObject(object)}: ${change} (${evidence})`, 400), ...fields.map(fieldLine)];
}

function fieldLine({ path, desired, live, manager }: DriftField): string {
  const who = manager === undefined ? "" : `, written by ${manager}`;
  return `  ${visibleText(`${path === "" ? "the whole object" : path}: ${valueText(live)} instead of ${valueText(desired)}${who}`, 600)}`;
}

function valueText(value: DriftValue | undefined): string {
  if (value === undefined) return "nothing";
  return value.kind === "hidden" ? "hidden" : value.text;
}

function prunableLine({ object, protection, holdsData }: PruneCandidate): string {
  const kept = { none: "", never: ", never pruned", confirm: ", only after somebody confirms" }[protection];
  return visibleText(`${nameObject(object)}${kept}${holdsData ? ", holds data" : ""}`, 400);
}
