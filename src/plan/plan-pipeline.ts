// Plans all environments of one pipeline on the same facts: first what the ledger has to remember, then each
// environment in turn, with that memory.

import { type EnvironmentMemory, type Ledger, NOTHING_REMEMBERED } from "../domain/ledger.ts";
import type { BranchState, Observed } from "../domain/observed.ts";
import {
  type Configuration,
  type Environment,
  type EnvironmentKey,
  environmentKey,
  type Pipeline,
} from "../domain/pipeline.ts";
import type { Need } from "../domain/plan.ts";
import type { Release } from "../domain/release.ts";
import { type Answer, answer, noAnswer } from "./answer.ts";
import type { EnvironmentContext, EnvironmentDecision } from "./environment-context.ts";
import { compareReleases, orderFacts } from "./order-releases.ts";
import { planEnvironment } from "./plan-environment.ts";
import { type Declared, readDeclared } from "./read-declared.ts";
import { remember } from "./remember.ts";
import { code } from "./wording.ts";

export interface PipelinePlan {
  readonly decisions: readonly EnvironmentDecision[];
  /** The environments' memories as they are after this look. */
  readonly memories: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
  readonly news: readonly News[];
  readonly needs: readonly Need[];
}

/** Something that the ledger does not know yet. */
export interface News {
  readonly key: EnvironmentKey;
  readonly reason: string;
}

export interface PipelineContext {
  readonly observed: Observed;
  readonly configuration: Configuration;
  readonly pipeline: Pipeline;
  readonly ledger: Ledger;
  /** The promotion whose turn it is to be brought up to date, by base branch. */
  readonly mayCatchUp: ReadonlyMap<string, number>;
}

export function planPipeline(context: PipelineContext): PipelinePlan {
  const { pipeline, observed } = context;
  const declared = new Map(
    pipeline.environments.map((environment) => [environment.name, declaredIn(environment, context)]),
  );
  const memorised = memorise(declared, context);
  // Only this pipeline's part: thousands of pipelines share one ledger.
  const ledger: Ledger = { ...context.ledger, environments: memorised.memories };
  const facts = orderFacts({ observed, pipeline, ledger });
  const decisions = pipeline.environments.map((environment) => {
    const key = environmentKey(pipeline, environment);
    const baseName = environment.branch ?? observed.repository.defaultBranch;
    const own = observed.promotions.filter((each) => each.key === key);
    const promotion = own.find(({ base }) => base === baseName) ?? own[0];
    const environmentContext: EnvironmentContext = {
      ...context,
      ledger,
      facts,
      key,
      environment,
      baseName,
      base: baseOf(baseName, observed),
      declared:
        declared.get(environment.name) ?? noAnswer(`${environment.name} is not an environment of ${pipeline.name}`),
      declaredIn: (name) => declared.get(name) ?? noAnswer(`${name} is not an environment of ${pipeline.name}`),
      ledgerState: observed.ledger,
      promotion,
      stray: observed.strays.find((each) => each.key === key),
      mayCatchUp: promotion !== undefined && context.mayCatchUp.get(baseName) === promotion.number,
    };
    return planEnvironment(environmentContext);
  });
  return { decisions, memories: memorised.memories, news: memorised.news, needs: gapsOf([...declared.values()]) };
}

/** What would complete the declared releases: the ledger can only remember what is fully known. */
function gapsOf(declared: readonly Answer<Declared>[]): readonly Need[] {
  return declared.flatMap((each) => (each.kind === "known" ? (each.value.gap?.needs ?? []) : each.needs));
}

function declaredIn(environment: Environment, context: PipelineContext): Answer<Declared> {
  const { observed, pipeline } = context;
  const key = environmentKey(pipeline, environment);
  const state = observed.environments[key];
  if (state === undefined) return noAnswer(`the files of ${key} have not been read`);
  if (state.kind === "unknown") return noAnswer(`the files of ${key} are not known: ${state.why}`);
  return readDeclared(state.value, {
    observed,
    pipeline,
    environment,
    knownReleases: knownReleases(environment, context),
  });
}

/** Where a tag without digest, or a digest without tag, may be known from; the environment's own memory first. */
function knownReleases(environment: Environment, { observed, pipeline, ledger }: PipelineContext): readonly Release[] {
  const own = environmentKey(pipeline, environment);
  const keys = [
    own,
    ...pipeline.environments.map((each) => environmentKey(pipeline, each)).filter((key) => key !== own),
  ];
  const merged = observed.past
    .filter(({ key, outcome }) => key === own && outcome === "merged")
    .flatMap(({ release }) => release ?? []);
  return [...keys.flatMap((key) => ledger.environments[key]?.reached ?? []).map(({ release }) => release), ...merged];
}

function baseOf(name: string, observed: Observed): Answer<BranchState> {
  const branch = observed.branches[name];
  if (branch === undefined) return noAnswer(`there is no branch ${code(name)}`);
  return branch.kind === "known" ? answer(branch.value) : noAnswer(`branch ${code(name)} is not known: ${branch.why}`);
}

interface Memorised {
  readonly memories: Readonly<Record<EnvironmentKey, EnvironmentMemory>>;
  readonly news: readonly News[];
}

function memorise(declared: ReadonlyMap<string, Answer<Declared>>, context: PipelineContext): Memorised {
  const { observed, pipeline, ledger } = context;
  const facts = orderFacts({ observed, pipeline, ledger });
  const needed = releasesInUse(declared, context);
  const memories: Record<EnvironmentKey, EnvironmentMemory> = {};
  const news: News[] = [];
  for (const environment of pipeline.environments) {
    const key = environmentKey(pipeline, environment);
    const before = ledger.environments[key];
    if (before) memories[key] = before;
    const baseName = environment.branch ?? observed.repository.defaultBranch;
    const base = baseOf(baseName, observed);
    if (base.kind === "unknown") continue;
    const present = declared.get(environment.name);
    const memorised = remember({
      key,
      memory: before,
      declared: present?.kind === "known" ? present.value.release : undefined,
      base: base.value,
      baseName,
      needed,
      follows: environment.sameAs !== undefined,
      past: observed.past.filter((each) => each.key === key),
      open: observed.promotions.find((each) => each.key === key),
      compare: (a, b) => compareReleases(a, b, { pipeline, facts }),
    });
    if (memorised.memory !== NOTHING_REMEMBERED) memories[key] = memorised.memory;
    news.push(...memorised.reasons.map((reason) => ({ key, reason })));
  }
  return { memories, news };
}

/** What stands somewhere in the pipeline, or is proposed somewhere: the gates ask where it has been. */
function releasesInUse(
  declared: ReadonlyMap<string, Answer<Declared>>,
  { observed, pipeline }: PipelineContext,
): readonly Release[] {
  const standing = [...declared.values()].flatMap((each) => (each.kind === "known" ? (each.value.release ?? []) : []));
  const keys = pipeline.environments.map((each) => environmentKey(pipeline, each));
  const proposed = observed.promotions.flatMap(({ key, head }) => (keys.includes(key) ? (head.release ?? []) : []));
  return [...standing, ...proposed];
}
