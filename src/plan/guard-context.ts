// What a guard is judged on: one environment that somebody's pull request changes. And how it says what it found.

import type { GuardLevel, GuardName } from "../domain/guard.ts";
import type { GuardVerdict } from "../domain/guard-verdict.ts";
import { environmentKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { EnvironmentChange } from "../domain/proposed-change.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { code } from "./wording.ts";

export interface GuardContext extends CandidateContext {
  readonly change: EnvironmentChange;
}

/** What was found, and what would have to be known to find more. */
export interface GuardFindings {
  readonly verdicts: readonly GuardVerdict[];
  readonly needs: readonly Need[];
}

export const NOTHING_FOUND: GuardFindings = { verdicts: [], needs: [] };

interface Found {
  readonly guard: GuardName;
  readonly at?: GuardVerdict["at"];
  readonly why: string;
  /** What a person does about it, before the way past it. */
  readonly cure: string;
}

export function levelOf(guard: GuardName, { environment }: GuardContext): GuardLevel {
  return environment.guards[guard];
}

/** Something is wrong. */
export function blame(found: Found, context: GuardContext): GuardVerdict {
  return { ...verdict(found, context), state: levelOf(found.guard, context) === "fail" ? "failed" : "remark" };
}

/** It is not known whether something is wrong: nobody's fault, and no success where the guard is to fail. */
export function doubt(found: Found, context: GuardContext): GuardVerdict {
  return { ...verdict(found, context), state: levelOf(found.guard, context) === "fail" ? "waiting" : "remark" };
}

function verdict({ guard, at, why, cure }: Found, context: GuardContext): Omit<GuardVerdict, "state"> {
  const { pipeline, environment } = context;
  const past = levelOf(guard, context) === "fail" ? `; or ${overrideWith(guard)}` : "";
  return { guard, keys: [environmentKey(pipeline, environment)], ...(at && { at }), why, cure: `${cure}${past}` };
}

export function overrideWith(word: string): string {
  return `somebody who may writes ${code(`/override ${word} <reason>`)}`;
}
