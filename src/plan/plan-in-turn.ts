// Plans every environment of the repository, alone or with its group, and then once more where a base takes only heads that
// are up to date: whose turn it is shows only once it is known who waits for nothing else.

import type { Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { EnvironmentDecision } from "./environment-context.ts";
import { type GroupPlans, planGroups } from "./plan-groups.ts";
import { type PipelinePlan, planPipeline } from "./plan-pipeline.ts";

interface PlanningContext {
  readonly configuration: Configuration;
  readonly observed: Observed;
  /** The same, as each environment sees it. */
  readonly parted: Observed;
  readonly ledger: Ledger;
  readonly mayCatchUp: ReadonlyMap<string, number>;
  readonly reconsidered: ReadonlySet<EnvironmentKey>;
}

export interface EnvironmentPlans {
  readonly plans: readonly PipelinePlan[];
  readonly groups: GroupPlans;
}

export function planInTurn(context: Omit<PlanningContext, "mayCatchUp">): EnvironmentPlans {
  const planned = planEnvironments({ ...context, mayCatchUp: new Map() });
  const turn = whoseTurn(context.parted.promotions, planned);
  return turn.size === 0 ? planned : planEnvironments({ ...context, mayCatchUp: turn });
}

function planEnvironments({ parted, observed, ...context }: PlanningContext): EnvironmentPlans {
  const plans = context.configuration.pipelines.map((pipeline) =>
    planPipeline({ ...context, observed: parted, pipeline }),
  );
  return {
    plans,
    groups: planGroups(
      plans.flatMap(({ members }) => members),
      observed,
    ),
  };
}

/** Where a base takes only heads that are up to date, the oldest promotion that waits for nothing else goes next. */
function whoseTurn(promotions: readonly Promotion[], { plans, groups }: EnvironmentPlans): ReadonlyMap<string, number> {
  const decisions = [...plans.flatMap((plan) => plan.decisions), ...groups.decisions];
  const ready = new Set(decisions.filter(isReadyButForGithub).map(({ key }) => key));
  // What is brought up to date beside a merge is behind again at once.
  const merging = new Set(decisions.filter(({ situation }) => situation === "merges").map(({ key }) => key));
  const busy = new Set(promotions.filter(({ key }) => merging.has(key)).map(({ base }) => base));
  const turn = new Map<string, number>();
  const behind = promotions.filter(
    ({ key, base, draft, mergeState }) => mergeState === "behind" && !draft && ready.has(key) && !busy.has(base),
  );
  for (const { base, number } of behind) turn.set(base, Math.min(number, turn.get(base) ?? number));
  return turn;
}

function isReadyButForGithub({ situation, actions }: EnvironmentDecision): boolean {
  return situation === "waits-for-github" || (situation === "waits-for-a-person" && actions.length === 0);
}
