// The whole decision of a pass: what was observed -> actions in the order of performance, waits, and what is missing.
// Pure: the same observation gives the same plan, here, in `stagecoach plan`, on a pull request and in a test.

import type { CheckView } from "../domain/check-view.ts";
import { EMPTY_LEDGER, type Ledger } from "../domain/ledger.ts";
import type { Observed } from "../domain/observed.ts";
import type { Configuration, EnvironmentKey } from "../domain/pipeline.ts";
import type { Need, Plan, PromotionView, Wait } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import { answerOrders } from "./answer-orders.ts";
import { settleForgotten, sweepBranches } from "./clear-away.ts";
import { closeOrphans } from "./close-orphans.ts";
import type { EnvironmentDecision } from "./environment-context.ts";
import { obeyOrders } from "./obey-orders.ts";
import { onlyObserve } from "./only-observe.ts";
import { openPromotions, wishFor } from "./open-promotions.ts";
import { inOrder } from "./order-actions.ts";
import { partPromotions } from "./part-promotions.ts";
import { planGuarded } from "./plan-guarded.ts";
import { planInTurn } from "./plan-in-turn.ts";
import { planRetags } from "./plan-retags.ts";
import { planSandboxes } from "./plan-sandboxes.ts";
import { rememberNews } from "./remember-news.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { tellDashboard } from "./tell-dashboard.ts";
import { tellSources } from "./tell-sources.ts";
import { joinTellings } from "./telling.ts";

export function planRepository(observed: Observed): RepositoryPlan {
  const { configuration, repository } = observed;
  if (repository.archived) return standStill("the repository is archived");
  if (configuration.kind === "unknown")
    return {
      ...standStill(`the pipeline file could not be read: ${configuration.why}`),
      // Nobody is forgotten for that.
      pressed: (observed.presses ?? []).map(({ id }) => id),
    };
  if (configuration.value === undefined) return standStill(`there is no pipeline file on ${repository.defaultBranch}`);
  return planConfigured(configuration.value, observed);
}

function standStill(reason: string): RepositoryPlan {
  return { actions: [], waits: [{ reason }], needs: [], situations: {}, unanswered: [] };
}

