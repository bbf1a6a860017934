// The one line that a pass writes into the log: a message that never changes, and the facts in fields. A pass that did
// nothing and waits for nothing is quiet.

import type { Action, Plan } from "../domain/plan.ts";
import { describeAction } from "./describe-action.ts";
import { plainSentence } from "./escape-markdown.ts";
import { formatTime } from "./format-time.ts";

export interface Pass {
  /** GitHub's numeric id. */
  readonly repository: number;
  readonly plan: Plan;
  /** What became of the actions that were tried, in order. */
  readonly outcomes: readonly PassOutcome[];
  /** Requests to GitHub. */
  readonly requests: number;
  readonly milliseconds: number;
}

export interface PassOutcome {
  readonly action: Action;
  readonly kind: "done" | "already-so" | "moved-on" | "refused";
  readonly why?: string;
}

/** How many of a kind a line names before it only counts. */
const NAMED = 20;

export function renderPassLine({ repository, plan, outcomes, requests, milliseconds }: Pass) {
  return {
    level: plan.actions.length + plan.waits.length === 0 ? ("debug" as const) : ("info" as const),
    message: "pass finished",
    fields: {
      repository,
      actions: atMost(plan.actions.map(describeAction)),
      waits: atMost(plan.waits.map(({ key, reason }) => `${key ?? "repository"}: ${plainSentence(reason, 300)}`)),
      outcomes: countKinds(outcomes),
      setbacks: atMost(outcomes.filter(({ kind }) => kind === "moved-on" || kind === "refused").map(describeSetback)),
      ...(plan.lookAgainAt !== undefined && { lookAgainAt: formatTime(plan.lookAgainAt) }),
      requests,
      milliseconds,
    },
  };
}

function describeSetback({ action, kind, why }: PassOutcome): string {
  return `${describeAction(action)}: ${kind}${why === undefined ? "" : `, ${plainSentence(why, 300)}`}`;
}

function countKinds(outcomes: readonly PassOutcome[]): Readonly<Partial<Record<PassOutcome["kind"], number>>> {
  const counts: Partial<Record<PassOutcome["kind"], number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function atMost(lines: readonly string[]): readonly string[] {
  return lines.length <= NAMED ? lines : [...lines.slice(0, NAMED), `and ${lines.length - NAMED} more`];
}
