// Says in a few sentences what another pipeline file would lead to: which environments come and go, and what would be
// opened, closed, updated and merged. For people only; nothing is done on its word.

import { countOf } from "../domain/count-words.ts";
import { type Configuration, type EnvironmentKey, environmentKey, proposedUnder } from "../domain/pipeline.ts";
import type { Action } from "../domain/plan.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { code, nameRelease } from "./wording.ts";

const MOST_LINES = 20;

export interface PreviewContext {
  readonly present: Configuration;
  readonly proposed: Configuration;
}

export function tellPreview(plan: RepositoryPlan, { present, proposed }: PreviewContext): readonly string[] {
  const [before, after] = [keysOf(present), keysOf(proposed)];
  const fresh = [...after].filter((key) => !before.has(key));
  const gone = [...before].filter((key) => !after.has(key));
  const acting = new Set<EnvironmentKey>();
  const actions = plan.actions.flatMap((action) => {
    const line = tellAction(action);
    if (line === undefined || !("key" in action)) return [];
    acting.add(action.key);
    for (const { pipeline, environment } of proposedUnder(action.key, proposed))
      acting.add(environmentKey(pipeline, environment));
    return [line];
  });
  const waits = plan.waits
    .filter(
      ({ key }) => key === undefined || (!acting.has(key) && (fresh.includes(key) || proposed.mode === "observe")),
    )
    .map(({ key, reason }) => (key === undefined ? reason : `${code(key)} waits: ${reason}`));
  const lines = [
    ...(present.mode === proposed.mode ? [] : [`The mode becomes ${proposed.mode}, after ${present.mode}`]),
    ...gone.map((key) => `${code(key)} is no environment any more`),
    ...fresh.map((key) => `${code(key)} is a new environment`),
    ...actions,
    ...waits,
  ];
  if (lines.length === 0) return ["It opens, closes and changes no promotion"];
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `${countOf(more, "more line")} not shown here`] : lines;
}

function keysOf({ pipelines }: Configuration): ReadonlySet<EnvironmentKey> {
  return new Set(
    pipelines.flatMap((pipeline) => pipeline.environments.map((environment) => environmentKey(pipeline, environment))),
  );
}

function tellAction(action: Action): string | undefined {
  switch (action.kind) {
    case "open":
      return `${code(action.key)}: a promotion of ${nameRelease(action.view.release)} would be opened, because ${action.reason}`;
    case "update":
      return `${code(action.key)}: pull request ${action.number} would be updated to ${nameRelease(action.view.release)}, because ${action.reason}`;
    case "close":
      return `${code(action.key)}: pull request ${action.number} would be closed, because ${action.reason}`;
    case "merge":
      return `${code(action.key)}: pull request ${action.number} would be merged, because ${action.reason}`;
    case "dequeue":
      return `${code(action.key)}: pull request ${action.number} would be taken out of the merge queue, because ${action.reason}`;
    case "propose-sandbox":
    case "merge-sandbox":
    case "tell-sandbox":
    case "retag":
    case "remember":
    case "acknowledge":
    case "answer-comment":
    case "reconsider":
    case "describe":
    case "label":
    case "set-check":
    case "delete-branch":
    case "tell-live":
    case "call-for-attention":
    case "report-deployment":
    case "tell-drift":
    case "settle-drift":
    case "adopt-drift":
    case "ask-to-sync":
    case "tell-refused":
    case "tell-dashboard":
    case "close-dashboard":
      return undefined;
  }
}