function planConfigured(configuration: Configuration, observed: Observed): RepositoryPlan {
  const before = ledgerOf(observed);
  const parted = partPromotions(observed, configuration);
  const obeyed = obeyOrders({ observed: parted, configuration, ledger: before });
  const lent = planSandboxes({ observed, configuration, ledger: obeyed.ledger });
  const named = planRetags({ observed, ledger: obeyed.ledger });
  const ledger = { ...obeyed.ledger, sandboxes: lent.sandboxes, retags: named.retags };
  const { plans, groups } = planInTurn({ configuration, observed, parted, ledger, reconsidered: obeyed.reconsidered });
  const decisions = [...plans.flatMap((plan) => plan.decisions), ...groups.decisions];
  const wishes = [...decisions.flatMap(({ opening }) => (opening ? [wishFor(opening)] : [])), ...groups.wishes];
  const telling = joinTellings(plans.map((plan) => plan.telling));
  const openings = openPromotions(wishes, { observed, configuration, ledger });
  const orphans = closeOrphans({ configuration, observed });
  const verdicts = verdictsOf(decisions, observed.promotions);
  const candidates = new Map(plans.flatMap((plan) => [...plan.candidates]));
  const guarded = planGuarded({
    observed,
    configuration,
    verdicts,
    overrides: ledger.overrides,
    candidates,
  });
  // Members of a group share theirs.
  const decided = [...new Set(decisions.flatMap((decision) => decision.actions))];
  const sources = tellSources({ decided, openings: openings.actions }, { observed, configuration });
  const needs = distinctNeeds(
    [obeyed, lent, ...plans, ...decisions, guarded, openings, sources].flatMap((part) => part.needs),
  );
  const situations = Object.fromEntries(
    decisions.map(({ key, situation }) => [key, openings.situations.get(key) ?? situation]),
  );
  const decidedWaits = decisions.flatMap((decision) => decision.waits);
  const environmentWaits = [...openings.waits, ...decidedWaits];
  const dashboard = tellDashboard({
    observed: parted,
    configuration,
    ledger,
    decisions,
    situations,
    waits: environmentWaits,
    candidates,
    ticksSettled: obeyed.ticksSettled,
    complete: needs.length === 0,
  });
  const actions = inOrder([
    ...rememberNews(plans, {
      observed,
      before,
      obeyed: { ...obeyed, ledger, news: [...obeyed.news, ...lent.news, ...named.news] },
      opens: openings.actions.length > 0,
    }),
    ...obeyed.actions,
    ...answerOrders(obeyed, {
      observed: parted,
      configuration,
      ledger,
      decisions,
      openings: openings.actions.flatMap(({ view }) => view.parts ?? [{ ...view, key: environmentOf(view) }]),
      waits: environmentWaits,
    }),
    ...orphans.actions,
    ...lent.actions,
    ...named.actions,
    ...sources.decided.filter((action) => action.kind !== "set-check" || !guarded.overruled.has(action.head)),
    ...guarded.actions,
    ...telling.actions,
    ...settleForgotten(configuration, observed),
    ...sources.openings,
    ...sweepBranches(observed, new Set(openings.actions.map(({ key }) => key))),
    ...dashboard.actions,
  ]);
  const waits = [
    ...brokenPipelines(configuration),
    ...obeyed.waits,
    ...orphans.waits,
    ...lent.waits,
    ...decidedWaits,
    ...telling.waits,
    ...openings.waits,
    ...dashboard.waits,
  ];
  const { unanswered, pressed } = obeyed;
  const looks = earliest([lent, named, ...plans, ...decisions, openings]);
  const open = pressed.length > 0 ? { pressed } : {};
  const plan = { actions, waits, needs, situations, unanswered, ...open, ...looks };
  return configuration.mode === "observe" ? onlyObserve(plan, configuration) : plan;
}

/** Where it goes, also where a group proposes it for one member alone. */
function environmentOf({ pipeline, environment }: PromotionView): EnvironmentKey {
  return `${pipeline}/${environment}`;
}

function earliest(parts: readonly Pick<Plan, "lookAgainAt">[]): Pick<Plan, "lookAgainAt"> {
  const times = parts.flatMap(({ lookAgainAt }) => lookAgainAt ?? []);
  return times.length > 0 ? { lookAgainAt: Math.min(...times) } : {};
}

/** A recorded pass may be older than a part of the ledger. */
function ledgerOf({ ledger }: Observed): Ledger {
  const trusted = ledger.kind === "known" && ledger.value.kind === "trusted" ? ledger.value.ledger : EMPTY_LEDGER;
  return { ...EMPTY_LEDGER, ...trusted };
}

function verdictsOf(
  decisions: readonly EnvironmentDecision[],
  promotions: readonly Promotion[],
): ReadonlyMap<number, CheckView["state"]> {
  const verdicts = new Map<number, CheckView["state"]>();
  const checks = new Map(
    decisions
      .flatMap(({ actions }) => actions)
      .flatMap((action) => (action.kind === "set-check" ? [[action.head, action.check.state] as const] : [])),
  );
  for (const { number, check, head } of promotions) {
    const state = checks.get(head.oid) ?? check?.state;
    if (state) verdicts.set(number, state);
  }
  return verdicts;
}

function brokenPipelines({ broken }: Configuration): readonly Wait[] {
  return broken.map(({ name, finding }) => ({
    reason: `pipeline ${name} stands still: ${finding.file}:${finding.line}:${finding.column}: ${finding.message}`,
  }));
}

function distinctNeeds(needs: readonly Need[]): readonly Need[] {
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}
