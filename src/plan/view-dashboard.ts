// Gathers what the dashboard shows: what is held, blocked, failing and waiting, what drifts, what is open and what is
// where. Facts only; `report/` finds the form. Nothing here may change while the world stands still.

import type { DashboardView, PromotedRow, RunningCell, RunningTable, WaitingRow } from "../domain/dashboard.ts";
import { type EnvironmentKey, environmentKey, type Pipeline } from "../domain/pipeline.ts";
import type { Wait } from "../domain/plan.ts";
import { describeRelease } from "../domain/release.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { blockedRows, heldRows, openRows, type RowsContext } from "./dashboard-rows.ts";
import type { EnvironmentDecision, Situation } from "./environment-context.ts";
import { fingerprint } from "./fingerprint.ts";
import { code } from "./wording.ts";

export interface DashboardContext extends RowsContext {
  readonly decisions: readonly EnvironmentDecision[];
  readonly situations: Readonly<Record<EnvironmentKey, Situation>>;
  /** Of environments, those about limits included. */
  readonly waits: readonly Wait[];
  readonly candidates: ReadonlyMap<EnvironmentKey, CandidateContext>;
}

export function viewDashboard(context: DashboardContext): DashboardView {
  const held = heldRows(context);
  const failing = failingRows(context);
  const told = new Set([...failing.map(({ key }) => key), ...context.decisions.filter(isHeld).map(({ key }) => key)]);
  const facts: Omit<DashboardView, "fingerprint"> = {
    alarms: alarmsOf(context),
    held,
    blocked: blockedRows(context),
    failing,
    waiting: waitingRows(context).filter(({ key }) => !told.has(key)),
    drifting: driftingRows(context),
    lent: lentRows(context),
    open: openRows(context),
    running: runningTables(context),
    idle: context.decisions.map(({ key }) => key).filter((key) => context.situations[key] === "nothing-to-do"),
    mayTick: context.configuration.mode !== "observe",
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}

function alarmsOf({ observed: { ledger }, configuration }: DashboardContext): readonly string[] {
  const distrust = ledger.kind === "known" && ledger.value.kind === "untrusted" ? [ledger.value.why] : [];
  const broken = configuration.broken.map(
    ({ name, finding }) =>
      `pipeline ${code(name)} stands still: ${code(`${finding.file}:${finding.line}`)}: ${finding.message.replace(/\.$/, "")}`,
  );
  return [...distrust.map((why) => `nothing is promoted: ${why}`), ...broken];
}

function failingRows({ decisions, observed }: DashboardContext): readonly PromotedRow[] {
  return decisions.flatMap(({ key, gates = [] }): readonly PromotedRow[] => {
    const promotion = observed.promotions.find((each) => each.key === key);
    const failed = gates.filter(({ state }) => state === "failed");
    const [first] = failed;
    if (!promotion || !first) return [];
    const { number, head } = promotion;
    const more = failed.length > 1 ? `, and ${failed.length - 1} more` : "";
    const release = head.release ? describeRelease(head.release) : "";
    return [{ key, number, release, why: `${first.name}: ${first.reason}${more}` }];
  });
}

/** That it is held stands in a section of its own. */
function isHeld({ situation, gates = [] }: EnvironmentDecision): boolean {
  return situation === "held" || gates.some(({ name, state }) => name === "hold" && state === "waiting");
}

/** What passes by itself within seconds, and what has a section of its own. */
const NOT_WAITING: readonly Situation[] = [
  "nothing-to-do",
  "ledger-untrusted",
  "superseded",
  "opens",
  "updates",
  "merges",
  "waits-for-github",
];

function waitingRows({ decisions, situations, waits }: DashboardContext): readonly WaitingRow[] {
  return decisions.flatMap(({ key, gates = [] }): readonly WaitingRow[] => {
    const situation = situations[key];
    const wait = waits.find((each) => each.key === key);
    if (!wait || situation === undefined || NOT_WAITING.includes(situation)) return [];
    const times = gates.flatMap(({ state, expectedAt }) => (state === "waiting" ? (expectedAt ?? []) : []));
    const isLater = situation === "waits-to-be-proposed" || situation === "over-limit";
    const until = times.length > 0 ? Math.max(...times) : isLater ? wait.until : undefined;
    return [{ key, why: wait.reason, ...(until !== undefined && { until }) }];
  });
}

function driftingRows({ observed: { issues } }: DashboardContext): DashboardView["drifting"] {
  if (issues?.kind !== "known") return [];
  return issues.value.map(({ key, number }) => ({ key, issue: number })).sort((a, b) => a.issue - b.issue);
}

function lentRows({ ledger }: DashboardContext): DashboardView["lent"] {
  return ledger.sandboxes.map(({ pipeline, environment, number, by, at, ended }) => ({
    key: environmentKey({ name: pipeline }, { name: environment }),
    number,
    by,
    at,
    ...(ended !== undefined && { ended }),
  }));
}

/** Pipelines with the same environments share a table, so that a hundred services are a hundred short lines. */
function runningTables(context: DashboardContext): readonly RunningTable[] {
  const { pipelines } = context.configuration;
  const groups = Map.groupBy(pipelines, ({ environments }) => environments.map(({ name }) => name).join(" "));
  return [...groups.values()].map((group) => ({
    environments: group[0]?.environments.map(({ name }) => name) ?? [],
    rows: group.map((pipeline) => ({ pipeline: pipeline.name, cells: cellsOf(pipeline, context) })),
  }));
}

function cellsOf(pipeline: Pipeline, { candidates }: DashboardContext): readonly RunningCell[] {
  return pipeline.environments.map((environment) => {
    const key = environmentKey(pipeline, environment);
    const candidate = candidates.get(key);
    const declared = candidate?.declaredIn(environment.name);
    const release = declared?.kind === "known" ? declared.value.release : undefined;
    const newest = candidate?.ledger.environments[key]?.reached[0];
    return {
      ...(release && { declared: describeRelease(release) }),
      unproven: environment.live.length > 0 && newest !== undefined && newest.healthyAt === undefined,
    };
  });
}
