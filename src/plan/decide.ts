// Puts a decision about one environment into its form.

import type { GateResult } from "../domain/gate.ts";
import type { Action, Need, PromotionView, Wait } from "../domain/plan.ts";
import type { EnvironmentContext, EnvironmentDecision, Situation } from "./environment-context.ts";

export function decide(
  { key, observed }: EnvironmentContext,
  decided: {
    readonly situation: Situation;
    readonly actions?: readonly Action[];
    readonly waits?: readonly string[];
    readonly needs?: readonly Need[];
    readonly lookAgainAt?: number | undefined;
    readonly view?: PromotionView;
    readonly gates?: readonly GateResult[];
  },
): EnvironmentDecision {
  const { situation, actions = [], waits = [], needs = [], view, gates = view?.gates } = decided;
  // What should have come by now comes with somebody's news; to look pass after pass brings it no sooner.
  const lookAgainAt = decided.lookAgainAt && decided.lookAgainAt > observed.now ? decided.lookAgainAt : undefined;
  return {
    key,
    situation,
    actions,
    waits: waits.map((reason): Wait => ({ key, reason, ...(lookAgainAt !== undefined && { until: lookAgainAt }) })),
    needs,
    ...(lookAgainAt !== undefined && { lookAgainAt }),
    ...(view && { view }),
    ...(gates && { gates }),
  };
}

export function waitWith(
  context: EnvironmentContext,
  {
    situation,
    reason,
    needs = [],
    until,
    gates,
  }: {
    readonly situation: Situation;
    readonly reason: string;
    readonly needs?: readonly Need[];
    readonly until?: number | undefined;
    readonly gates?: readonly GateResult[];
  },
): EnvironmentDecision {
  return decide(context, { situation, waits: [reason], needs, lookAgainAt: until, ...(gates && { gates }) });
}
