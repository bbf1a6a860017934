// Decides what is left of a plan where the pipeline file says `mode: observe`: what tells people something.

import { type Configuration, environmentKey, proposedUnder } from "../domain/pipeline.ts";
import type { Action } from "../domain/plan.ts";
import type { RepositoryPlan } from "./repository-plan.ts";

const REPORTS: readonly Action["kind"][] = [
  "acknowledge",
  "answer-comment",
  "tell-refused",
  "tell-dashboard",
  "close-dashboard",
  "set-check",
  "call-for-attention",
  "tell-live",
  "report-deployment",
  "tell-drift",
  "settle-drift",
];

/** `mode: observe` reports: that is written, and everything else is told instead of done. */
export function onlyObserve(plan: RepositoryPlan, configuration: Configuration): RepositoryPlan {
  const actions = plan.actions.filter(({ kind }) => REPORTS.includes(kind));
  const told = plan.actions.filter(({ kind }) => !REPORTS.includes(kind) && kind !== "remember");
  const waits = told.map((action) => ({
    ...("key" in action && { key: action.key }),
    reason: `mode is observe; otherwise now: ${action.kind}, because ${action.reason}`,
  }));
  const situations = { ...plan.situations };
  for (const action of told) {
    if (!("key" in action)) continue;
    const members = action.key in situations ? [] : proposedUnder(action.key, configuration);
    const keys = members.map(({ pipeline, environment }) => environmentKey(pipeline, environment));
    for (const key of keys.length > 0 ? keys : [action.key]) situations[key] = "only-observes";
  }
  return { ...plan, actions, waits: [...plan.waits, ...waits], situations };
}
