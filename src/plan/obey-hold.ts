// Obeys `/hold` and `/resume`: whether an environment or a pipeline takes anything. A hold stops everything but a way back
// that a person asked for; resuming lets go what a person held and what was stopped because it was degraded.

import type { Command, CommandTarget } from "../domain/command.ts";
import { listOf } from "../domain/count-words.ts";
import type { EnvironmentMemory, Hold, Ledger } from "../domain/ledger.ts";
import { type EnvironmentKey, environmentKey } from "../domain/pipeline.ts";
import { findTargets } from "./find-targets.ts";
import type { ObeyContext, Obeyed, Order, Target } from "./order.ts";
import { code, nameRelease, nameTime } from "./wording.ts";

type HoldCommand = Extract<Command, { verb: "hold" }>;

export function obeyHold(command: HoldCommand, { order, context }: Obeying): Obeyed {
  const found = findTargets(command.target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const { until } = command;
  if (until !== undefined && until <= context.observed.now)
    return { kind: "refused", what: `${nameTime(until)} is over already, so nothing was held` };
  const reason = command.reason ?? `asked for in ${order.conversation.number}`;
  const holds = found.targets.map(
    (target): Hold => ({
      ...placeOf(target),
      by: order.by.login,
      at: order.at,
      ...(until !== undefined && { until }),
      reason,
    }),
  );
  // To shorten a hold is to end it, which is `/resume` and takes more.
  const longer = context.ledger.holds.filter((each) =>
    holds.some((hold) => samePlace(each, hold) && endOf(each) > endOf(hold)),
  );
  const fresh = holds.filter((hold) => !longer.some((each) => samePlace(each, hold)));
  if (fresh.length === 0) return heldForLonger(longer, found.targets);
  const others = context.ledger.holds.filter((each) => !fresh.some((hold) => samePlace(each, hold)));
  const end = until === undefined ? "until somebody resumes it" : `until ${nameTime(until)}`;
  return {
    kind: "done",
    ledger: { ...context.ledger, holds: [...others, ...fresh] },
    what: `${namesOf(found.targets)} ${found.targets.length > 1 ? "take" : "takes"} nothing ${end}`,
    notes: ["`/resume` lets it go on"],
  };
}

function endOf({ until }: Pick<Hold, "until">): number {
  return until ?? Number.POSITIVE_INFINITY;
}

function heldForLonger(longer: readonly Hold[], targets: readonly Target[]): Obeyed {
  const [first] = longer;
  return {
    kind: "noted",
    what: `${namesOf(targets)} ${targets.length > 1 ? "are" : "is"} held for longer already, by ${code(first?.by ?? "")}: ${code(first?.reason ?? "")}`,
    notes: ["`/resume` ends that first"],
  };
}

export function obeyResume(target: CommandTarget, { order, context }: Obeying): Obeyed {
  const found = findTargets(target, { ...context, conversation: order.conversation });
  if (found.kind === "not-found") return notFound(found);
  const { ledger } = context;
  const held = ledger.holds.filter((hold) => found.targets.some((each) => samePlace(hold, placeOf(each))));
  const freed = found.targets.flatMap((each) => stoppedIn(each, ledger));
  if (held.length === 0 && freed.length === 0) return { kind: "noted", ...whyNothingIsHeld(found.targets, ledger) };
  const environments = Object.fromEntries(freed.map(({ key, memory }) => [key, { ...memory, stopped: [] }]));
  const stopped = freed.flatMap(({ memory }) => memory.stopped.map(({ release }) => nameRelease(release)));
  return {
    kind: "done",
    ledger: {
      ...ledger,
      holds: ledger.holds.filter((hold) => !held.includes(hold)),
      environments: { ...ledger.environments, ...environments },
    },
    what: `${namesOf(found.targets)} ${found.targets.length > 1 ? "go" : "goes"} on`,
    notes: [
      ...held.map(({ by, at, reason }) => `the hold of ${code(by)} since ${nameTime(at)} (${code(reason)}) is over`),
      ...(stopped.length > 0 ? [`${listOf(stopped)} may go on from there again`] : []),
      ...whatStillHolds(found.targets, ledger),
    ],
  };
}

export interface Obeying {
  readonly order: Order;
  readonly context: ObeyContext;
}

export function notFound({ why, hint }: { readonly why: string; readonly hint?: string }): Obeyed {
  return { kind: "confused", what: why, ...(hint !== undefined && { notes: [hint] }) };
}

export function namesOf(targets: readonly Target[]): string {
  return listOf(
    targets.map(({ pipeline, environment }) =>
      code(environment ? environmentKey(pipeline, environment) : pipeline.name),
    ),
  );
}

function placeOf({ pipeline, environment }: Target): Pick<Hold, "pipeline" | "environment"> {
  return { pipeline: pipeline.name, ...(environment && { environment: environment.name }) };
}

function samePlace(a: Pick<Hold, "pipeline" | "environment">, b: Pick<Hold, "pipeline" | "environment">): boolean {
  return a.pipeline === b.pipeline && a.environment === b.environment;
}

interface StoppedMemory {
  readonly key: EnvironmentKey;
  readonly memory: EnvironmentMemory;
}

function stoppedIn({ pipeline, environment }: Target, ledger: Ledger): readonly StoppedMemory[] {
  return (environment ? [environment] : pipeline.environments).flatMap((each): StoppedMemory[] => {
    const key = environmentKey(pipeline, each);
    const memory = ledger.environments[key];
    return memory && memory.stopped.length > 0 ? [{ key, memory }] : [];
  });
}

function whyNothingIsHeld(targets: readonly Target[], ledger: Ledger) {
  return { what: `nothing holds ${namesOf(targets)}`, notes: whatStillHolds(targets, ledger) };
}

const TOLD = 10;

/** A hold of the whole is none of its parts, and the other way about. */
function whatStillHolds(targets: readonly Target[], { holds }: Ledger): readonly string[] {
  const others = holds.filter((hold) =>
    targets.some(({ pipeline, environment }) => {
      const isWhole = hold.environment === undefined;
      return hold.pipeline === pipeline.name && isWhole === (environment !== undefined);
    }),
  );
  return others.slice(0, TOLD).map(({ pipeline, environment }) => {
    if (environment === undefined)
      return `pipeline ${code(pipeline)} is held as a whole; ${code(`/resume ${pipeline}`)} lets it go on`;
    const key = `${pipeline}/${environment}`;
    return `${code(key)} is held by itself; ${code(`/resume ${key}`)} lets it go on`;
  });
}
