// Plans all environments of one pipeline on the same facts: first what the ledger has to remember, then each
// environment in turn, with that memory.

import type { EnvironmentMemory, Ledger } from "../domain/ledger.ts";
import { type EnvironmentKey, environmentKey, proposalKey } from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import { type Answer, noAnswer } from "./answer.ts";
import type { CandidateContext } from "./candidate-context.ts";
import { baseOf, declaredIn } from "./declared-in.ts";
import type { EnvironmentContext, EnvironmentDecision } from "./environment-context.ts";
import { judgeEnvironments, nextLooks, tellEnvironments } from "./follow-environments.ts";
import type { Member } from "./group.ts";
import { memorise, memoriseHealth } from "./memorise.ts";
import { orderFacts } from "./order-releases.ts";
import type { News, PipelineContext } from "./pipeline-context.ts";
import { planEnvironment } from "./plan-environment.ts";
import type { Declared } from "./read-declared.ts";
import { findRollback } from "./roll-back.ts";
import type { Telling } from "./telling.ts";

export interface PipelinePlan {
  readonly decisions: readonly EnvironmentDecision[];
  /** Environments that are proposed together with those of other pipelines; decided when all of them are known. */
  readonly members: readonly Member[];
  /** What is known of each environment when a release is judged for it. */
  readonly candidates: ReadonlyMap<EnvironmentKey, CandidateContext>;
  /** The environments' memories as they are after this look. */
  readonly memories: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
  readonly news: readonly News[];
  /** What is said about what runs. */
  readonly telling: Telling;
  readonly needs: readonly Need[];
  readonly lookAgainAt?: number;
}

export function planPipeline(context: PipelineContext): PipelinePlan {
  const { pipeline, observed } = context;
  const declared = new Map(
    pipeline.environments.map((environment) => [environment.name, declaredIn(environment, context)]),
  );
  const arrived = memorise(declared, context);
  const verdicts = judgeEnvironments(declared, { ...context, memories: arrived.memories });
  const memorised = memoriseHealth(arrived, { verdicts, context });
  // Only this pipeline's part: thousands of pipelines share one ledger.
  const ledger: Ledger = { ...context.ledger, environments: memorised.memories };
  const facts = orderFacts({ observed, pipeline, ledger });
  const candidates = new Map<EnvironmentKey, CandidateContext>();
  const decisions: EnvironmentDecision[] = [];
  const members: Member[] = [];
  for (const environment of pipeline.environments) {
    const key = environmentKey(pipeline, environment);
    const baseName = environment.branch ?? observed.repository.defaultBranch;
    const own = observed.promotions.filter((each) => each.key === key);
    const promotion = own.find(({ base }) => base === baseName) ?? own[0];
    const candidateContext: CandidateContext = {
      ...context,
      ledger,
      facts,
      environment,
      declaredIn: (name) => declared.get(name) ?? noAnswer(`${name} is not an environment of ${pipeline.name}`),
      liveIn: (name) => verdicts.get(name),
    };
    candidates.set(key, candidateContext);
    const environmentContext: EnvironmentContext = {
      ...candidateContext,
      configuration: context.configuration,
      key,
      baseName,
      base: baseOf(baseName, observed),
      declared:
        declared.get(environment.name) ?? noAnswer(`${environment.name} is not an environment of ${pipeline.name}`),
      ledgerState: observed.ledger,
      rollback: findRollback(candidateContext, { proposed: promotion?.head.release }),
      promotion,
      stray: observed.strays.find((each) => each.key === proposalKey(pipeline, environment)),
      mayCatchUp: promotion !== undefined && context.mayCatchUp.get(baseName) === promotion.number,
    };
    if (environment.group !== undefined && promotion) members.push({ context: environmentContext });
    else if (environment.group !== undefined)
      members.push({ context: environmentContext, alone: planEnvironment(environmentContext) });
    else decisions.push(planEnvironment(environmentContext));
  }
  const telling = tellEnvironments(verdicts, { ...context, memories: memorised.memories });
  const looks = nextLooks(verdicts, { ...context, memories: memorised.memories });
  return {
    decisions,
    members,
    candidates,
    memories: memorised.memories,
    news: memorised.news,
    telling,
    needs: [
      ...gapsOf([...declared.values()]),
      ...[...verdicts.values()].flatMap(({ needs }) => needs),
      ...telling.needs,
      ...memorised.needs,
    ],
    ...(looks.length > 0 && { lookAgainAt: Math.min(...looks) }),
  };
}

/** What would complete the declared releases: the ledger can only remember what is fully known. */
function gapsOf(declared: readonly Answer<Declared>[]): readonly Need[] {
  return declared.flatMap((each) => (each.kind === "known" ? (each.value.gap?.needs ?? []) : each.needs));
}
