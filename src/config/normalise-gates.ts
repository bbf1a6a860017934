// Written gates to gates, the implied ones before them, and what the operator demands behind them. A window that stands
// under `propose-when` binds at the merge too; a gate of the floor is left out where a written one is at least as strong.

import type { ApprovalsGate, ChecksGate, Gate, SignedGate, WindowGate } from "../domain/gate.ts";
import { matchesName, type SettingsFloor } from "../domain/settings.ts";
import type { Draft, DraftEnvironment } from "./draft.ts";
import type { WrittenGate } from "./gate-table.ts";
import type { Written } from "./shape.ts";

const ALL_DAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
const END_OF_DAY = 24 * 60;

export interface Gates {
  readonly proposeWhen: readonly Gate[];
  readonly mergeWhen: readonly Gate[];
  /** Kinds of those that the operator demands. */
  readonly demandedGates: readonly Gate["kind"][];
}

export function normaliseGates(
  environment: DraftEnvironment,
  { draft, floor }: { readonly draft: Draft; readonly floor: readonly SettingsFloor[] },
): Gates {
  const { written, name } = environment;
  const implied = written.unproven?.value === "allow" ? [] : impliedGates(environment, draft);
  const propose = gatesOf(written["propose-when"]?.value);
  const windows = propose.filter(({ kind }) => kind === "window");
  const demanded = floor
    .filter(({ environments }) => environments.some((pattern) => matchesName(pattern, name)))
    .flatMap(({ mergeWhen }) => mergeWhen);
  return {
    proposeWhen: [...implied, ...propose],
    mergeWhen: raise([...windows, ...gatesOf(written["merge-when"]?.value)], { demanded, propose }),
    demandedGates: [...new Set(demanded.map(({ kind }) => kind))],
  };
}

function impliedGates({ predecessors }: DraftEnvironment, { environments }: Draft): readonly Gate[] {
  return predecessors.map(({ value }): Gate => {
    const before = environments.find(({ name }) => name === value);
    const observed = (before?.written.live?.value.length ?? 0) > 0;
    return { kind: observed ? "healthy" : "merged", environment: value };
  });
}

export function gatesOf(written: readonly Written<WrittenGate>[] | undefined): readonly Gate[] {
  return (written ?? []).flatMap(({ value }): readonly Gate[] => {
    if (value.soak !== undefined) return [{ kind: "soak", duration: value.soak.value }];
    if (value.approvals !== undefined) return [approvalsOf(value.approvals.value)];
    if (value.checks !== undefined) return [{ kind: "checks", names: value.checks.value.map((name) => name.value) }];
    if (value.window !== undefined) return [windowOf(value.window.value)];
    if (value.http !== undefined) return [{ kind: "http", endpoint: value.http.value }];
    if (value.signed !== undefined) return [signedOf(value.signed.value)];
    return [];
  });
}

type ValueOf<Name extends keyof WrittenGate> = NonNullable<WrittenGate[Name]>["value"];

function approvalsOf(written: ValueOf<"approvals">): ApprovalsGate {
  if (typeof written === "number") return { kind: "approvals", count: written, teams: [] };
  const teams = written.teams?.value.map(({ value }) => value) ?? [];
  return { kind: "approvals", count: written.count?.value ?? 1, teams };
}

function windowOf({ days, from, to, zone, except }: ValueOf<"window">): WindowGate {
  const chosen = new Set(days === undefined ? ALL_DAYS : days.value.flatMap(({ value }) => value));
  return {
    kind: "window",
    days: [...chosen].sort((a, b) => a - b),
    from: from?.value ?? 0,
    to: to?.value ?? END_OF_DAY,
    zone: zone?.value ?? "UTC",
    except: except?.value.map(({ value }) => value) ?? [],
  };
}

function signedOf({ issuer, subject, key }: ValueOf<"signed">): SignedGate {
  return {
    kind: "signed",
    ...(issuer && { issuer: issuer.value }),
    ...(subject && { subject: subject.value }),
    ...(key && { key: key.value }),
  };
}

interface Demand {
  readonly demanded: readonly Gate[];
  readonly propose: readonly Gate[];
}

function raise(written: readonly Gate[], { demanded, propose }: Demand): readonly Gate[] {
  const gates = [...written];
  for (const gate of demanded) {
    if (![...gates, ...propose].some((each) => isAsStrong(each, gate))) gates.push(gate);
  }
  return gates;
}

/** Whether `gate` passes only when `demanded` would. Where that cannot be told, both stand. */
function isAsStrong(gate: Gate, demanded: Gate): boolean {
  if (gate.kind === "approvals" && demanded.kind === "approvals") return approvesAsMuch(gate, demanded);
  if (gate.kind === "checks" && demanded.kind === "checks") return includesChecks(gate, demanded);
  if (gate.kind === "soak" && demanded.kind === "soak") return gate.duration >= demanded.duration;
  return JSON.stringify(gate) === JSON.stringify(demanded);
}

function approvesAsMuch(gate: ApprovalsGate, demanded: ApprovalsGate): boolean {
  if (gate.count < demanded.count) return false;
  if (demanded.teams.length === 0) return true;
  return gate.teams.length > 0 && gate.teams.every((team) => demanded.teams.includes(team));
}

function includesChecks(gate: ChecksGate, demanded: ChecksGate): boolean {
  return demanded.names.every((name) => gate.names.includes(name));
}
